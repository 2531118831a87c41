package io.mora.protocol.admin.storage;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.Quantity;
import io.mora.protocol.admin.Range;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where hosts may make namespaces of a subsystem. A namespace whose storage is a file right in the
 * folder is of the pool, whoever made it; others no host can change.
 *
 * @param folder absolute once loaded; empty where there is no pool
 * @param sizeBytes of all namespaces of the pool together, at most
 * @param namespacesMax there may be this many of the pool before hosts make no more; an operator
 *     may name more, which are served
 * @param hosts who may make, delete, attach and detach them
 */
public record PoolSpec(String folder, long sizeBytes, int namespacesMax, List<Nqn> hosts) {
  /** All that a target has could be of one pool, and then nobody else could make any. */
  public static final Range NAMESPACES = new Range(1, 64, TargetSpec.NAMESPACES.max());

  public static final PoolSpec NONE = new PoolSpec("", 0, List.of());

  public PoolSpec {
    hosts = List.copyOf(hosts);
  }

  /** Of as many namespaces as where nothing is said. */
  public PoolSpec(String folder, long sizeBytes, List<Nqn> hosts) {
    this(folder, sizeBytes, (int) NAMESPACES.defaultValue(), hosts);
  }

  /** Whether there is one. */
  public boolean exists() {
    return !folder.isEmpty();
  }

  /** Whether a host may change what namespaces there are. */
  public boolean isManagedBy(Nqn host) {
    return hosts.contains(host);
  }

  /** Whether a namespace is of the pool. */
  public boolean holds(NamespaceSpec namespace) {
    return exists()
        && namespace.backend() instanceof BackendSpec.File file
        && file.sizeBytes() != BackendSpec.SIZE_AS_FOUND
        && Path.of(folder).equals(Path.of(file.path()).getParent());
  }

  /** Bytes that namespaces of the pool have. */
  public long usedBytes(List<NamespaceSpec> namespaces) {
    long used = 0;
    for (NamespaceSpec each : namespaces) {
      if (holds(each) && each.backend() instanceof BackendSpec.File file) {
        used += file.sizeBytes();
      }
    }
    return used;
  }

  /** Namespaces of the pool among these. */
  public long count(List<NamespaceSpec> namespaces) {
    return namespaces.stream().filter(this::holds).count();
  }

  /** What is wrong with the pools of a spec. */
  public static List<Problem> problems(TargetSpec spec) {
    List<Problem> problems = new ArrayList<>();
    Map<String, String> folders = new HashMap<>();
    for (int i = 0; i < spec.subsystems().size(); i++) {
      SubsystemSpec subsystem = spec.subsystems().get(i);
      PoolSpec pool = subsystem.policy().pool();
      if (!pool.equals(NONE)) {
        String key = "subsystems[" + i + "].pool";
        pool.check(key, spec, subsystem, problems);
        String before = folders.putIfAbsent(pool.folder, key);
        if (before != null) {
          problems.add(
              Problem.of(key + ".folder", pool.folder, "each folder once", "already of " + before));
        }
      }
    }
    return problems;
  }

  private void check(String key, TargetSpec spec, SubsystemSpec subsystem, List<Problem> problems) {
    if (folder.isEmpty() || folder.indexOf('\0') >= 0) {
      problems.add(Problem.of(key + ".folder", folder, "a folder", "not a path"));
    }
    if (!BackendSpec.SIZE_BYTES.contains(sizeBytes)) {
      String allowed =
          Quantity.formatBytes(BackendSpec.SIZE_BYTES.min())
              + " to "
              + Quantity.formatBytes(BackendSpec.SIZE_BYTES.max());
      String value = Quantity.formatBytes(sizeBytes);
      problems.add(Problem.of(key + ".size", value, allowed, "out of range"));
    }
    if (!NAMESPACES.contains(namespacesMax)) {
      String allowed = NAMESPACES.min() + " to " + NAMESPACES.max();
      problems.add(Problem.of(key + ".namespaces", namespacesMax, allowed, "out of range"));
    }
    Set<Nqn> seen = new HashSet<>();
    for (int i = 0; i < hosts.size(); i++) {
      Nqn host = hosts.get(i);
      String at = key + ".hosts[" + i + "]";
      if (spec.hosts().stream().noneMatch(known -> known.nqn().equals(host))) {
        String allowed = "a host declared under hosts";
        problems.add(Problem.of(at, host, allowed, "no such host is declared"));
      } else if (!subsystem.allows(host)) {
        String allowed = "a host that the subsystem allows";
        problems.add(Problem.of(at, host, allowed, "it cannot connect to the subsystem"));
      }
      if (!seen.add(host)) {
        problems.add(Problem.of(at, host, "each host once", "host named twice"));
      }
    }
  }
}
