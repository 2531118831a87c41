package io.mora.tests.system.conformance.fused;

import static io.mora.tests.system.conformance.fused.Pairs.BLOCK;
import static io.mora.tests.system.conformance.fused.Pairs.COMPARE_FAILURE;
import static io.mora.tests.system.conformance.fused.Pairs.FAILED;
import static io.mora.tests.system.conformance.fused.Pairs.assertEnds;
import static io.mora.tests.system.conformance.fused.Pairs.block;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.status.Status;
import io.mora.target.backend.IoRequest;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.system.conformance.Conformance;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody changes a pair's block between its compare and the end of its write. */
@Covers("fused")
class FusedExclusionTest extends Gated {
  private static Frame range(int opcode, int cid, long slba, int blocks) {
    ByteBuffer data = ByteBuffer.allocate(opcode == Pairs.COPY ? 32 : 16);
    data.order(ByteOrder.LITTLE_ENDIAN).putLong(8, slba);
    if (opcode == Pairs.COPY) {
      data.putShort(16, (short) (blocks - 1));
    } else {
      data.putInt(4, blocks);
    }
    return Capsules.inCapsule(opcode, cid, 1, data.array());
  }

  /** All that change blocks; also those for which the pair's is only one of many. */
  private static Frame[] changes() {
    return new Frame[] {
      Conformance.writeInCapsule(20, 1, AT, 1, block(3)),
      Conformance.writeInCapsule(21, 1, AT - 2, 4, new byte[4 * BLOCK]),
      Capsules.blocks(Capsules.command(Pairs.WRITE_ZEROES, 22, 1), AT - 8, 16),
      range(Pairs.DSM, 23, AT, 1).put(Capsules.CDW11, 4, 4),
      range(Pairs.COPY, 24, 100, 3).put(Capsules.CDW10, 8, AT - 1)
    };
  }

  private int arrived() {
    return gate.arrived(IoRequest.WRITE)
        + gate.arrived(IoRequest.WRITE_ZEROES)
        + gate.arrived(IoRequest.DEALLOCATE);
  }

  @ParameterizedTest
  @ValueSource(ints = {IoRequest.READ, IoRequest.WRITE})
  void whoWouldChangeThePairsBlockWaits(int op) {
    pairAtDevice(op);
    int before = arrived();
    Frame[] changes = changes();
    int last = op == IoRequest.READ ? changes.length - 1 : changes.length; // Copy reads.
    for (int i = 0; i < last; i++) {
      other.send(changes[i]);
    }
    // Neither other blocks nor reads wait.
    Frame zeroes = Capsules.blocks(Capsules.command(Pairs.WRITE_ZEROES, 30, 1), AT + 1, 4);
    Conformance.assertOk(other.run(zeroes));
    if (op == IoRequest.WRITE) {
      assertThat(content()).as("not written yet").isEqualTo(block(1));
    }
    assertThat(arrived()).as("the zeroes only").isEqualTo(before + 1);
    assertThat(other.unclaimed()).as("answers").isZero();
    gate.release();
    assertEnds(host, 10, 0, 0);
    for (int i = 0; i < last; i++) {
      Conformance.assertOk(other.outcome(20 + i));
    }
    assertFree();
  }

  @Test
  void aPairWaitsForWhoChangesItsBlock() {
    pairWaitsForWrite();
    settle(host);
    assertThat(gate.arrived(IoRequest.READ)).as("reads but the five of the wait").isEqualTo(5);
    gate.release();
    Conformance.assertOk(other.outcome(20));
    assertEnds(host, 10, 0, 0);
    assertThat(content()).isEqualTo(block(2));
    // And sees what that left.
    gate.hold(IoRequest.WRITE);
    other.send(Conformance.writeInCapsule(21, 1, AT, 1, block(7)));
    Waiting.until("at the device", () -> gate.held() == 1);
    Pairs.send(host, 10, AT, block(2), block(3));
    settle(host);
    gate.release();
    Conformance.assertOk(other.outcome(21));
    assertEnds(host, 10, COMPARE_FAILURE, FAILED);
    assertThat(content()).isEqualTo(block(7));
    assertFree();
  }

  /** First come, first served: a write that waits goes before a pair that came later. */
  @Test
  void neitherKindKeepsTheOtherOut() {
    pairAtDevice(IoRequest.WRITE);
    other.send(Conformance.writeInCapsule(20, 1, AT, 1, block(5)));
    settle(other);
    var third = session.queue(2);
    third.sendTogether(Pairs.first(30, 1, AT, block(5)), Pairs.second(31, 1, AT, block(6)));
    settle(third);
    gate.release();
    assertEnds(host, 10, 0, 0);
    Conformance.assertOk(other.outcome(20));
    assertEnds(third, 30, 0, 0);
    assertThat(content()).isEqualTo(block(6));
    assertFree();
  }

  @Test
  void aHalfThatFailsAtTheDeviceFailsTheOther() {
    gate.fail(IoRequest.WRITE, Status.WRITE_FAULT);
    Pairs.send(host, 10, AT, block(1), block(2));
    assertEnds(host, 10, FAILED, 0x280);
    gate.fail(IoRequest.WRITE, Status.SUCCESS);
    gate.fail(IoRequest.READ, Status.UNRECOVERED_READ_ERROR);
    Pairs.send(host, 10, AT, block(1), block(2));
    assertEnds(host, 10, 0x281, FAILED);
    gate.fail(IoRequest.READ, Status.SUCCESS);
    assertThat(content()).isEqualTo(block(1));
    assertFree();
  }
}
