package io.mora.tests.system.conformance.intent;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static io.mora.tests.kit.wire.Capsules.CDW12;
import static io.mora.tests.kit.wire.Capsules.CDW13;
import static io.mora.tests.system.conformance.intent.IntentSession.read;
import static io.mora.tests.system.conformance.intent.IntentSession.wish;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawHost;
import org.junit.jupiter.api.Test;

/** 6.10: the events of type 7, told by log E0h. */
@Covers({"intent.event", "event"})
class IntentEventTest extends IntentConformance {
  private static final int SLO = 0xE2;
  private static final int BREACH = 0x00E0E007;
  private static final int DOWNGRADING = 0x00E0E107;
  private static final int GRANTS_CHANGED = 0x00E0E207;
  private static final int LOST = 0x00E0E307;
  private static final int RAE = 0x80;
  private static final int EVENT = 900;

  /** A microsecond by the 99th percentile, no miss, within a second. */
  private static void watch(RawHost admin, int latencyClass, boolean events) {
    Frame set = Capsules.setFeature(admin.cid(), SLO, latencyClass | (events ? 8 : 0));
    assertOk(admin.run(set.put(CDW12, 4, 1).put(CDW13, 4, 1 << 16)));
  }

  private static void readLog(RawHost admin, int rae) {
    assertOk(admin.run(Capsules.getLog(admin.cid(), 0xE0, 0, 256).put(CDW10 + 1, 1, rae)));
  }

  /** E0h, masked until the log is read with RAE 0. */
  @Test
  void aBreachOfAnObjective() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      RawHost admin = session.admin();
      RawHost host = session.queue(1);
      watch(admin, 6, true);
      admin.send(Capsules.asyncEvent(EVENT));
      assertOk(read(host, IntentSetup.PLAIN, 1, wish(6)));
      assertThat(admin.outcome(EVENT).dw0()).isEqualTo(BREACH);
      admin.send(Capsules.asyncEvent(EVENT + 1));
      assertOk(read(host, IntentSetup.PLAIN, 1, wish(6)));
      readLog(admin, RAE);
      readLog(admin, 0);
      assertOk(read(host, IntentSetup.PLAIN, 1, wish(6)));
      assertThat(admin.outcome(EVENT + 1).dw0()).as("after RAE 0").isEqualTo(BREACH);
      watch(admin, 6, false);
    }
  }

  /** E1h: commands begin to run in a lower class than they asked for. */
  @Test
  void downgrading() {
    try (IntentSession session = session(IntentSetup.COARSE).optIn(0)) {
      RawHost admin = session.admin();
      watch(admin, 2, true);
      admin.send(Capsules.asyncEvent(EVENT));
      assertOk(read(session.queue(1), IntentSetup.PLAIN, 0, wish(7)));
      assertThat(admin.outcome(EVENT).dw0()).isEqualTo(DOWNGRADING);
    }
  }

  /** E2h: what the host may ask for has changed. */
  @Test
  void changedGrants() {
    String nqn = "nqn.2026-11.io.mora:host-told-" + setup;
    try (IntentSession session = session(nqn).optIn(0)) {
      RawHost admin = session.admin();
      watch(admin, 2, true);
      admin.send(Capsules.asyncEvent(EVENT));
      assertThat(target().grant(new Nqn(nqn), GrantSpec.everything())).isTrue();
      assertThat(admin.outcome(EVENT).dw0()).isEqualTo(GRANTS_CHANGED);
    }
  }

  private static GrantSpec slots(int slots) {
    GrantSpec all = GrantSpec.everything();
    return new GrantSpec(
        all.baseClass(),
        all.maxClass(),
        all.step(),
        all.hotMetadata(),
        all.timing(),
        all.expire(),
        all.recur(),
        slots,
        all.minBudgetUs(),
        all.rate(),
        all.weight());
  }

  /** E3h: the grant has fewer slots now; what was registered in the others is gone at once. */
  @Test
  void lostRegistrations() {
    Nqn nqn = new Nqn("nqn.2026-11.io.mora:host-losing-" + setup);
    assertThat(target().grant(nqn, GrantSpec.everything())).isTrue();
    try (IntentSession session = session(nqn.value()).optIn(0)) {
      RawHost admin = session.admin();
      RawHost host = session.queue(1);
      assertOk(session.register(IntentSetup.PLAIN, 1, 0, 8, 0));
      assertOk(session.register(IntentSetup.PLAIN, 2, 8, 8, 0));
      watch(admin, 2, true);
      assertThat(target().grant(nqn, slots(2))).isTrue();
      assertThat(timed(host, IntentSetup.PLAIN, 0, wish(4) | 1).reason()).isZero();
      assertThat(target().grant(nqn, slots(0))).isTrue();
      assertThat(timed(host, IntentSetup.PLAIN, 0, wish(4) | 1).reason())
          .as("from the next command on")
          .isEqualTo(5);
      admin.send(Capsules.asyncEvent(EVENT));
      int first = admin.outcome(EVENT).dw0();
      admin.send(Capsules.asyncEvent(EVENT + 1));
      readLog(admin, 0);
      int second = admin.outcome(EVENT + 1).dw0();
      // Whichever was looked at first: neither takes the other's place.
      assertThat(new int[] {first, second}).containsExactlyInAnyOrder(LOST, GRANTS_CHANGED);
      assertThat(target().grant(nqn, GrantSpec.everything())).isTrue();
      assertThat(timed(host, IntentSetup.PLAIN, 0, wish(4) | 1).reason())
          .as("a slot that comes back is empty")
          .isEqualTo(5);
    }
  }

  /** Without "events on" none of this is told, and a request for events stays where it is. */
  @Test
  void onlyWhenEventsAreOn() {
    try (IntentSession session = session(IntentSetup.COARSE).optIn(0)) {
      RawHost admin = session.admin();
      watch(admin, 5, true);
      watch(admin, 5, false);
      admin.send(Capsules.asyncEvent(EVENT));
      assertOk(read(session.queue(1), IntentSetup.PLAIN, 1, wish(7)));
      Frame abort = Capsules.command(0x08, admin.cid(), 0).put(CDW10, 4, EVENT << 16);
      assertThat(admin.run(abort).dw0()).as("still waiting, and aborted").isZero();
      assertThat(admin.outcome(EVENT).code()).isEqualTo(0x007);
    }
  }
}
