package io.mora.tests.system.conformance.intent;

import static io.mora.tests.system.conformance.intent.IntentSession.RT;
import static io.mora.tests.system.conformance.intent.IntentSession.TIMING_ALL;
import static io.mora.tests.system.conformance.intent.IntentSession.intent;
import static io.mora.tests.system.conformance.intent.IntentSession.read;
import static io.mora.tests.system.conformance.intent.IntentSession.wish;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.Received;
import io.mora.tests.system.conformance.Setup;
import io.mora.tests.system.conformance.intent.IntentSession.Reply;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** 6.7: what DW0 and DW1 tell, when, and to whom. */
@Covers("intent.timing")
class TimingRowsTest extends IntentConformance {
  private static final int CATTR = Capsules.SQE + 46;
  private static final int NO_FLOW_CONTROL = 4;

  /** How long the host withholds its data, and a budget that is shorter. */
  private static final long WITHHELD_MS = 1_500;

  /** 1 400 000 us: E = 9, M = 2735. */
  private static final int BUDGET = 9 << 12 | 2735;

  private static final long UNITS_PER_MS = 10_000;

  @Test
  void thePartsAddUp() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      for (int i = 0; i < 100; i++) {
        Reply reply = timed(host, 1, 0xFFFF, wish(1 + i % 7));
        long parts = reply.queue() + reply.device();
        assertThat(parts)
            .as(reply.toString())
            .isLessThanOrEqualTo(reply.total() + reply.total() / 1024 + 2);
        assertThat(reply.missed()).isFalse();
        assertThat(reply.cacheHit()).isFalse();
        assertThat(reply.throttled()).isFalse();
        assertThat(reply.reason()).isZero();
      }
    }
  }

  /** 6.13: without the grant times are rounded up to 16 us, which is 160 units. */
  @Test
  void coarseWithoutTheGrant() {
    try (IntentSession session = session(IntentSetup.COARSE).optIn(0)) {
      RawHost host = session.queue(1);
      for (int i = 0; i < 100; i++) {
        Reply reply = timed(host, 1, 0, wish(5));
        assertThat(reply.total()).isPositive();
        for (long time : new long[] {reply.queue(), reply.device(), reply.total()}) {
          // Beyond 13 ms a minifloat is coarser than that.
          assertThat(time % 160 == 0 || time >= 4096L << 5).as(reply.toString()).isTrue();
        }
        assertThat(reply.cacheHit()).isFalse();
      }
    }
  }

  /** A media error is timed as a success is; what never came to the storage is not. */
  @Test
  void withSuccessAndMediaErrorOnly() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(TIMING_ALL)) {
      RawHost host = session.queue(1);
      byte[] other = new byte[4096];
      other[9] = 1;
      Frame compare = Capsules.blocks(Capsules.inCapsule(0x05, 1, 1, other), 100, 1);
      Outcome differs = host.run(intent(compare, 0, wish(6)));
      assertRefused(differs, 0x285, true);
      assertThat(Reply.of(differs).isTiming()).isTrue();
      assertThat(Reply.of(differs).effectiveClass()).isEqualTo(6);
      Frame range = Capsules.blocks(Capsules.transfer(0x02, 2, 1, 4096), IntentSetup.BLOCKS, 1);
      Outcome outside = host.run(intent(range, 0, wish(6)));
      assertRefused(outside, 0x080, true);
      assertThat(outside.result()).isZero();
    }
  }

  /** "Time spent waiting for H2CData is not counted": in the total, not against the budget. */
  @Test
  void theHostsOwnTimeIsNotHeldAgainstIt() throws InterruptedException {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      Frame write = Capsules.blocks(Capsules.transfer(0x01, 1, 1, 8192), 20, 2);
      host.send(intent(write, BUDGET, wish(2) | RT));
      Received r2t = host.receive(1);
      assertThat(r2t.type()).isEqualTo(Received.R2T);
      TimeUnit.MILLISECONDS.sleep(WITHHELD_MS);
      host.answer(r2t, new byte[8192], Setup.H2C_DATA_BYTES);
      Outcome outcome = host.outcome(1);
      assertOk(outcome);
      Reply reply = Reply.of(outcome);
      // The clock is read once a turn, so the wait may look a little shorter.
      assertThat(reply.total()).isGreaterThan((WITHHELD_MS - 100) * UNITS_PER_MS);
      assertThat(reply.missed()).as(reply.toString()).isFalse();
    }
  }

  /** A timed read ends with a CapsuleResp even where SUCCESS on data is allowed. */
  @Test
  void neverBySuccessOnData() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      String nqn = IntentSetup.NQN.value();
      byte[] data = Capsules.connectData(session.raw().cntlid(), nqn, IntentSetup.TRUSTED);
      Frame connect = Capsules.connect(1, data).put(CATTR, 1, NO_FLOW_CONTROL);
      RawHost host = session.raw().queue(connect, 0, 0);
      Frame plain = Capsules.blocks(Capsules.transfer(0x02, 1, 1, 4096), 0, 1);
      host.send(plain);
      assertThat(host.receive(1).isSuccess()).as("without timing").isTrue();
      Frame timed = Capsules.blocks(Capsules.transfer(0x02, 2, 1, 4096), 0, 1);
      host.send(intent(timed, 0, wish(4) | RT));
      Received last = host.receive(2);
      assertThat(last.isSuccess()).isFalse();
      assertThat(last.isLast()).isTrue();
      Received response = host.receive(2);
      assertThat(response.type()).isEqualTo(Received.CAPSULE_RESP);
      assertThat(new Reply(response.result()).isTiming()).isTrue();
    }
  }

  /** DW0 and DW1 of everything else stay as they were: admin commands know no intent. */
  @Test
  void adminCommandsAreNeverTimed() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(TIMING_ALL)) {
      RawHost admin = session.admin();
      Frame identify = intent(Capsules.identify(admin.cid(), 1, 0), -1, wish(7) | RT);
      assertThat(admin.run(identify).result()).isZero();
      Frame get = intent(Capsules.getFeature(admin.cid(), 0x0B), -1, wish(7) | RT);
      assertThat(Reply.of(admin.run(get)).isTiming()).isFalse();
      RawHost host = session.queue(1);
      assertThat(read(host, 1, 0, 0).result()).as("no intent").isZero();
    }
  }
}
