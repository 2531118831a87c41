package io.mora.tests.system.conformance.intent;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static io.mora.tests.kit.wire.Capsules.CDW11;
import static io.mora.tests.kit.wire.Capsules.CDW12;
import static io.mora.tests.kit.wire.Capsules.CDW13;
import static io.mora.tests.kit.wire.Capsules.SQE;
import static io.mora.tests.system.conformance.intent.IntentSession.RT;
import static io.mora.tests.system.conformance.intent.IntentSession.intent;
import static io.mora.tests.system.conformance.intent.IntentSession.read;
import static io.mora.tests.system.conformance.intent.IntentSession.wish;
import static io.mora.tests.system.conformance.intent.IntentSetup.BULK;
import static io.mora.tests.system.conformance.intent.IntentSetup.BULK_NAMESPACE;
import static io.mora.tests.system.conformance.intent.IntentSetup.EXCLUDED;
import static io.mora.tests.system.conformance.intent.IntentSetup.EXCLUDED_BACKGROUND;
import static io.mora.tests.system.conformance.intent.IntentSetup.LISTENER_PLAIN;
import static io.mora.tests.system.conformance.intent.IntentSetup.LISTENER_PREFETCH;
import static io.mora.tests.system.conformance.intent.IntentSetup.PLAIN;
import static io.mora.tests.system.conformance.intent.IntentSetup.QID_BACKGROUND;
import static io.mora.tests.system.conformance.intent.IntentSetup.STRANGER;
import static io.mora.tests.system.conformance.intent.IntentSetup.TRUSTED;
import static io.mora.tests.system.conformance.intent.IntentSetup.URGENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.intent.LatencyClass;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.system.conformance.intent.IntentSession.Reply;
import org.junit.jupiter.api.Test;

/** 6.11: who decides a command's class, in which order, and what clamps it. */
@Covers("intent.command")
class BaseClassTest extends IntentConformance {
  private static final int DEFAULTS = 0xE1;

  /** Step 1: host before namespace before listener before QID range before 4. */
  @Test
  void theFirstThatSaysSomethingDecides() {
    assertBase(STRANGER, LISTENER_PLAIN, 1, PLAIN, 4);
    assertBase(STRANGER, LISTENER_PLAIN, QID_BACKGROUND, PLAIN, 1);
    assertBase(STRANGER, LISTENER_PREFETCH, QID_BACKGROUND, PLAIN, 3);
    assertBase(STRANGER, LISTENER_PREFETCH, QID_BACKGROUND, BULK_NAMESPACE, 2);
    assertBase(URGENT, LISTENER_PREFETCH, QID_BACKGROUND, BULK_NAMESPACE, 7);
    assertBase(BULK, LISTENER_PREFETCH, QID_BACKGROUND, PLAIN, 2);
  }

  private static void assertBase(String host, int listener, int qid, int nsid, int expected) {
    try (IntentSession session = IntentSession.open(address(listener), host).optIn(0)) {
      Reply reply = timed(session.queue(qid), nsid, 0, wish(0));
      String who = host + " listener " + listener + " qid " + qid + " nsid " + nsid;
      assertThat(reply.effectiveClass()).as(who).isEqualTo(expected);
      assertThat(reply.downgraded()).as(who).isFalse();
      assertThat(reply.reason()).as(who).isZero();
    }
  }

  /** Operator policy is itself a grant of that class; it lets nobody ask for more. */
  @Test
  void policyIsAGrantOfItsClass() {
    try (IntentSession session = session(URGENT).optIn(0)) {
      Reply reply = timed(session.queue(1), PLAIN, 0, wish(7));
      assertThat(reply.effectiveClass()).isEqualTo(7);
      assertThat(reply.downgraded()).isFalse();
    }
    try (IntentSession session = session(BULK).optIn(0)) {
      RawHost host = session.queue(1);
      assertThat(timed(host, PLAIN, 0, wish(4)).effectiveClass()).isEqualTo(4);
      assertThat(timed(host, PLAIN, 0, wish(5)).effectiveClass()).isEqualTo(4);
    }
  }

