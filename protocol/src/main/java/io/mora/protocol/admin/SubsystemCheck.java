package io.mora.protocol.admin;

import io.mora.protocol.Nqn;
import io.mora.protocol.data.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The rules of subsystems and namespaces. */
final class SubsystemCheck {
  private final TargetSpec spec;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<UUID, String> uuids = new HashMap<>();
  private final Map<Bytes, String> nguids = new HashMap<>();
  private final Map<String, String> paths = new HashMap<>();

  SubsystemCheck(TargetSpec spec) {
    this.spec = spec;
  }

  List<Problem> problems() {
    Map<Nqn, String> nqns = new HashMap<>();
    for (int i = 0; i < spec.subsystems().size(); i++) {
      String key = "subsystems[" + i + "]";
      SubsystemSpec subsystem = spec.subsystems().get(i);
      String nqnProblem = Nqn.strictProblem(subsystem.nqn().value());
      if (nqnProblem != null) {
        add(key + ".nqn", subsystem.nqn(), "nqn.yyyy-mm.reverse.domain:name", nqnProblem);
      }
      if (subsystem.nqn().isDiscovery()) {
        String allowed = "any other NQN";
        add(key + ".nqn", subsystem.nqn(), allowed, "the discovery subsystem exists already");
      }
      once(nqns, subsystem.nqn(), key + ".nqn", "NQN");
      text(key + ".serial", subsystem.serial(), SubsystemSpec.SERIAL_MAX);
      text(key + ".model", subsystem.model(), SubsystemSpec.MODEL_MAX);
      hosts(key, subsystem);
      namespaces(key, subsystem);
    }
    return problems;
  }

  private void text(String key, String value, int max) {
    boolean printable = value.chars().allMatch(c -> c >= 0x20 && c < 0x7F);
    if (value.isBlank() || value.length() > max || !printable || !value.equals(value.strip())) {
      add(
          key,
          "'" + value + "'",
          "1 to " + max + " characters of printable ASCII, no space at either end",
          "not fit for Identify Controller");
    }
  }

  private void hosts(String key, SubsystemSpec subsystem) {
    Set<Nqn> seen = new HashSet<>();
    for (int i = 0; i < subsystem.allowedHosts().size(); i++) {
      Nqn host = subsystem.allowedHosts().get(i);
      String at = key + ".allowedHosts[" + i + "]";
      if (spec.hosts().stream().noneMatch(known -> known.nqn().equals(host))) {
        add(at, host, "a host declared under hosts", "no such host is declared");
      }
      if (!seen.add(host)) {
        add(at, host, "each host once", "host named twice");
      }
    }
  }

  private void namespaces(String key, SubsystemSpec subsystem) {
    Map<Integer, String> nsids = new HashMap<>();
    for (int i = 0; i < subsystem.namespaces().size(); i++) {
      NamespaceSpec namespace = subsystem.namespaces().get(i);
      String at = key + ".namespaces[" + i + "]";
      if (!NamespaceSpec.NSID.contains(namespace.nsid())) {
        String allowed = NamespaceSpec.NSID.min() + " to " + NamespaceSpec.NSID.max();
        add(at + ".nsid", Integer.toUnsignedString(namespace.nsid()), allowed, "out of range");
      }
      once(nsids, namespace.nsid(), at + ".nsid", "NSID");
      // An NGUID is mostly derived from the UUID: one mistake, one problem.
      if (once(uuids, namespace.uuid(), at + ".uuid", "UUID")) {
        once(nguids, namespace.nguid(), at + ".nguid", "NGUID");
      }
      if (namespace.nguid().length() != NamespaceSpec.NGUID_BYTES || namespace.nguid().isZero()) {
        add(at + ".nguid", namespace.nguid(), "32 hex digits, not all zero", "not an NGUID");
      }
      int block = namespace.blockSizeBytes();
      if (block != 512 && block != 4096) {
        add(at + ".blockSize", block, "512 or 4096", "not a block size");
      }
      backend(at + ".backend", namespace);
    }
  }

  private void backend(String key, NamespaceSpec namespace) {
    around(key, namespace.backend());
    BackendSpec backend = namespace.backend().storage();
    if (backend instanceof BackendSpec.Memory memory) {
      size(key, memory.sizeBytes(), namespace.blockSizeBytes());
    } else if (backend instanceof BackendSpec.Null nothing) {
      size(key, nothing.sizeBytes(), namespace.blockSizeBytes());
    } else if (backend instanceof BackendSpec.File file) {
      if (file.sizeBytes() != BackendSpec.SIZE_AS_FOUND) {
        size(key, file.sizeBytes(), namespace.blockSizeBytes());
      }
      preallocate(key, file.preallocate(), file.readOnly());
      path(key + ".path", file.path());
    } else if (backend instanceof BackendSpec.Stripe stripe) {
      problems.addAll(stripe.problems(key, namespace.blockSizeBytes()));
      if (stripe.sizeBytes() != BackendSpec.SIZE_AS_FOUND) {
        size(key, stripe.sizeBytes(), namespace.blockSizeBytes());
      }
      preallocate(key, stripe.preallocate(), stripe.readOnly());
      for (int i = 0; i < stripe.paths().size(); i++) {
        path(key + ".paths[" + i + "]", stripe.paths().get(i));
      }
    } else if (backend instanceof BackendSpec.Block device) {
      path(key + ".path", device.path());
    }
  }

  private void around(String key, BackendSpec backend) {
    if (backend instanceof BackendSpec.Delayed delayed) {
      problems.addAll(delayed.device().problems(key + ".delay"));
      around(key, delayed.inner());
    } else if (backend instanceof BackendSpec.Faulty faulty) {
      problems.addAll(faulty.faults().problems(key + ".faults"));
      around(key, faulty.inner());
    }
  }

  private void size(String key, long sizeBytes, int blockSizeBytes) {
    String value = Quantity.formatBytes(sizeBytes);
    if (!BackendSpec.SIZE_BYTES.contains(sizeBytes)) {
      String allowed =
          Quantity.formatBytes(BackendSpec.SIZE_BYTES.min())
              + " to "
              + Quantity.formatBytes(BackendSpec.SIZE_BYTES.max());
      add(key + ".size", value, allowed, "out of range");
    } else if (blockSizeBytes > 0 && sizeBytes % blockSizeBytes != 0) {
      String allowed = "a multiple of blockSize " + blockSizeBytes;
      add(key + ".size", value, allowed, "not a whole number of blocks");
    }
  }

  private void preallocate(String key, boolean preallocate, boolean readOnly) {
    if (preallocate && readOnly) {
      add(key + ".preallocate", true, "false with readOnly", "a read-only file is never made");
    }
  }

  private void path(String key, String path) {
    if (path.isEmpty() || path.indexOf('\0') >= 0) {
      add(key, path, "a path", "not a path");
      return;
    }
    once(paths, Path.of(path).normalize().toString(), key, "file or device");
  }

  private <T> boolean once(Map<T, String> seen, T value, String key, String what) {
    String before = seen.putIfAbsent(value, key);
    if (before != null) {
      add(key, value, "each " + what + " once", "already used by " + before);
    }
    return before == null;
  }

  private void add(String key, Object value, String allowed, String message) {
    problems.add(Problem.of(key, value, allowed, message));
  }
}
