package io.mora.tests.system.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.ShardSpec.TransportChoice;
import io.mora.protocol.admin.TargetSpec;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.GatedBackend;
import io.mora.tests.kit.Gates;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Setup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A target whose device stops where a test says so, and hosts that ask for all they may. */
abstract class GatedTarget {
  static final String NQN = Setup.NQN.value();
  static final int BLOCK = 4096;
  static final int BIG = Setup.MDTS_BYTES;

  /** Of a shard, for commands: what capsules do not have. */
  static final long COMMAND_BUFFERS_BYTES = 6 << 20;

  /** Commands that {@link #askForEverything} sends on a queue. */
  static final int COMMANDS = 50;

  private static final int CONNECTIONS = 512;

  @RegisterExtension final Evidence evidence = new Evidence();

  @SuppressWarnings("NullAway.Init") // by serve
  GatedBackend gate;

  @SuppressWarnings("NullAway.Init") // by serve
  TargetFixture target;

  @SuppressWarnings("NullAway.Init") // by serve
  InetSocketAddress address;

  void serve(int shards, Duration shutdown) {
    serve(shards, shutdown, LimitsSpec.OFF);
  }

  void serve(int shards, Duration shutdown, long hostMemoryBytes) {
    TargetSpec spec = new Setup(TransportChoice.AUTO, shards).spec();
    LimitsSpec l = spec.limits();
    LimitsSpec limits =
        new LimitsSpec(
                CONNECTIONS,
                l.ioQueuesPerController(),
                l.queueDepth(),
                l.handshakeTimeout(),
                shutdown,
                l.transfer())
            .withHostMemoryBytes(hostMemoryBytes);
    Gates gates = new Gates();
    target = evidence.closing(TargetFixture.start(spec.withLimits(limits), gates));
    gate = gates.get(0);
    address = target.target().listeners().get(0).address();
  }

  RawSession session() {
    return evidence.closing(RawSession.open(address, NQN));
  }

  static Frame read(int cid, int nsid, int bytes) {
    return Capsules.blocks(Capsules.transfer(0x02, cid, nsid, bytes), 0, bytes / BLOCK);
  }

  static Frame write(int cid, int nsid, int bytes) {
    return Capsules.blocks(Capsules.transfer(0x01, cid, nsid, bytes), 0, bytes / BLOCK);
  }

  static void assertOk(Outcome outcome) {
    assertThat(outcome.code()).as("%s", outcome).isZero();
  }

  /** Large reads, more than there are buffers for, on four queues. */
  List<RawHost> askForEverything(RawSession session) {
    List<RawHost> queues = new ArrayList<>();
    for (int qid = 1; qid <= 4; qid++) {
      RawHost queue = session.queue(qid);
      for (int cid = 0; cid < COMMANDS; cid++) {
        queue.send(read(cid, Setup.NSID_4K, BIG));
      }
      queues.add(queue);
    }
    return queues;
  }

  /** All of {@link #askForEverything}. */
  static void allAnswered(List<RawHost> queues) {
    Waiting.get(
        CompletableFuture.allOf(
            queues.stream()
                .map(
                    queue ->
                        CompletableFuture.runAsync(
                            () -> answered(queue, COMMANDS), GatedTarget::start))
                .toArray(CompletableFuture[]::new)));
  }

  static void answered(RawHost queue, int commands) {
    for (int cid = 0; cid < commands; cid++) {
      assertOk(queue.outcome(cid));
    }
  }

  static void start(Runnable body) {
    new Thread(body).start();
  }
}
