package io.mora.tests.system.conformance.intent;

import static io.mora.tests.kit.wire.Capsules.CDW13;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.ShardSpec.TransportChoice;
import io.mora.target.MoraTarget;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.system.conformance.Setup;
import io.mora.tests.system.conformance.intent.IntentSession.Reply;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * 6.10, 6.11, 6.13: no combination of fields, hints, opcodes, queue, namespace and listener gets a
 * host beyond its grant, and none of them fails a command outside strict mode.
 */
@Covers("intent.command")
class GrantsPropertyTest {
  private static final Map<String, Integer> HIGHEST =
      Map.of(
          IntentSetup.STRANGER, 4,
          IntentSetup.TRUSTED, 7,
          IntentSetup.COARSE, 5,
          IntentSetup.FLOORED, 7,
          IntentSetup.RATED, 7,
          IntentSetup.BULK, 4,
          IntentSetup.URGENT, 7);
  private static final int[] OPCODES = {0x00, 0x01, 0x02, 0x05, 0x08, 0xC1, 0xC2, 0xC5};
  private static final int COMMANDS = 100;

  /** A total that cannot be told exactly by a multiple of 16 us is coarser still. */
  private static final long EXACT = 4096L << 5;

  @SuppressWarnings("NullAway.Init")
  private static MoraTarget target;

  @BeforeContainer
  static void start() throws IOException {
    target = MoraTarget.start(IntentSetup.spec(new Setup(TransportChoice.NIO, 1)));
  }

  @AfterContainer
  static void stop() {
    target.close();
  }

  @Property(tries = 60)
  void noHostGetsBeyondItsGrant(@ForAll long seed) {
    Random random = new Random(seed);
    String host = HIGHEST.keySet().stream().sorted().toList().get(random.nextInt(HIGHEST.size()));
    int listener = random.nextInt(2);
    int flags = IntentSession.CARRIER_B | IntentSession.TIMING_ALL;
    try (IntentSession session =
        IntentSession.open(target.listeners().get(listener).address(), host).optIn(flags)) {
      RawHost queue = session.queue(1 + random.nextInt(3));
      for (int i = 0; i < COMMANDS; i++) {
        Frame command = command(random, queue.cid());
        String what = host + " command " + i + " of seed " + seed;
        check(host, command, queue.run(command), what);
      }
    }
  }

  private static Frame command(Random random, int cid) {
    int opcode = OPCODES[random.nextInt(OPCODES.length)];
    int nsid = 1 + random.nextInt(4);
    Frame frame =
        switch (opcode) {
          case 0x01, 0xC1 -> Capsules.inCapsule(opcode, cid, nsid, new byte[4096]);
          case 0x05, 0xC5 -> Capsules.inCapsule(opcode, cid, nsid, new byte[4096]);
          case 0x02, 0xC2 -> Capsules.transfer(opcode, cid, nsid, 4096);
          default -> Capsules.command(opcode, cid, nsid);
        };
    Capsules.blocks(frame, random.nextInt(8), 1).put(CDW13, 1, random.nextInt(256));
    // Carrier B with another VER is an error of its own.
    int version = opcode >= 0xC0 || random.nextInt(8) > 0 ? 1 : random.nextInt(16);
    int cdw3 = version << 28 | random.nextInt() >>> 4;
    return IntentSession.intent(frame, random.nextInt(), cdw3);
  }

  private static void check(String host, Frame command, Outcome outcome, String what) {
    byte[] sqe = command.encode(false, false);
    int cdw3 = word(sqe, IntentSession.CDW3);
    int nsid = word(sqe, Capsules.SQE + 4);
    assertThat(outcome.code()).as(what + " " + outcome).isZero();
    Reply reply = Reply.of(outcome);
    assertThat(reply.isTiming()).as(what + " asks for timing").isEqualTo(cdw3 >>> 28 == 1);
    if (!reply.isTiming()) {
      assertThat(outcome.result()).as(what).isZero();
      return;
    }
    String said = what + ": " + reply;
    boolean excluded = nsid == IntentSetup.EXCLUDED || nsid == IntentSetup.EXCLUDED_BACKGROUND;
    int wished = excluded ? 0 : cdw3 >>> 25 & 7;
    int highest = HIGHEST.getOrDefault(host, 0);
    assertThat(reply.effectiveClass()).as(said).isBetween(1, highest);
    assertThat(reply.downgraded()).as(said).isEqualTo(wished > highest);
    if (wished != 0 && !reply.throttled()) {
      assertThat(reply.effectiveClass()).as(said).isEqualTo(Math.min(wished, highest));
    }
    if (reply.throttled()) {
      assertThat(host).as(said).isEqualTo(IntentSetup.RATED);
      assertThat(reply.effectiveClass()).as(said).isEqualTo(4);
    }
    int reason = reply.reason();
    assertThat(excluded).as(said).isEqualTo(reason == 6);
    if (!excluded) {
      assertThat(reason == 1).as(said).isEqualTo(reply.downgraded());
      assertThat(reason == 2).as(said).isEqualTo(reply.throttled());
    }
    times(host, reply, said);
  }

  private static void times(String host, Reply reply, String said) {
    boolean fine =
        host.equals(IntentSetup.TRUSTED)
            || host.equals(IntentSetup.FLOORED)
            || host.equals(IntentSetup.RATED);
    if (fine) {
      long parts = reply.queue() + reply.device();
      assertThat(parts).as(said).isLessThanOrEqualTo(reply.total() + reply.total() / 1024 + 2);
    } else {
      assertThat(reply.cacheHit()).as(said).isFalse();
      for (long time : new long[] {reply.queue(), reply.device(), reply.total()}) {
        assertThat(time % 160 == 0 || time >= EXACT).as("coarse: " + said).isTrue();
      }
    }
  }

  private static int word(byte[] pdu, int at) {
    return pdu[at] & 0xFF
        | (pdu[at + 1] & 0xFF) << 8
        | (pdu[at + 2] & 0xFF) << 16
        | (pdu[at + 3] & 0xFF) << 24;
  }
}
