package io.mora.target;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.LatencyModeSpec;
import io.mora.protocol.admin.policy.SubsystemPolicy;
import io.mora.qos.mode.LatencyMode;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendOpener;
import io.mora.target.backend.BackendOptions;
import io.mora.target.backend.delay.DelayBackend;
import io.mora.target.shard.ShardGroup;
import io.mora.target.subsystem.HostAccess;
import io.mora.target.subsystem.Namespace;
import io.mora.target.subsystem.NamespaceTable;
import io.mora.target.subsystem.Subsystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns specs into subsystems with opened storage. Control threads only. */
final class ServedModel implements AutoCloseable {
  static final String FIRMWARE = "0.1.0";

  private final List<Subsystem> subsystems = new ArrayList<>();
  private final List<Namespace> namespaces = new ArrayList<>();

  private ServedModel() {}

  /**
   * Opens all storage of a spec.
   *
   * @throws IOException naming subsystem, namespace, field, value and what is allowed; nothing
   *     stays open then
   */
  static ServedModel open(TargetSpec spec, BackendOpener storage, ShardGroup shards)
      throws IOException {
    ServedModel model = new ServedModel();
    try {
      model.subsystems.add(discovery());
      for (SubsystemSpec subsystem : spec.subsystems()) {
        model.subsystems.add(model.open(subsystem, storage, shards));
      }
      return model;
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  List<Subsystem> subsystems() {
    return subsystems;
  }

  List<Namespace> namespaces() {
    return namespaces;
  }

  private static Subsystem discovery() {
    var identity =
        new Subsystem.Identity(
            SubsystemSpec.defaultSerial(Nqn.DISCOVERY), "Mora discovery", FIRMWARE);
    return new Subsystem(
        Nqn.DISCOVERY,
        identity,
        true,
        SubsystemPolicy.DEFAULT,
        new HostAccess(true, Set.of()),
        new NamespaceTable(List.of()));
  }

  private Subsystem open(SubsystemSpec spec, BackendOpener storage, ShardGroup shards)
      throws IOException {
    List<Namespace> opened = new ArrayList<>();
    for (NamespaceSpec namespace : spec.namespaces()) {
      Backend backend;
      try {
        backend = storage.open(options(namespace), shards.transport());
        if (namespace.backend() instanceof BackendSpec.Delayed delayed) {
          backend = DelayBackend.of(backend, delayed.device(), namespace.nsid());
        }
      } catch (IOException e) {
        throw new IOException(
            "subsystem " + spec.nqn() + ", namespace " + namespace.nsid() + ": " + e.getMessage(),
            e);
      }
      var identity = new Namespace.Identity(namespace.uuid(), namespace.nguid());
      Namespace served =
          new Namespace(
              namespace.nsid(),
              identity,
              namespace.policy(),
              backend,
              shards.size(),
              mode(namespace.policy().latencyMode().or(spec.policy().latencyMode())));
      opened.add(served);
      namespaces.add(served);
    }
    Set<String> hosts =
        spec.allowedHosts().stream().map(Nqn::value).collect(Collectors.toUnmodifiableSet());
    return new Subsystem(
        spec.nqn(),
        new Subsystem.Identity(spec.serial(), spec.model(), FIRMWARE),
        false,
        spec.policy(),
        new HostAccess(spec.allowAnyHost(), hosts),
        new NamespaceTable(opened));
  }

  private static LatencyMode mode(LatencyModeSpec spec) {
    return switch (spec) {
      case THROUGHPUT -> LatencyMode.THROUGHPUT;
      case BOUNDED -> LatencyMode.BOUNDED;
      case AUTO, INHERIT -> LatencyMode.AUTO;
    };
  }

  private static BackendOptions options(NamespaceSpec namespace) {
    int block = namespace.blockSizeBytes();
    BackendSpec backend = namespace.backend().storage();
    if (backend instanceof BackendSpec.Memory memory) {
      return BackendOptions.memory(memory.sizeBytes(), block);
    } else if (backend instanceof BackendSpec.Null nothing) {
      return BackendOptions.nothing(nothing.sizeBytes(), block);
    } else if (backend instanceof BackendSpec.File file) {
      return BackendOptions.file(file.path(), file.sizeBytes(), block)
          .with(directIo(file.direct()))
          .with(flags(file.preallocate(), file.readOnly()));
    } else if (backend instanceof BackendSpec.Block device) {
      return BackendOptions.block(device.path(), block)
          .with(directIo(device.direct()))
          .with(flags(false, device.readOnly()));
    }
    throw new IllegalStateException("backend kind " + backend.kind());
  }

  private static BackendOptions.DirectIo directIo(BackendSpec.DirectIo choice) {
    return switch (choice) {
      case AUTO -> BackendOptions.DirectIo.AUTO;
      case REQUIRED -> BackendOptions.DirectIo.ON;
      case NEVER -> BackendOptions.DirectIo.OFF;
    };
  }

  private static BackendOptions.Flag[] flags(boolean preallocate, boolean readOnly) {
    EnumSet<BackendOptions.Flag> flags = EnumSet.noneOf(BackendOptions.Flag.class);
    if (preallocate) {
      flags.add(BackendOptions.Flag.PREALLOCATE);
    }
    if (readOnly) {
      flags.add(BackendOptions.Flag.READ_ONLY);
    }
    return flags.toArray(new BackendOptions.Flag[0]);
  }

  @Override
  public void close() {
    namespaces.forEach(namespace -> namespace.backend().close());
  }
}
