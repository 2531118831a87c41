package io.mora.tests.system.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.protocol.net.TransportKind;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.load.RandomMix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random commands, 64 at a time, over every transport with every combination of digests, both block
 * sizes, one shard and two: 48 targets, one after the other.
 */
@Tag("loopback")
class RandomMixTest {
  private static final int DEPTH = 64;
  private static final int COMMANDS = 1500;
  private static final int REGION_BYTES = 4 << 20;

  @RegisterExtension final Evidence evidence = new Evidence();

  /** One way to run both ends. */
  record Way(
      TransportKind target,
      TransportKind host,
      boolean headerDigest,
      boolean dataDigest,
      int blockBytes,
      int shards) {
    @Override
    public String toString() {
      return (target == host ? target.configName() : target.configName() + "-" + host.configName())
          + (headerDigest ? "+hdgst" : "")
          + (dataDigest ? "+ddgst" : "")
          + " "
          + blockBytes
          + " x"
          + shards;
    }
  }

  static List<Way> ways() {
    List<Way> ways = new ArrayList<>();
    for (TransportKind kind : TransportKind.values()) {
      for (int digests = 0; digests < 4; digests++) {
        for (int blockBytes : new int[] {512, 4096}) {
          for (int shards = 1; shards <= 2; shards++) {
            ways.add(
                new Way(kind, kind, (digests & 1) != 0, (digests & 2) != 0, blockBytes, shards));
          }
        }
      }
    }
    ways.add(new Way(TransportKind.IO_URING, TransportKind.NIO, true, true, 4096, 2));
    ways.add(new Way(TransportKind.NIO, TransportKind.EPOLL, false, true, 512, 2));
    return ways;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ways")
  void agreesWithAModel(Way way) {
    requireAvailable(way.target());
    requireAvailable(way.host());
    TargetFixture target =
        evidence.closing(
            TargetFixture.start(
                Served.on(way.shards())
                    .with(way.target())
                    .withMemory(4L * REGION_BYTES, way.blockBytes())));
    evidence.offer("target.txt", target::state);
    InitiatorFixture host = evidence.closing(InitiatorFixture.start(way.host(), way.shards()));
    ConnectOptions options =
        InitiatorFixture.persistent(target.address())
            .queues(2)
            .headerDigest(way.headerDigest())
            .dataDigest(way.dataDigest())
            .controllerLossTimeoutMs(0)
            .build();
    Association association = host.connect(options);
    assertThat(association.queues()).isEqualTo(2);

    RandomMix mix =
        new RandomMix(
            association.namespace(1), 0, REGION_BYTES / way.blockBytes(), evidence.seed());
    mix.run(DEPTH, COMMANDS).verify();

    assertThat(mix.commands()).isGreaterThanOrEqualTo(COMMANDS);
    target.awaitNothingLent();
  }

  private static void requireAvailable(TransportKind kind) {
    assumeTrue(kind.available(), () -> kind.configName() + ": " + kind.unavailableReason());
  }
}
