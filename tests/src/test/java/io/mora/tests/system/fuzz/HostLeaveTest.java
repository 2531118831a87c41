package io.mora.tests.system.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.ShardSpec.TransportChoice;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.QosSpec;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Setup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A host whose writes wait for its own memory has no leave that others wait for. */
class HostLeaveTest {
  private static final String NQN = Setup.NQN.value();
  private static final int BIG = Setup.MDTS_BYTES;

  /** Half of a shard's buffers. */
  private static final long HOST_MEMORY_BYTES = 4 << 20;

  /** Longer than this test takes: nobody is let in for having waited long. */
  private static final Duration ADMISSION_WAIT = Duration.ofSeconds(20);

  @RegisterExtension final Evidence evidence = new Evidence();

  private static Frame write(int cid) {
    return Capsules.blocks(Capsules.transfer(0x01, cid, Setup.NSID_4K, BIG), 0, BIG / 4096);
  }

  private static Frame read(int cid) {
    return Capsules.blocks(Capsules.transfer(0x02, cid, Setup.NSID_4K, 4096), 0, 1);
  }

  private RawSession session(InetSocketAddress address, String host) {
    Frame admin = Capsules.connect(0, Capsules.connectData(0xFFFF, NQN, host));
    RawSession session = evidence.closing(RawSession.connect(address, NQN, admin, 0));
    session.enable();
    return session;
  }

  private static RawHost queue(RawSession session, int qid, String host) {
    byte[] data = Capsules.connectData(session.cntlid(), NQN, host);
    return session.queue(Capsules.connect(qid, data), 0, 0);
  }

  @Test
  @Covers("bound.host")
  void aHostThatWaitsForItsMemoryLeavesOthersTheirLeave() {
    TargetSpec spec = new Setup(TransportChoice.AUTO, 1).spec();
    QosSpec q = spec.qos();
    TargetFixture target =
        evidence.closing(
            TargetFixture.start(
                spec.withLimits(spec.limits().withHostMemoryBytes(HOST_MEMORY_BYTES))
                    .withQos(
                        new QosSpec(
                            q.policy(),
                            q.capacityIops(),
                            q.capacityMibPerSecond(),
                            q.promisedPercent(),
                            q.minimumPercent(),
                            ADMISSION_WAIT))));
    InetSocketAddress address = target.target().listeners().get(0).address();
    RawSession greedy = session(address, Capsules.HOSTNQN);
    List<RawHost> queues = new ArrayList<>();
    for (int qid = 1; qid <= 4; qid++) {
      RawHost queue = queue(greedy, qid, Capsules.HOSTNQN);
      for (int cid = 0; cid < 20; cid++) {
        queue.send(write(cid));
      }
      queue.send(read(20));
      queues.add(queue);
    }
    // The reads are not held up by the writes; what is asked for by then is all there is memory
    // for.
    queues.forEach(queue -> assertThat(queue.outcome(20).code()).isZero());
    Waiting.until("asked for two", () -> target.target().lentBytes() == 2 * BIG);
    String name = Capsules.HOSTNQN + "-other";
    RawHost other = queue(session(address, name), 1, name);
    other.send(write(1));
    for (int cid = 2; cid < 12; cid++) {
      assertThat(other.run(read(cid)).code()).isZero();
    }
    assertThat(other.unclaimed()).as("its R2T came before the last reads").isEqualTo(1);
    assertThat(target.target().lentBytes()).isEqualTo(3 * BIG);
    greedy.close();
    queues.forEach(RawHost::close);
    other.close();
    target.awaitNothingLent();
  }
}
