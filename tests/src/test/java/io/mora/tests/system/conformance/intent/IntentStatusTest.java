package io.mora.tests.system.conformance.intent;

import static io.mora.tests.system.conformance.intent.IntentSession.EXPIRE;
import static io.mora.tests.system.conformance.intent.IntentSession.EXPIRING;
import static io.mora.tests.system.conformance.intent.IntentSession.HOTMETA;
import static io.mora.tests.system.conformance.intent.IntentSession.RECUR;
import static io.mora.tests.system.conformance.intent.IntentSession.RT;
import static io.mora.tests.system.conformance.intent.IntentSession.STEP;
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
import org.junit.jupiter.api.Test;

/** 6.10: the statuses of type 7, and that nobody meets them who did not ask. */
@Covers("intent.event")
class IntentStatusTest extends IntentConformance {
  private static final int BATCH = 24;

  /** E = 0, M = 1: a microsecond. */
  private static final int SHORTEST = 1;

  /** Attempts to have a read wait longer than a microsecond. */
  private static final int ATTEMPTS = 500;

  /** 7/01 + DNR: class not granted, in strict mode only. */
  @Test
  void aClassThatIsNotGranted() {
    try (IntentSession session = session(IntentSetup.COARSE).optIn(STRICT)) {
      RawHost host = session.queue(1);
      for (int wished = 0; wished < 8; wished++) {
        Outcome outcome = read(host, IntentSetup.PLAIN, 0, wish(wished) | RT);
        if (wished > 5) {
          assertRefused(outcome, 0x701, true);
          assertThat(outcome.result()).as("no timing").isZero();
        } else {
          assertOk(outcome);
        }
      }
      assertRefused(host.run(intent(Capsules.command(0, 1, 1), 0, wish(7))), 0x701, true);
      session.optIn(0);
      assertThat(timed(host, IntentSetup.PLAIN, 0, wish(7)).downgraded()).isTrue();
    }
  }

  /** 7/02 + DNR: VER above the enabled one, and EXPIRE on what is no read. */
  @Test
  void whatIsMalformed() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(STRICT)) {
      RawHost host = session.queue(1);
      for (int version = 2; version < 16; version++) {
        assertRefused(read(host, 1, 0, version << 28), 0x702, true);
      }
      assertOk(read(host, 1, -1, 0x0FFFFFFF));
      byte[] block = new byte[4096];
      Frame write = Capsules.blocks(Capsules.inCapsule(0x01, 1, 1, block), 0, 1);
      assertRefused(host.run(intent(write, 0, wish(3) | EXPIRE)), 0x702, true);
      Frame zeroes = Capsules.blocks(Capsules.command(0x08, 2, 1), 0, 1);
      assertRefused(host.run(intent(zeroes, 0, wish(3) | EXPIRE)), 0x702, true);
      assertOk(read(host, 1, 0, wish(3) | EXPIRE));
      session.optIn(0);
      assertOk(host.run(intent(write, 0, wish(3) | EXPIRE)));
      assertOk(read(host, 1, 0, 0xF0000000));
    }
  }

  /** A write refused by strict mode takes no data and leaves the blocks as they are. */
  @Test
  void aRefusedWriteWritesNothing() {
    try (IntentSession session = session(IntentSetup.STRANGER).optIn(STRICT)) {
      RawHost host = session.queue(1);
      byte[] block = new byte[4096];
      block[0] = 77;
      Frame inCapsule = Capsules.blocks(Capsules.inCapsule(0x01, 1, 1, block), 200, 1);
      assertRefused(host.run(intent(inCapsule, 0, wish(7))), 0x701, true);
      Frame asked = Capsules.blocks(Capsules.transfer(0x01, 2, 1, 4096), 200, 1);
      assertRefused(host.write(intent(asked, 0, wish(7)), block), 0x701, true);
      Frame back = Capsules.blocks(Capsules.transfer(0x02, 3, 1, 4096), 200, 1);
      assertThat(host.run(back).data()[0]).isZero();
    }
  }

  /** Flags that are not granted are cleared, never an error: strict mode is about the class. */
  @Test
  void flagsThatAreNotGrantedAreCleared() {
    try (IntentSession session = session(IntentSetup.STRANGER).optIn(STRICT | EXPIRING)) {
      RawHost host = session.queue(1);
      assertOk(read(host, 1, SHORTEST, wish(4) | STEP | HOTMETA | RT | RECUR | EXPIRE));
    }
  }

  /** 7/05 + DNR in strict mode, else REG is ignored and the reason told. */
  @Test
  void aRegistrationThatIsNotThere() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(STRICT)) {
      RawHost host = session.queue(1);
      assertRefused(read(host, 1, 0, wish(4) | 9), 0x705, true);
      session.optIn(0);
      assertThat(timed(host, 1, 0, wish(4) | 9).reason()).isEqualTo(5);
    }
  }

  /** 7/03: EXPIRE, a read, granted and opted in; nothing is transferred, and it may be retried. */
  @Test
  void whatExpires() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(EXPIRING | TIMING_ALL)) {
      RawHost host = session.queue(1);
      int expired = 0;
      for (int i = 0; i < ATTEMPTS && expired == 0; i++) {
        expired = expired(host, wish(3) | EXPIRE);
      }
      assertThat(expired).as("reads that expired").isPositive();
      byte[] errors = session.admin().run(Capsules.getLog(9, 0x01, 0, 64)).data();
      assertThat(errors).as("the error log is empty").containsOnly(0);
    }
  }

  /** Every other read runs to its end however late it is. */
  @Test
  void whatDoesNotExpire() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(EXPIRING)) {
      RawHost host = session.queue(1);
      assertThat(expired(host, wish(3))).as("EXPIRE not set").isZero();
      assertThat(expired(host, EXPIRE | 3 << 25)).as("VER 0").isZero();
      session.optIn(0);
      assertThat(expired(host, wish(3) | EXPIRE)).as("not opted in").isZero();
    }
    try (IntentSession session = session(IntentSetup.STRANGER).optIn(EXPIRING)) {
      assertThat(expired(session.queue(1), wish(3) | EXPIRE)).as("not granted").isZero();
    }
    try (IntentSession session = session(IntentSetup.TRUSTED)) {
      assertThat(expired(session.queue(1), VER1 | EXPIRE)).as("no opt-in").isZero();
    }
  }

  /** Sends reads of a microsecond's budget together; how many were dropped. */
  private static int expired(RawHost host, int cdw3) {
    Frame[] reads = new Frame[BATCH];
    for (int i = 0; i < BATCH; i++) {
      Frame read = Capsules.blocks(Capsules.transfer(0x02, 1 + i, 1, 4096), 0, 1);
      reads[i] = intent(read, SHORTEST, cdw3);
    }
    host.sendTogether(reads);
    int expired = 0;
    for (int i = 0; i < BATCH; i++) {
      Outcome outcome = host.outcome(1 + i);
      if (outcome.code() == 0) {
        assertThat(outcome.data()).hasSize(4096);
      } else {
        assertRefused(outcome, 0x703, false);
        assertThat(outcome.data()).isEmpty();
        assertThat(outcome.result()).as("no timing").isZero();
        expired++;
      }
    }
    return expired;
  }
}
