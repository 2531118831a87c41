package io.mora.tests.system.conformance.fused;

import static io.mora.tests.system.conformance.fused.Pairs.ABORT_REQUESTED;
import static io.mora.tests.system.conformance.fused.Pairs.BLOCK;
import static io.mora.tests.system.conformance.fused.Pairs.FAILED;
import static io.mora.tests.system.conformance.fused.Pairs.assertEnds;
import static io.mora.tests.system.conformance.fused.Pairs.block;
import static io.mora.tests.system.conformance.fused.Pairs.first;
import static io.mora.tests.system.conformance.fused.Pairs.firstByR2t;
import static io.mora.tests.system.conformance.fused.Pairs.second;
import static io.mora.tests.system.conformance.fused.Pairs.secondByR2t;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.backend.IoRequest;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import io.mora.tests.system.conformance.Conformance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pair that is aborted, preempted or left by its host, wherever it is, leaves nothing behind. */
@Covers("fused")
class FusedEndTest extends Gated {
  private static final int PREEMPTED = 0x01B;

  @Test
  void aFirstHalfAloneIsAborted() {
    host.send(first(10, 1, AT, block(1)));
    Waiting.until("it is there", () -> aborts(10));
    Conformance.assertRefused(host.outcome(10), ABORT_REQUESTED, false);
    Conformance.assertRefused(host.run(second(11, 1, AT, block(2))), FAILED, false);
    host.send(firstByR2t(10, 1, AT, BLOCK));
    Received r2t = host.receive(10);
    assertThat(aborts(10)).isTrue();
    host.send(second(11, 1, AT, block(2)));
    host.answer(r2t, block(1), BLOCK);
    assertEnds(host, 10, ABORT_REQUESTED, FAILED);
    assertThat(content()).isEqualTo(block(1));
    assertFree();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 11})
  void aHalfThatWaitsForDataIsAborted(int victim) {
    host.sendTogether(firstByR2t(10, 1, AT, BLOCK), secondByR2t(11, 1, AT, BLOCK));
    Received compare = host.receive(10);
    Received write = host.receive(11);
    assertThat(aborts(victim)).isTrue();
    host.answer(victim == 10 ? compare : write, block(1), BLOCK);
    Conformance.assertRefused(host.outcome(victim), ABORT_REQUESTED, false);
    host.answer(victim == 10 ? write : compare, block(1), BLOCK);
    Conformance.assertRefused(host.outcome(21 - victim), FAILED, false);
    assertThat(content()).isEqualTo(block(1));
    assertFree();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 11})
  void aPairThatWaitsForItsBlockIsAborted(int victim) {
    pairWaitsForWrite();
    settle(host);
    assertThat(aborts(victim)).isTrue();
    assertEnds(host, 10, victim == 10 ? 7 : 9, victim == 10 ? 9 : 7);
    gate.release();
    Conformance.assertOk(other.outcome(20));
    assertThat(content()).isEqualTo(block(1));
    assertFree();
  }

  @ParameterizedTest
  @ValueSource(ints = {IoRequest.READ, IoRequest.WRITE})
  void whatIsAtTheDeviceIsNotAborted(int op) {
    pairAtDevice(op);
    assertThat(aborts(10)).isFalse();
    assertThat(aborts(11)).isFalse();
    gate.release();
    assertEnds(host, 10, 0, 0);
    assertThat(content()).isEqualTo(block(2));
    assertFree();
  }

  @Test
  void whatWaitsForAPairsBlockIsAborted() {
    pairAtDevice(IoRequest.WRITE);
    for (int cid = 20; cid < 24; cid++) {
      other.send(Conformance.writeInCapsule(cid, 1, AT, 1, block(cid)));
    }
    settle(other);
    for (int cid : new int[] {22, 20, 23}) {
      assertThat(aborts(otherSession, 2, cid)).as("abort of %d", cid).isTrue();
      Conformance.assertRefused(other.outcome(cid), ABORT_REQUESTED, false);
    }
    gate.release();
    assertEnds(host, 10, 0, 0);
    Conformance.assertOk(other.outcome(21));
    assertThat(content()).isEqualTo(block(21));
    assertFree();
  }

  @Test
  void whatWaitsForAPairsBlockIsPreempted() {
    Conformance.assertOk(other.run(Capsules.reservation(0x0D, 1, 1, 0, 0, 1)));
    Conformance.assertOk(other.run(Capsules.reservation(0x11, 2, 1, 3 << 8, 1, 0)));
    Conformance.assertOk(host.run(Capsules.reservation(0x0D, 1, 1, 0, 0, 2)));
    pairAtDevice(IoRequest.WRITE);
    other.send(Conformance.writeInCapsule(20, 1, AT, 1, block(5)));
    settle(other);
    var second = session.queue(2);
    Conformance.assertOk(second.run(Capsules.reservation(0x11, 2, 1, 2 | 3 << 8, 2, 1)));
    Conformance.assertRefused(other.outcome(20), PREEMPTED, false);
    gate.release();
    assertEnds(host, 10, 0, 0);
    Conformance.assertOk(host.run(Capsules.reservation(0x15, 3, 1, 1, 2, 0)));
    assertThat(content()).isEqualTo(block(2));
    assertFree();
  }

  /** The host goes; what is at the device still has the block, and then it is anybody's. */
  @ParameterizedTest
  @ValueSource(ints = {IoRequest.READ, IoRequest.WRITE})
  void aHostGoesWhileItsPairIsAtTheDevice(int op) {
    pairAtDevice(op);
    int writes = gate.arrived(IoRequest.WRITE);
    other.send(Conformance.writeInCapsule(20, 1, AT, 1, block(5)));
    host.close();
    session.close();
    Waiting.until("its connections are gone", () -> fixture.target().connections() == 2);
    Conformance.assertOk(other.run(Capsules.command(0, 30, 1)));
    assertThat(gate.arrived(IoRequest.WRITE)).as("the other's waits").isEqualTo(writes);
    gate.release();
    Conformance.assertOk(other.outcome(20));
    assertThat(content()).isEqualTo(block(5));
    assertFree();
  }

  @Test
  void aHostGoesWhileItsPairsWaitForTheirBlock() {
    pairWaitsForWrite();
    for (int cid = 40; cid < 60; cid += 2) {
      Pairs.send(host, cid, AT, block(1), block(2));
    }
    settle(host);
    host.close();
    gate.release();
    Conformance.assertOk(other.outcome(20));
    assertFree();
  }

  @Test
  void aHostGoesWhileItsWritesWaitForAPairsBlock() {
    pairAtDevice(IoRequest.WRITE);
    try (RawSession lost =
        RawSession.open(fixture.target().listeners().get(0).address(), Conformance.NQN)) {
      var queue = lost.queue(2);
      queue.send(Conformance.writeInCapsule(20, 1, AT, 1, block(5)));
      queue.send(Conformance.writeInCapsule(21, 1, AT, 1, block(6)));
      settle(queue);
    }
    gate.release();
    assertEnds(host, 10, 0, 0);
    assertFree();
  }

  @Test
  void aControllerIsResetWithAPairAtTheDevice() {
    pairAtDevice(IoRequest.WRITE);
    session.set(RawSession.DISABLE);
    assertThat(host.isAtEnd()).isTrue();
    assertThat(session.status() & 1).as("not before its write is done").isEqualTo(1);
    gate.release();
    session.awaitStatus(1, 0);
    assertThat(content()).isEqualTo(block(2));
    assertFree();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, IoRequest.READ, IoRequest.WRITE})
  void aPreemptEndsAPair(int op) {
    Conformance.assertOk(other.run(Capsules.reservation(0x0D, 1, 1, 0, 0, 1)));
    Conformance.assertOk(host.run(Capsules.reservation(0x0D, 1, 1, 0, 0, 2)));
    Conformance.assertOk(host.run(Capsules.reservation(0x11, 2, 1, 1 << 8, 2, 0)));
    if (op == 0) {
      host.send(first(10, 1, AT, block(1)));
      settleAlone();
    } else {
      pairAtDevice(op);
    }
    other.send(Capsules.reservation(0x11, 2, 1, 2 | 1 << 8, 1, 2));
    if (op != 0) {
      Waiting.until(
          "preempted",
          () -> host.run(Conformance.writeInCapsule(60, 1, 0, 1, block(0))).code() == 0x083);
    }
    gate.release();
    Conformance.assertOk(other.outcome(2));
    Conformance.assertRefused(host.outcome(10), PREEMPTED, false);
    if (op == 0) {
      Conformance.assertRefused(host.run(second(11, 1, AT, block(2))), FAILED, false);
    } else {
      int code = host.outcome(11).code();
      assertThat(code).isIn(PREEMPTED, FAILED);
    }
    assertThat(content()).isEqualTo(block(op == IoRequest.WRITE ? 2 : 1));
    assertFree();
  }

  /** The first half is at its queue: a command on another queue of the shard would not tell. */
  private void settleAlone() {
    Waiting.until("no such command is left to abort", () -> !aborts(999));
  }
}
