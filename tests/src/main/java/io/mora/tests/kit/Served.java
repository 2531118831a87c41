package io.mora.tests.kit;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.ShardSpec;
import io.mora.protocol.admin.ShardSpec.TransportChoice;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.net.TransportKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a test's target serves: one subsystem on a free port of 127.0.0.1. Immutable. */
public record Served(
    int shards, TransportKind transport, LimitsSpec limits, List<NamespaceSpec> namespaces) {
  public static final Nqn SUBSYSTEM = new Nqn("nqn.2026-11.io.mora:test");

  /** What a test may lend of each shard's memory: small, so that waiting for it is tested too. */
  private static final long BUFFER_BYTES = 32L << 20;

  public Served {
    namespaces = List.copyOf(namespaces);
  }

  /** No namespace yet; the machine's best transport. */
  public static Served on(int shards) {
    return new Served(shards, TransportKind.best(), LimitsSpec.DEFAULT, List.of());
  }

  public Served with(TransportKind kind) {
    return new Served(shards, kind, limits, namespaces);
  }

  public Served with(LimitsSpec newLimits) {
    return new Served(shards, transport, newLimits, namespaces);
  }

  /** How long a stop waits for commands in flight. */
  public Served withShutdownTimeout(Duration timeout) {
    LimitsSpec l = limits;
    return with(
        new LimitsSpec(
            l.connections(),
            l.ioQueuesPerController(),
            l.queueDepth(),
            l.handshakeTimeout(),
            timeout,
            l.transfer()));
  }

  /** One more namespace, numbered from 1 on. */
  public Served with(BackendSpec backend, int blockBytes) {
    List<NamespaceSpec> more = new ArrayList<>(namespaces);
    more.add(NamespaceSpec.of(SUBSYSTEM, more.size() + 1, blockBytes, backend));
    return new Served(shards, transport, limits, more);
  }

  public Served withMemory(long sizeBytes, int blockBytes) {
    return with(new BackendSpec.Memory(sizeBytes), blockBytes);
  }

  public Served withFile(Path path, long sizeBytes, int blockBytes) {
    return with(
        new BackendSpec.File(
            path.toAbsolutePath().toString(), sizeBytes, false, BackendSpec.DirectIo.AUTO, false),
        blockBytes);
  }

  /** The spec, listening on a port; 0 takes a free one. */
  public TargetSpec listening(int port) {
    TransportChoice choice =
        switch (transport) {
          case IO_URING -> TransportChoice.IO_URING;
          case EPOLL -> TransportChoice.EPOLL;
          case NIO -> TransportChoice.NIO;
        };
    ShardSpec loops = new ShardSpec(shards, choice, List.of(), false, BUFFER_BYTES);
    return TargetSpec.of(
            List.of(ListenerSpec.of("127.0.0.1", port)),
            List.of(SubsystemSpec.openToAll(SUBSYSTEM, namespaces)))
        .withShards(loops)
        .withLimits(limits);
  }
}
