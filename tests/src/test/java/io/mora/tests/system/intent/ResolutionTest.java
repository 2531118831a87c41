package io.mora.tests.system.intent;

import static io.mora.tests.system.intent.IntentRig.LIMITED;
import static io.mora.tests.system.intent.IntentRig.STRANGER;
import static io.mora.tests.system.intent.IntentRig.TRUSTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.IntentSpec.Readahead;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.GrantSpec.TimingGrant;
import io.mora.protocol.intent.ClassRecord;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.intent.LatencyClass;
import io.mora.protocol.intent.Timing;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Setup;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sections 6.6, 6.7, 6.10 and 6.11: what a command becomes, and what the reply tells of it. */
class ResolutionTest {
  private static final int RT = IntentCodec.RT;

  @SuppressWarnings("NullAway.Init") // by JUnit
  private IntentRig rig;

  @BeforeEach
  void start() {
    rig =
        IntentRig.start(
            IntentRig.spec()
                .withListeners(
                    List.of(
                        ListenerSpec.of("127.0.0.1", 0),
                        ListenerSpec.of("127.0.0.1", 0)
                            .withLatencyClass(LatencyClass.LOW_LATENCY))));
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private static long run(RawHost host, int cdw2, int cdw3) {
    Outcome outcome = host.run(IntentRig.read(host, cdw2, cdw3));
    assertThat(outcome.code()).as(outcome.toString()).isZero();
    assertThat(Timing.isPresent(outcome.result())).as(outcome.toString()).isTrue();
    return outcome.result();
  }

  @Test
  void whatIsGrantedIsTheClass() {
    RawHost host = IntentRig.queue(rig.optedIn(TRUSTED, 0), TRUSTED, 1);
    for (int latencyClass = 1; latencyClass < 8; latencyClass++) {
      long result = run(host, 0, IntentCodec.cdw3(latencyClass, RT, 0, 0));
      assertThat(Timing.effectiveClass(result)).isEqualTo(latencyClass);
      assertThat(Timing.reason(result)).isZero();
      assertThat(Timing.flags(result) & (Timing.DOWNGRADED | Timing.THROTTLED)).isZero();
    }
    assertThat(Timing.effectiveClass(run(host, 0, IntentCodec.cdw3(0, RT, 0, 0)))).isEqualTo(4);
  }

  @Test
  void whatIsNotGrantedIsClampedAndSaid() {
    RawHost host = IntentRig.queue(rig.optedIn(STRANGER, 0), STRANGER, 1);
    long result = run(host, 0, IntentCodec.cdw3(7, RT, 0, 0));
    assertThat(Timing.effectiveClass(result)).isEqualTo(4);
    assertThat(Timing.reason(result)).isEqualTo(Timing.NOT_GRANTED);
    assertThat(Timing.flags(result) & Timing.DOWNGRADED).isNotZero();
    assertThat(Timing.totalNs(result) % Timing.COARSE_NS).isZero();
  }

  @Test
  void aBudgetBelowTheFloorIsTheFloor() {
    RawHost host = IntentRig.queue(rig.optedIn(LIMITED, 0), LIMITED, 1);
    long result = run(host, IntentCodec.cdw2(0, 1), IntentCodec.cdw3(5, RT, 0, 0));
    assertThat(Timing.effectiveClass(result)).isEqualTo(5);
    assertThat(Timing.reason(result)).isEqualTo(Timing.BUDGET_BELOW_FLOOR);
  }

  @Test
  void beyondItsRateAHostIsOrdinary() {
    RawSession session = rig.optedIn(LIMITED, 0);
    RawHost host = IntentRig.queue(session, LIMITED, 1);
    int throttled = 0;
    for (int i = 0; i < 20; i++) {
      long result = run(host, 0, IntentCodec.cdw3(5, RT, 0, 0));
      if ((Timing.flags(result) & Timing.THROTTLED) != 0) {
        throttled++;
        assertThat(Timing.effectiveClass(result)).isEqualTo(4);
        assertThat(Timing.reason(result)).isEqualTo(Timing.OVER_RATE);
      }
    }
    assertThat(throttled).isPositive();
    assertThat(IntentRig.record(session, 4, 0).value(ClassRecord.Field.THROTTLED))
        .isEqualTo(throttled);
  }

  @Test
  void aMissedBudgetIsSaid() {
    RawHost host = IntentRig.queue(rig.optedIn(TRUSTED, 0), TRUSTED, 1);
    boolean missed = false;
    for (int i = 0; i < 200 && !missed; i++) {
      long result = run(host, IntentCodec.cdw2(0, 1), IntentCodec.cdw3(1, RT, 0, 0));
      missed = (Timing.flags(result) & Timing.MISSED) != 0;
      assertThat(missed).isEqualTo(Timing.totalNs(result) > 1_000);
    }
    assertThat(missed).as("one of 200 reads took more than 1 us").isTrue();
  }

  @Test
  void withoutRtNothingIsTold() {
    RawHost host = IntentRig.queue(rig.optedIn(TRUSTED, 0), TRUSTED, 1);
    Outcome plain = host.run(IntentRig.read(host, 0, IntentCodec.cdw3(6, 0, 0, 0)));
    assertThat(plain.result()).isZero();
    RawHost all = IntentRig.queue(rig.optedIn(TRUSTED, IntentFeature.TIMING_ALL), TRUSTED, 1);
    assertThat(Timing.effectiveClass(run(all, 0, IntentCodec.cdw3(6, 0, 0, 0)))).isEqualTo(6);
    assertThat(all.run(IntentRig.read(all, 0, 0)).result()).as("no intent").isZero();
  }

  @Test
  void strictModeRefusesWhatIsClampedOtherwise() {
    RawHost host = IntentRig.queue(rig.optedIn(STRANGER, IntentFeature.STRICT), STRANGER, 1);
    refused(host.run(IntentRig.read(host, 0, IntentCodec.cdw3(7, 0, 0, 0))), 0x701);
    refused(host.run(IntentRig.read(host, 0, 0x2000_0000)), 0x702);
    refused(host.run(IntentRig.read(host, 0, IntentCodec.withRegistration(0x1000_0000, 9))), 0x705);
    assertThat(host.run(IntentRig.read(host, 0, IntentCodec.cdw3(4, 0, 0, 0))).code()).isZero();
    assertThat(host.run(IntentRig.read(host, 0, 0)).code()).isZero();
    RawHost lax = IntentRig.queue(rig.optedIn(STRANGER, 0), STRANGER, 1);
    assertThat(lax.run(IntentRig.read(lax, 0, 0x2000_0000)).code()).isZero();
    long result = run(lax, 0, IntentCodec.withRegistration(IntentCodec.cdw3(4, RT, 0, 0), 9));
    assertThat(Timing.reason(result)).isEqualTo(Timing.UNKNOWN_REGISTRATION);
  }

  private static void refused(Outcome outcome, int code) {
    assertThat(outcome.code()).as(outcome.toString()).isEqualTo(code);
    assertThat(outcome.doNotRetry()).isTrue();
  }

  @Test
  void carrierBNeedsOptInAndVersion() {
    RawSession session = rig.optedIn(TRUSTED, 0);
    RawHost host = IntentRig.queue(session, TRUSTED, 1);
    int cdw3 = IntentCodec.cdw3(6, RT, 0, 0);
    refused(host.run(IntentRig.intent(carrierB(host), 0, cdw3)), 0x001);
    assertThat(IntentRig.control(session, IntentFeature.CARRIER_B).code()).isZero();
    refused(host.run(IntentRig.intent(carrierB(host), 0, 0)), 0x002);
    refused(host.run(Capsules.command(0xC3, host.cid(), Setup.NSID_4K)), 0x001);
    Outcome read = host.run(IntentRig.intent(carrierB(host), 0, cdw3));
    assertThat(read.data()).hasSize(4096);
    assertThat(Timing.effectiveClass(read.result())).isEqualTo(6);
    Outcome carrierA = host.run(IntentRig.read(host, 0, cdw3));
    assertThat(carrierA.result()).as("carrier A is off").isZero();
  }

  private static Frame carrierB(RawHost host) {
    return Capsules.blocks(
        Capsules.transfer(IntentFeature.LI_READ, host.cid(), Setup.NSID_4K, 4096), 0, 1);
  }

  @Test
  void defaultsOfTheHostAndPolicyOfTheOperator() {
    RawSession session = rig.optedIn(TRUSTED, 0);
    RawHost host = IntentRig.queue(session, TRUSTED, 1);
    RawHost admin = session.admin();
    int cdw11 = IntentFeature.defaults(IntentFeature.SCOPE_QUEUE, 1, 3, false);
    assertThat(setDefault(admin, 0, cdw11, 7_000).code()).isZero();
    int any = IntentCodec.cdw3(0, RT, 0, 0);
    assertThat(Timing.effectiveClass(run(host, 0, any))).isEqualTo(3);
    RawHost other = IntentRig.queue(session, TRUSTED, 2);
    assertThat(Timing.effectiveClass(run(other, 0, any))).isEqualTo(4);
    int ns = IntentFeature.defaults(IntentFeature.SCOPE_NAMESPACE, 0, 2, false);
    assertThat(setDefault(admin, Setup.NSID_4K, ns, 0).code()).isZero();
    assertThat(Timing.effectiveClass(run(other, 0, any))).isEqualTo(2);
    assertThat(setDefault(admin, 99, ns, 0).code()).isEqualTo(0x00B);
    assertThat(setDefault(admin, 0, IntentFeature.defaults(9, 0, 2, false), 0).code())
        .isEqualTo(0x002);
    // The listener is the operator's word: before what the host says of its queue.
    RawSession urgent = rig.session(STRANGER, 1);
    assertThat(IntentRig.control(urgent, IntentFeature.CARRIER_A).code()).isZero();
    RawHost port = queueOn(urgent, STRANGER);
    assertThat(Timing.effectiveClass(run(port, 0, any))).isEqualTo(6);
    long seven = run(port, 0, IntentCodec.cdw3(7, RT, 0, 0));
    assertThat(Timing.effectiveClass(seven)).as("policy grants its class").isEqualTo(6);
  }

  private static Outcome setDefault(RawHost admin, int nsid, int cdw11, int budgetUs) {
    return admin.run(
        IntentRig.feature(
            Capsules.setFeature(admin.cid(), IntentFeature.DEFAULTS, cdw11),
            nsid,
            cdw11,
            budgetUs,
            0));
  }

  private static RawHost queueOn(RawSession session, String hostNqn) {
    return IntentRig.queue(session, hostNqn, 1);
  }

  @Test
  void aNewGrantCountsFromTheNextCommand() {
    RawSession session = rig.optedIn(TRUSTED, 0);
    RawHost host = IntentRig.queue(session, TRUSTED, 1);
    int critical = IntentCodec.cdw3(7, RT | IntentCodec.STEP, 0, 0);
    assertThat(Timing.effectiveClass(run(host, 0, critical))).isEqualTo(7);
    int before = getControl(session);
    GrantSpec less = GrantSpec.DEFAULT.withTiming(TimingGrant.COARSE);
    assertThat(rig.target().grant(new Nqn(TRUSTED), less)).isTrue();
    assertThat(Timing.effectiveClass(run(host, 0, critical))).isEqualTo(4);
    int after = getControl(session);
    assertThat(IntentFeature.generation(after)).isNotEqualTo(IntentFeature.generation(before));
    assertThat(IntentFeature.maxClass(before)).isEqualTo(7);
    assertThat(IntentFeature.maxClass(after)).isEqualTo(4);
    assertThat(IntentFeature.stepGranted(after)).isFalse();
  }

  private static int getControl(RawSession session) {
    RawHost admin = session.admin();
    return admin.run(Capsules.getFeature(admin.cid(), IntentFeature.CONTROL)).dw0();
  }

  @Test
  void hintsOfTheStandardServeWhoKnowsNothingOfUs() {
    RawSession session = rig.session(TRUSTED, 0);
    RawHost host = IntentRig.queue(session, TRUSTED, 1);
    for (int hints : new int[] {0x10, 0x30, 0x07, 0x37, 0xFF}) {
      assertThat(host.run(IntentRig.dsm(IntentRig.read(host, 0, 0), hints)).code()).isZero();
    }
    long[] ran = new long[8];
    var stats = rig.target().stats().total();
    for (int i = 0; i < ran.length; i++) {
      ran[i] = stats.commands(i);
    }
    // 0x10 lowers to bulk; 0x30, 0x37 and 0xFF raise to interactive; 0x07 keeps normal.
    assertThat(ran).containsExactly(0, 0, 1, 0, 1, 3, 0, 0);
  }

  /** `readahead: prefetch`: reads with frequency 7 alone, and nothing is raised by it. */
  @Test
  void byPolicyASpeculativeReadIsPrefetch() {
    IntentSpec prefetch = new IntentSpec(true).withReadahead(Readahead.PREFETCH);
    try (IntentRig other = IntentRig.start(IntentRig.spec().withLatencyIntent(prefetch))) {
      RawHost host = IntentRig.queue(other.session(TRUSTED, 0), TRUSTED, 1);
      // Speculative; the same with "longer latency will do"; not speculative; a write.
      for (int hints : new int[] {0x07, 0x17, 0x06}) {
        assertThat(host.run(IntentRig.dsm(IntentRig.read(host, 0, 0), hints)).code()).isZero();
      }
      Frame write = Capsules.inCapsule(0x01, host.cid(), Setup.NSID_4K, new byte[4096]);
      assertThat(host.run(IntentRig.dsm(Capsules.blocks(write, 0, 1), 0x07)).code()).isZero();
      Waiting.until("all are counted", () -> commands(other, 4) == 2);
      assertThat(commands(other, 3)).isEqualTo(1);
      assertThat(commands(other, 2)).isEqualTo(1);
    }
  }

  private static long commands(IntentRig of, int latencyClass) {
    return of.target().stats().total().commands(latencyClass);
  }
}
