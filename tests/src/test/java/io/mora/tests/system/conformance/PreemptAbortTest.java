package io.mora.tests.system.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.ShardSpec.TransportChoice;
import io.mora.target.backend.IoRequest;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.GatedBackend;
import io.mora.tests.kit.Gates;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Preempt and Abort is answered when nothing of the other host is at a device any more. */
@Covers("resv.preempt")
class PreemptAbortTest {
  private static final String NQN = Setup.NQN.value();
  private static final int QUEUES = 4;

  @RegisterExtension final Evidence evidence = new Evidence();

  private static byte[] identity(int cntlid) {
    return Capsules.connectData(cntlid, NQN, "nqn.2026-01.io.mora:preempted", 9);
  }

  @SuppressWarnings("NullAway.Init") // by serve
  private GatedBackend gate;

  @SuppressWarnings("NullAway.Init") // by serve
  private RawSession session;

  @SuppressWarnings("NullAway.Init") // by serve
  private RawSession other;

  @SuppressWarnings("NullAway.Init") // by serve
  private RawHost host;

  private final List<RawHost> victims = new ArrayList<>();
  private final byte[] data = Conformance.pattern(4096, 3);

  /** Two hosts; the other one holds the namespace and has a write at the device on each queue. */
  private void serve() {
    Gates gates = new Gates();
    TargetFixture target =
        evidence.closing(TargetFixture.start(new Setup(TransportChoice.AUTO, 2).spec(), gates));
    gate = gates.get(0);
    InetSocketAddress address = target.target().listeners().get(0).address();
    session = evidence.closing(RawSession.open(address, NQN));
    host = session.queue(1);
    other =
        evidence.closing(
            RawSession.connect(address, NQN, Capsules.connect(0, identity(0xFFFF)), 0));
    other.enable();
    for (int qid = 1; qid <= QUEUES; qid++) {
      victims.add(other.queue(Capsules.connect(qid, identity(other.cntlid())), 0, 0));
    }
    Conformance.assertOk(host.run(Capsules.reservation(0x0D, 1, 1, 0, 0, 1)));
    Conformance.assertOk(victims.get(0).run(Capsules.reservation(0x0D, 1, 1, 0, 0, 2)));
    Conformance.assertOk(victims.get(0).run(Capsules.reservation(0x11, 2, 1, 1 << 8, 2, 0)));
    gate.hold(IoRequest.WRITE);
    for (RawHost victim : victims) {
      victim.send(Conformance.writeInCapsule(20, 1, 7, 1, data));
    }
    Waiting.until("all at the device", () -> gate.held() == QUEUES);
  }

  private void assertNotAnswered() throws InterruptedException {
    Thread.sleep(50);
    assertThat(host.run(Conformance.read(30, 1, 0, 1, 4096)).code()).isZero();
    assertThat(host.unclaimed()).as("answers that came before the read's").isZero();
  }

  @Test
  void itWaitsForTheDeviceOnEveryShard() throws InterruptedException {
    serve();
    host.send(Capsules.reservation(0x11, 2, 1, 2 | 1 << 8, 1, 2));
    // The state is taken at once, the answer is not given, and Abort does not take it back.
    Waiting.until(
        "the victim may not write",
        () -> victims.get(0).run(Conformance.writeInCapsule(21, 1, 8, 1, data)).code() == 0x083);
    assertNotAnswered();
    Frame abort = Capsules.command(0x08, 5, 0).put(Capsules.CDW10, 4, 2 << 16 | 1);
    assertThat(session.admin().run(abort).dw0() & 1).as("not aborted").isEqualTo(1);
    assertNotAnswered();
    gate.release();
    Conformance.assertOk(host.outcome(2));
    for (RawHost victim : victims) {
      Conformance.assertRefused(victim.outcome(20), 0x01B, false);
    }
  }

  /** The case it is for: the other host is gone, its writes are not. */
  @Test
  void itWaitsForWhatADeadHostLeftBehind() throws InterruptedException {
    serve();
    victims.get(0).close();
    Thread.sleep(50);
    other.close();
    Thread.sleep(50);
    host.send(Capsules.reservation(0x11, 2, 1, 2 | 1 << 8, 1, 2));
    assertNotAnswered();
    gate.release();
    Conformance.assertOk(host.outcome(2));
    Conformance.assertOk(host.run(Conformance.writeInCapsule(3, 1, 7, 1, new byte[4096])));
    assertThat(host.run(Conformance.read(4, 1, 7, 1, 4096)).data()).containsOnly(0);
  }
}
