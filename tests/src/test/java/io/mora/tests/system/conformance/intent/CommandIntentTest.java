package io.mora.tests.system.conformance.intent;

import static io.mora.tests.kit.wire.Capsules.CDW11;
import static io.mora.tests.system.conformance.intent.IntentSession.CARRIER_B;
import static io.mora.tests.system.conformance.intent.IntentSession.RT;
import static io.mora.tests.system.conformance.intent.IntentSession.STRICT;
import static io.mora.tests.system.conformance.intent.IntentSession.TIMING_ALL;
import static io.mora.tests.system.conformance.intent.IntentSession.VER1;
import static io.mora.tests.system.conformance.intent.IntentSession.intent;
import static io.mora.tests.system.conformance.intent.IntentSession.read;
import static io.mora.tests.system.conformance.intent.IntentSession.wish;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.system.conformance.intent.IntentSession.Reply;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** 6.6: the commands that carry intent, by both carriers, and what their fields do. */
@Covers("intent.command")
class CommandIntentTest extends IntentConformance {
  private static final byte[] BLOCK = filled(0x5A);

  private static byte[] filled(int value) {
    byte[] block = new byte[4096];
    Arrays.fill(block, (byte) value);
    return block;
  }

  private static byte[] range() {
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0)
        .putInt(1)
        .putLong(9)
        .array();
  }

  /** Write, Read, Compare, Write Zeroes, Dataset Management, Flush, in an order that succeeds. */
  private static List<Frame> commands(int carrier) {
    return List.of(
        Capsules.blocks(Capsules.inCapsule(carrier | 0x01, 1, 1, BLOCK), 9, 1),
        Capsules.blocks(Capsules.transfer(carrier | 0x02, 2, 1, 4096), 9, 1),
        Capsules.blocks(Capsules.inCapsule(carrier | 0x05, 3, 1, BLOCK), 9, 1));
  }

  private static List<Frame> more() {
    return List.of(
        Capsules.blocks(Capsules.command(0x08, 4, 1), 9, 1),
        Capsules.inCapsule(0x09, 5, 1, range()).put(CDW11, 4, 4),
        Capsules.command(0x00, 6, 1),
        Capsules.command(0x00, 7, -1));
  }

  private static void assertTimed(Outcome outcome, int latencyClass) {
    assertOk(outcome);
    Reply reply = Reply.of(outcome);
    assertThat(reply.isTiming()).as(reply.toString()).isTrue();
    assertThat(reply.effectiveClass()).as(reply.toString()).isEqualTo(latencyClass);
  }

  @Test
  void everyCommandCarriesIt() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      for (Frame command : commands(0)) {
        assertTimed(host.run(intent(command, 0, wish(6) | RT)), 6);
      }
      for (Frame command : more()) {
        assertTimed(host.run(intent(command, 0, wish(6) | RT)), 6);
      }
    }
  }

  /** Carrier B: other dwords exactly as those of 01h, 02h and 05h. */
  @Test
  void theVendorOpcodesDoWhatTheyStandFor() {
    try (IntentSession session = session(IntentSetup.TRUSTED)) {
      assertOk(session.control(CARRIER_B));
      RawHost host = session.queue(1);
      for (Frame command : commands(0xC0)) {
        assertTimed(host.run(intent(command, 0, wish(5) | RT)), 5);
      }
      assertThat(read(host, 1, 0, 0).code()).isZero();
      Frame back = Capsules.blocks(Capsules.transfer(0xC2, 8, 1, 4096), 9, 1);
      assertThat(host.run(intent(back, 0, VER1)).data()).isEqualTo(BLOCK);
      Frame differs = Capsules.blocks(Capsules.inCapsule(0xC5, 9, 1, filled(1)), 9, 1);
      assertRefused(host.run(intent(differs, 0, VER1)), 0x285, true);
      Frame byR2t = Capsules.blocks(Capsules.transfer(0xC1, 10, 1, 4096), 10, 1);
      assertTimed(host.write(intent(byR2t, 0, wish(2) | RT), filled(7)), 2);
      Frame range = Capsules.blocks(Capsules.transfer(0xC2, 11, 1, 4096), IntentSetup.BLOCKS, 1);
      assertRefused(host.run(intent(range, 0, VER1)), 0x080, true);
      // Carrier A was not asked for: the standard opcodes mean nothing by CDW3.
      assertThat(read(host, 1, 0, wish(7) | RT).result()).isZero();
    }
  }

  /** Carrier B: VER must be 1 else 0/02; without the opt-in 0/01; nothing else is an opcode. */
  @Test
  void theVendorOpcodesNeedVersionAndOptIn() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      for (Frame command : commands(0xC0)) {
        assertRefused(host.run(intent(command, 0, VER1)), 0x001, true);
      }
      session.optIn(CARRIER_B);
      for (int version : new int[] {0, 2, 3, 15}) {
        for (Frame command : commands(0xC0)) {
          assertRefused(host.run(intent(command, 0, version << 28)), 0x002, true);
        }
      }
      for (int opcode = 0xC0; opcode <= 0xFF; opcode++) {
        if (opcode != 0xC1 && opcode != 0xC2 && opcode != 0xC5 && opcode != 0xD0) {
          Frame command = Capsules.blocks(Capsules.command(opcode, 12, 1), 0, 1);
          assertRefused(host.run(intent(command, 0, VER1)), 0x001, true);
        }
      }
    }
  }

  /** CLASS 1 to 7 is the class; 0 is the base class. */
  @Test
  void theClassIsTheClass() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      for (int wished = 0; wished < 8; wished++) {
        Reply reply = timed(host, IntentSetup.PLAIN, 0, wish(wished));
        assertThat(reply.effectiveClass()).isEqualTo(wished == 0 ? 4 : wished);
        assertThat(reply.downgraded()).isFalse();
        assertThat(reply.reason()).isZero();
      }
    }
  }

  /** RT asks; E0's bit 5 asks for all; VER 0 and unknown VER are no intent at all. */
  @Test
  void timingComesWhenAsked() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      assertThat(read(host, 1, 0, wish(7)).result()).isZero();
      assertThat(Reply.of(read(host, 1, 0, wish(7) | RT)).isTiming()).isTrue();
      session.optIn(TIMING_ALL);
      assertThat(Reply.of(read(host, 1, 0, wish(7))).isTiming()).isTrue();
      for (int version : new int[] {0, 2, 7, 15}) {
        Outcome outcome = read(host, 1, -1, version << 28 | 0x0FFFFFFF);
        assertOk(outcome);
        assertThat(outcome.result()).as("VER %s", version).isZero();
      }
    }
  }

  /** Every other bit is taken as it comes: nothing of it fails a command or changes its class. */
  @Test
  void noFieldFailsACommand() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      for (int bit = 0; bit < 25; bit++) {
        assertThat(timed(host, 1, 0, wish(3) | 1 << bit).effectiveClass()).isEqualTo(3);
      }
      for (int bit = 0; bit < 32; bit++) {
        assertThat(timed(host, 1, 1 << bit, wish(3)).effectiveClass()).isEqualTo(3);
      }
      int examples = timed(host, 1, 0x00110190, 0x1D400300).effectiveClass();
      assertThat(examples).as("the example of 6.6").isEqualTo(6);
      assertThat(timed(host, 1, 0x000039C4, 0x161C0000).effectiveClass()).isEqualTo(3);
    }
  }

  /** BUDGET decides MISSED: M shl E microseconds, from receipt to reply. */
  @Test
  void theBudgetIsAMinifloatOfMicroseconds() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      for (int i = 0; i < 200; i++) {
        int budget = i < 100 ? 1 + i % 50 : (i % 16) << 12 | 1 + i;
        Reply reply = timed(host, 1, budget, wish(7));
        long allowed = Reply.minifloat(budget) * 10;
        // The total is told rounded up by less than a unit and 1/2048.
        if (reply.missed()) {
          assertThat(reply.total()).as(reply.toString()).isGreaterThan(allowed);
        } else {
          assertThat(reply.total())
              .as(reply.toString())
              .isLessThanOrEqualTo(allowed + allowed / 2048 + 1);
        }
      }
      assertThat(timed(host, 1, 0xFFFF, wish(7)).missed()).as("134 s").isFalse();
    }
  }

  /** A command that fails otherwise says why as ever, whatever its intent. */
  @Test
  void errorsAreThoseOfTheCommand() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(STRICT)) {
      RawHost host = session.queue(1);
      Frame range = Capsules.blocks(Capsules.transfer(0x02, 1, 1, 4096), IntentSetup.BLOCKS, 1);
      Outcome outcome = host.run(intent(range, 0, wish(7) | RT));
      assertRefused(outcome, 0x080, true);
      assertThat(outcome.result()).as("no timing with an error").isZero();
      assertRefused(read(host, 99, 0, wish(7) | RT), 0x00B, true);
      Frame unknown = Capsules.command(0x84, 2, 1);
      assertRefused(host.run(intent(unknown, 0, wish(7) | RT)), 0x001, true);
    }
  }
}
