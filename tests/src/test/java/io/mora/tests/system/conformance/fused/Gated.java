package io.mora.tests.system.conformance.fused;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.ShardSpec.TransportChoice;
import io.mora.target.backend.IoRequest;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.GatedBackend;
import io.mora.tests.kit.Gates;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Conformance;
import io.mora.tests.system.conformance.Setup;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two hosts on two shards, and storage that stops where a test says so. */
abstract class Gated {
  static final long AT = 40;
  static final String OTHER_NQN = "nqn.2026-01.io.mora:fused-other";

  @RegisterExtension final Evidence evidence = new Evidence();

  @SuppressWarnings("NullAway.Init") // by JUnit
  GatedBackend gate;

  @SuppressWarnings("NullAway.Init") // by JUnit
  TargetFixture fixture;

  /** The host of the pair, its queue; and another's, on the other shard. */
  @SuppressWarnings("NullAway.Init") // by JUnit
  RawSession session;

  @SuppressWarnings("NullAway.Init") // by JUnit
  RawHost host;

  @SuppressWarnings("NullAway.Init") // by JUnit
  RawSession otherSession;

  @SuppressWarnings("NullAway.Init") // by JUnit
  RawHost other;

  @BeforeEach
  void serve() {
    Gates gates = new Gates();
    fixture =
        evidence.closing(TargetFixture.start(new Setup(TransportChoice.AUTO, 2).spec(), gates));
    gate = gates.get(0);
    InetSocketAddress address = fixture.target().listeners().get(0).address();
    session = evidence.closing(RawSession.open(address, Setup.NQN.value()));
    host = session.queue(1);
    otherSession =
        evidence.closing(
            RawSession.connect(
                address, Setup.NQN.value(), Capsules.connect(0, identity(0xFFFF)), 0));
    otherSession.enable();
    other = otherSession.queue(Capsules.connect(2, identity(otherSession.cntlid())), 0, 0);
    Conformance.assertOk(host.run(Conformance.writeInCapsule(1, 1, AT, 1, Pairs.block(1))));
  }

  private static byte[] identity(int cntlid) {
    return Capsules.connectData(cntlid, Setup.NQN.value(), OTHER_NQN, 9);
  }

  /** Has the pair's compare, or its write, stop at the device. */
  void pairAtDevice(int op) {
    gate.hold(op);
    int before = gate.held();
    Pairs.send(host, 10, AT, Pairs.block(1), Pairs.block(2));
    Waiting.until("at the device", () -> gate.held() == before + 1);
  }

  /** Has a plain write of the other host stop at the device, and a pair wait for it. */
  void pairWaitsForWrite() {
    gate.hold(IoRequest.WRITE);
    other.send(Conformance.writeInCapsule(20, 1, AT, 1, Pairs.block(1)));
    Waiting.until("at the device", () -> gate.held() == 1);
    Pairs.send(host, 10, AT, Pairs.block(1), Pairs.block(2));
  }

  /** The pair is in line for its blocks: its queue has done all it can do. */
  void settle(RawHost queue) {
    for (int i = 0; i < 5; i++) {
      Conformance.assertOk(queue.run(Conformance.read(700 + i, 1, 0, 1, Pairs.BLOCK)));
    }
  }

  boolean aborts(int victim) {
    return aborts(session, 1, victim);
  }

  static boolean aborts(RawSession session, int sqid, int victim) {
    Frame abort =
        Capsules.command(0x08, session.admin().cid(), 0)
            .put(Capsules.CDW10, 4, victim << 16 | sqid);
    return (session.admin().run(abort).dw0() & 1) == 0;
  }

  byte[] content() {
    return other.run(Conformance.read(800, 1, AT, 1, Pairs.BLOCK)).data();
  }

  /** Nothing is left of a pair: not on its queue, not in the other's way. */
  void assertFree() {
    Pairs.assertFree(other, AT);
    assertThat(other.unclaimed()).isZero();
  }
}