  /** CATTR of Connect with CC.AMS 0 means nothing: all Linux hosts say "urgent" by it. */
  @Test
  void thePriorityOfConnectIsIgnored() {
    for (int priority = 0; priority < 4; priority++) {
      try (IntentSession session = session(TRUSTED).optIn(0)) {
        byte[] data =
            Capsules.connectData(session.raw().cntlid(), IntentSetup.NQN.value(), TRUSTED);
        Frame connect = Capsules.connect(1, data).put(SQE + 46, 1, priority);
        RawHost host = session.raw().queue(connect, 0, 0);
        assertThat(timed(host, PLAIN, 0, wish(0)).effectiveClass()).isEqualTo(4);
      }
    }
  }

  /** Without valid intent the hints of the standard count; an excluded namespace shows it. */
  @Test
  void hintsAdjustWhatHasNoIntent() {
    try (IntentSession session = session(TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      assertHinted(host, EXCLUDED, 0x00, 4);
      assertHinted(host, EXCLUDED, 0x10, 2);
      assertHinted(host, EXCLUDED, 0x20, 4);
      assertHinted(host, EXCLUDED, 0x30, 5);
      assertHinted(host, EXCLUDED, 0x07, 4);
      assertHinted(host, EXCLUDED, 0x17, 2);
      assertHinted(host, EXCLUDED_BACKGROUND, 0x00, 1);
      assertHinted(host, EXCLUDED_BACKGROUND, 0x10, 1);
      for (int frequency = 0; frequency < 16; frequency++) {
        assertHinted(host, EXCLUDED, frequency, 4);
      }
      assertThat(hinted(host, PLAIN, 0x10).effectiveClass()).as("intent decides").isEqualTo(7);
    }
    try (IntentSession session = session(STRANGER).optIn(0)) {
      assertHinted(session.queue(1), EXCLUDED, 0x30, 4);
    }
  }

  private static void assertHinted(RawHost host, int nsid, int hints, int expected) {
    Reply reply = hinted(host, nsid, hints);
    assertThat(reply.effectiveClass()).as("hints %x: %s", hints, reply).isEqualTo(expected);
    assertThat(reply.reason()).as("namespace excluded").isEqualTo(6);
    assertThat(reply.downgraded()).isFalse();
  }

  private static Reply hinted(RawHost host, int nsid, int hints) {
    Frame read = Capsules.blocks(Capsules.transfer(0x02, host.cid(), nsid, 4096), 0, 1);
    Outcome outcome = host.run(intent(read, 0, wish(7) | RT).put(CDW13, 1, hints));
    assertOk(outcome);
    return Reply.of(outcome);
  }

  /** Step 3, and reason 1. */
  @Test
  void whatIsNotGrantedIsLowered() {
    for (String host : new String[] {STRANGER, IntentSetup.COARSE}) {
      int highest = host.equals(STRANGER) ? 4 : 5;
      try (IntentSession session = session(host).optIn(0)) {
        RawHost queue = session.queue(1);
        for (int wished = 1; wished < 8; wished++) {
          Reply reply = timed(queue, PLAIN, 0, wish(wished));
          assertThat(reply.effectiveClass()).isEqualTo(Math.min(wished, highest));
          assertThat(reply.downgraded()).isEqualTo(wished > highest);
          assertThat(reply.reason()).isEqualTo(wished > highest ? 1 : 0);
        }
      }
    }
  }

  /** Step 4: a budget below the floor is the floor, and reason 4. */
  @Test
  void budgetsBelowTheFloor() {
    int[] floors = {
      0, 0, 0, 0, 0, IntentSetup.FLOOR_5_US, IntentSetup.FLOOR_6_US, IntentSetup.FLOOR_7_US
    };
    try (IntentSession session = session(IntentSetup.FLOORED).optIn(0)) {
      RawHost host = session.queue(1);
      for (int wished = 1; wished < 8; wished++) {
        int floor = floors[wished];
        for (int us : new int[] {1, 499, 500, 999, 1_000, 1_999, 2_000, 4_095}) {
          int reason = timed(host, PLAIN, us, wish(wished)).reason();
          assertThat(reason).as("class %s, %s us", wished, us).isEqualTo(us < floor ? 4 : 0);
        }
      }
      assertThat(timed(host, PLAIN, 0, wish(7)).reason()).as("150 by default").isEqualTo(4);
      assertThat(timed(host, PLAIN, 1, wish(4)).reason()).isZero();
    }
  }

  /** Step 5: beyond burst and rate a host's latency classes are class 4; nothing else is. */
  @Test
  void beyondTheRate() {
    try (IntentSession session = session(IntentSetup.RATED).optIn(0)) {
      RawHost host = session.queue(1);
      long start = System.nanoTime();
      int granted = 0;
      int throttled = 0;
      for (int i = 0; i < 40; i++) {
        int wished = 5 + i % 3;
        Reply reply = timed(host, PLAIN, 0, wish(wished));
        if (reply.throttled()) {
          throttled++;
          assertThat(reply.effectiveClass()).isEqualTo(4);
          assertThat(reply.reason()).isEqualTo(2);
        } else {
          granted++;
          assertThat(reply.effectiveClass()).isEqualTo(wished);
        }
        assertThat(reply.downgraded()).as("a matter of grants").isFalse();
        assertThat(timed(host, PLAIN, 0, wish(3)).throttled()).isFalse();
      }
      long seconds = (System.nanoTime() - start) / 1_000_000_000L + 1;
      assertThat(granted).isLessThanOrEqualTo((int) (IntentSetup.RATED_BURST + seconds));
      assertThat(throttled).isPositive();
    }
  }

  /** E1: below the operator's word; queue, then namespace, then controller; never above a grant. */
  @Test
  void theHostsDefaults() {
    try (IntentSession session = session(IntentSetup.COARSE).optIn(0)) {
      RawHost one = session.queue(1);
      RawHost two = session.queue(2);
      assertOk(setDefault(session, 0, 0 | 5 << 8));
      assertThat(timed(two, PLAIN, 0, wish(0)).effectiveClass()).isEqualTo(5);
      assertOk(setDefault(session, PLAIN, 2 | 3 << 8));
      assertThat(timed(two, PLAIN, 0, wish(0)).effectiveClass()).isEqualTo(3);
      assertOk(setDefault(session, 0, 1 | 1 << 8 | 1 << 16));
      assertThat(timed(one, PLAIN, 0, wish(0)).effectiveClass()).isEqualTo(1);
      assertThat(timed(two, PLAIN, 0, wish(0)).effectiveClass()).isEqualTo(3);
      assertThat(timed(one, BULK_NAMESPACE, 0, wish(0)).effectiveClass()).isEqualTo(2);
      assertThat(timed(one, PLAIN, 0, wish(4)).effectiveClass()).as("asked for").isEqualTo(4);
      assertOk(setDefault(session, 0, 1 | 7 << 8 | 1 << 16));
      Reply clamped = timed(one, PLAIN, 0, wish(0));
      assertThat(clamped.effectiveClass()).isEqualTo(5);
      assertThat(clamped.downgraded()).isTrue();
    }
  }

  private static Outcome setDefault(IntentSession session, int nsid, int cdw11) {
    Frame set = Capsules.command(0x09, session.admin().cid(), nsid).put(CDW10, 4, DEFAULTS);
    return session.admin().run(set.put(CDW11, 4, cdw11).put(CDW12, 4, 0));
  }

  /** 6.13: a new grant counts from the next command on, and the generation says so. */
  @Test
  void revocationTakesEffectAtOnce() {
    Nqn nqn = new Nqn("nqn.2026-11.io.mora:host-changing-" + setup);
    assertThat(target().grant(nqn, GrantSpec.everything())).isTrue();
    try (IntentSession session = session(nqn.value()).optIn(0)) {
      RawHost host = session.queue(1);
      assertThat(timed(host, PLAIN, 0, wish(7)).effectiveClass()).isEqualTo(7);
      int before = session.inForce();
      GrantSpec less = GrantSpec.DEFAULT.withMaxClass(LatencyClass.BULK);
      assertThat(target().grant(nqn, less)).isTrue();
      Reply reply = timed(host, PLAIN, 0, wish(7));
      assertThat(reply.effectiveClass()).isEqualTo(2);
      assertThat(reply.downgraded()).isTrue();
      assertThat(session.inForce() >>> 16).isNotEqualTo(before >>> 16);
      assertThat(session.inForce() >>> 9 & 7).isEqualTo(2);
      assertOk(read(host, PLAIN, 0, 0));
    }
  }
}
