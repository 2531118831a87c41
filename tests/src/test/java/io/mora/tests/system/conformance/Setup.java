package io.mora.tests.system.conformance;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.ShardSpec;
import io.mora.protocol.admin.ShardSpec.TransportChoice;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.TransferSpec;
import io.mora.protocol.net.TransportKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What the conformance tests run against: each transport, one shard and two. */
public record Setup(TransportChoice transport, int shards) {
  public static final Nqn NQN = new Nqn("nqn.2026-01.io.mora:conformance");

  /** More at once than a test makes, of the one address they come from. */
  private static final int CONNECTIONS = 1024;

  public static final int IN_CAPSULE = 16 << 10;
  public static final int MDTS_BYTES = 256 << 10;
  public static final int H2C_DATA_BYTES = 64 << 10;

  /** NSIDs: 4096-byte blocks; 512-byte blocks; nothing behind it. */
  public static final int NSID_4K = 1;

  public static final int NSID_512 = 2;
  public static final int NSID_NULL = 7;

  /** A file of zeroes, 1 MiB, 4096-byte blocks. */
  public static final int NSID_READ_ONLY = 3;

  public static final int SIZE_BYTES = 8 << 20;

  public static Stream<Setup> all() {
    Stream<Setup> everywhere =
        Stream.of(new Setup(TransportChoice.NIO, 1), new Setup(TransportChoice.EPOLL, 2));
    return TransportKind.IO_URING.available()
        ? Stream.concat(everywhere, Stream.of(new Setup(TransportChoice.IO_URING, 2)))
        : everywhere;
  }

  /** Eight MiB of buffers a shard, small limits. */
  public TargetSpec spec() {
    LimitsSpec limits =
        new LimitsSpec(
            CONNECTIONS,
            4,
            128,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            new TransferSpec(IN_CAPSULE, MDTS_BYTES, H2C_DATA_BYTES));
    List<NamespaceSpec> namespaces =
        List.of(
            NamespaceSpec.of(NQN, NSID_4K, 4096, new BackendSpec.Memory(SIZE_BYTES)),
            NamespaceSpec.of(NQN, NSID_512, 512, new BackendSpec.Memory(SIZE_BYTES)),
            NamespaceSpec.of(NQN, NSID_NULL, 4096, new BackendSpec.Null(1L << 40)),
            NamespaceSpec.of(NQN, NSID_READ_ONLY, 4096, readOnlyFile()));
    return TargetSpec.of(
            List.of(ListenerSpec.of("127.0.0.1", 0)),
            List.of(SubsystemSpec.openToAll(NQN, namespaces)))
        .withShards(new ShardSpec(shards, transport, List.of(), false, 8L << 20))
        .withLimits(limits);
  }

  private static BackendSpec readOnlyFile() {
    try {
      Path file = Files.createTempFile("mora-read-only", ".img");
      file.toFile().deleteOnExit();
      Files.write(file, new byte[1 << 20]);
      return new BackendSpec.File(
          file.toString(), BackendSpec.SIZE_AS_FOUND, false, BackendSpec.DirectIo.NEVER, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return transport + " x" + shards;
  }
}
