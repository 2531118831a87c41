package io.mora.target;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.LatencyModeSpec;
import io.mora.protocol.admin.policy.SubsystemPolicy;
import io.mora.qos.mode.LatencyMode;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendOpener;
import io.mora.target.cache.HotTier;
import io.mora.target.shard.ShardGroup;
import io.mora.target.state.StateFolder;
import io.mora.target.subsystem.HostAccess;
import io.mora.target.subsystem.Namespace;
import io.mora.target.subsystem.NamespaceTable;
import io.mora.target.subsystem.Subsystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns specs into subsystems with opened storage, and keeps what is served. Control threads, one
 * at a time; any may read.
 */
final class ServedModel implements AutoCloseable {
  static final String FIRMWARE = "0.1.0";

  private final BackendOpener storage;
  private final ShardGroup shards;
  private final HotTier tier;
  private final @Nullable StateFolder state;

  /** Discovery first. */
  private volatile List<Subsystem> subsystems = List.of(discovery());

  /** Left their subsystem while their device did not answer. */
  private final List<Namespace> lingering = new CopyOnWriteArrayList<>();

  /**
   * @param state where reservations are kept; null to keep none
   */
  ServedModel(BackendOpener storage, ShardGroup shards, HotTier tier, @Nullable StateFolder state) {
    this.storage = storage;
    this.state = state;
    this.shards = shards;
    this.tier = tier;
  }

  /**
   * Opens all storage of a spec.
   *
   * @throws IOException naming subsystem, namespace, field, value and what is allowed; nothing
   *     stays open then
   */
  void open(TargetSpec spec) throws IOException {
    List<Subsystem> opened = new ArrayList<>(subsystems);
    List<Namespace> namespaces = new ArrayList<>();
    try {
      for (SubsystemSpec subsystem : spec.subsystems()) {
        List<Namespace> own = new ArrayList<>();
        for (NamespaceSpec namespace : subsystem.namespaces()) {
          Namespace added = open(subsystem, namespace);
          own.add(added);
          namespaces.add(added);
        }
        opened.add(subsystem(subsystem, own));
      }
    } catch (IOException | RuntimeException e) {
      namespaces.forEach(namespace -> namespace.backend().close());
      throw e;
    }
    subsystems = List.copyOf(opened);
  }

  List<Subsystem> subsystems() {
    return subsystems;
  }

  /** Replaces what is served; discovery stays. */
  void subsystems(List<Subsystem> replacement) {
    subsystems = List.copyOf(replacement);
  }

  /** All whose storage is open. */
  List<Namespace> namespaces() {
    List<Namespace> all = new ArrayList<>(lingering);
    for (Subsystem subsystem : subsystems) {
      NamespaceTable table = subsystem.namespaces();
      for (int i = 0; i < table.size(); i++) {
        all.add(table.at(i));
      }
    }
    return all;
  }

  /** A namespace left its subsystem, and its device has something of it still. */
  void lingers(Namespace namespace) {
    lingering.add(namespace);
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

  /**
   * Opens the storage of a namespace, which no shard knows yet.
   *
   * @throws IOException naming subsystem, namespace and what is wrong
   */
  Namespace open(SubsystemSpec subsystem, NamespaceSpec spec) throws IOException {
    Backend backend;
    try {
      backend = NamespaceStorage.open(spec, storage, shards.transport());
    } catch (IOException e) {
      throw new IOException(
          "subsystem " + subsystem.nqn() + ", namespace " + spec.nsid() + ": " + e.getMessage(), e);
    }
    var identity = new Namespace.Identity(spec.uuid(), spec.nguid());
    Namespace opened =
        new Namespace(
                spec.nsid(), identity, spec.policy(), backend, shards.size(), mode(subsystem, spec))
            .behind(tier);
    // Where blocks end with the process there is nothing a reservation could guard afterwards.
    return state != null && spec.backend().isDurable()
        ? opened.reservedBy(state.reservation(spec.uuid()))
        : opened;
  }

  /** Namespaces are served from now on; what is kept of their reservations is theirs. */
  void serve(List<Namespace> namespaces) {
    if (state == null || namespaces.isEmpty()) {
      return;
    }
    for (Namespace namespace : namespaces) {
      if (namespace.reservation().mayPersist()) {
        state.serve(namespace.identity().uuid(), namespace.reservation());
      }
    }
    // Those that leave in this change are served still: their reservations stay until it is kept.
    state.trim();
  }

  /** A namespace is served no more. */
  void leave(Namespace namespace) {
    if (state != null) {
      state.leave(namespace.identity().uuid(), namespace.reservation());
    }
  }

  /**
   * A namespace was deleted, and that is durable: nothing that was kept of it is found any more.
   *
   * @throws IOException if it may be
   */
  void forget(UUID namespace) throws IOException {
    if (state != null) {
      state.forget(namespace);
    }
  }

  /** A subsystem of namespaces that are open. */
  static Subsystem subsystem(SubsystemSpec spec, List<Namespace> namespaces) {
    return new Subsystem(
        spec.nqn(),
        new Subsystem.Identity(spec.serial(), spec.model(), FIRMWARE),
        false,
        spec.policy(),
        access(spec),
        new NamespaceTable(namespaces));
  }

  static HostAccess access(SubsystemSpec spec) {
    Set<String> hosts =
        spec.allowedHosts().stream().map(Nqn::value).collect(Collectors.toUnmodifiableSet());
    return new HostAccess(spec.allowAnyHost(), hosts);
  }

  static LatencyMode mode(SubsystemSpec subsystem, NamespaceSpec namespace) {
    return mode(namespace.policy().latencyMode().or(subsystem.policy().latencyMode()));
  }

  private static LatencyMode mode(LatencyModeSpec spec) {
    return switch (spec) {
      case THROUGHPUT -> LatencyMode.THROUGHPUT;
      case BOUNDED -> LatencyMode.BOUNDED;
      case AUTO, INHERIT -> LatencyMode.AUTO;
    };
  }

  /** No reservation changes any more that would have to be kept. */
  void stopKeeping() {
    if (state != null) {
      state.close();
    }
  }

  @Override
  public void close() {
    namespaces().forEach(namespace -> namespace.backend().close());
    stopKeeping();
  }
}
