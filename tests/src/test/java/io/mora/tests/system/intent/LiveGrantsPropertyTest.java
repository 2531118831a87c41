package io.mora.tests.system.intent;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.RateSpec;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.intent.LatencyClass;
import io.mora.protocol.intent.Timing;
import io.mora.target.metrics.ClassCounts;
import io.mora.target.metrics.ClassSums;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** No combination of fields gets a host more than its grant of the moment. */
class LiveGrantsPropertyTest {
  private static final Nqn HOST = new Nqn(IntentRig.STRANGER);

  @SuppressWarnings("NullAway.Init") // by jqwik
  private static IntentRig rig;

  @SuppressWarnings("NullAway.Init") // by jqwik
  private static RawSession session;

  @SuppressWarnings("NullAway.Init") // by jqwik
  private static RawHost queue;

  @BeforeContainer
  static void start() {
    rig = IntentRig.start(IntentRig.spec());
    session = rig.optedIn(IntentRig.STRANGER, 0);
    queue = IntentRig.queue(session, IntentRig.STRANGER, 1);
  }

  @AfterContainer
  static void stop() {
    rig.close();
  }

  @Property(tries = 500)
  void whatRunsIsWithinTheGrant(
      @ForAll @IntRange(min = 1, max = 7) int maxClass,
      @ForAll @IntRange(min = 0, max = 7) int baseClass,
      @ForAll boolean step,
      @ForAll @IntRange(min = 0, max = 31) int flags,
      @ForAll int[] dwords) {
    GrantSpec grant = grant(maxClass, baseClass, step);
    assertThat(rig.target().grant(HOST, grant)).isTrue();
    int asked = flags << 4 & IntentFeature.FLAGS & ~IntentFeature.STRICT;
    IntentRig.control(session, asked | IntentFeature.CARRIER_A);
    int cdw2 = dwords.length > 0 ? dwords[0] : 0;
    int cdw3 = (dwords.length > 1 ? dwords[1] : 0) & 0x0FFF_FFFF | 0x1000_0000 | IntentCodec.RT;
    int hints = dwords.length > 2 ? dwords[2] & 0xFF : 0;
    long stepsBefore = steps();
    Frame read = IntentRig.dsm(IntentRig.read(queue, cdw2, cdw3), hints);
    Outcome outcome = queue.run(read);
    assertThat(outcome.code()).as("%s", outcome).isZero();
    int highest = Math.max(maxClass, baseClass);
    assertThat(Timing.isPresent(outcome.result())).isTrue();
    assertThat(Timing.effectiveClass(outcome.result())).isBetween(1, highest);
    assertThat(Timing.totalNs(outcome.result()) % Timing.COARSE_NS).as("coarse").isZero();
    assertThat(Timing.flags(outcome.result()) & Timing.CACHEHIT).isZero();
    Frame ordinary =
        IntentRig.dsm(Capsules.blocks(Capsules.transfer(0x02, queue.cid(), 1, 4096), 0, 1), hints);
    assertThat(queue.run(ordinary).result()).as("no intent").isZero();
    if (!step) {
      assertThat(steps()).as("step-critical commands").isEqualTo(stepsBefore);
    }
    int above = 0;
    ClassSums sums = rig.target().stats().total();
    // Who says nothing runs in the base class, normal if there is no other, whatever is granted.
    int ordinaryClass = LatencyClass.NORMAL.code();
    seenMax = Math.max(seenMax, Math.max(highest, ordinaryClass));
    for (int i = seenMax + 1; i < LatencyClass.COUNT; i++) {
      above += (int) sums.commands(i);
    }
    assertThat(above).as("commands above the highest class ever granted").isZero();
  }

  /** Highest class anything might run in, in any try so far: counters are never reset. */
  private static int seenMax;

  private static long steps() {
    ClassSums sums = rig.target().stats().total();
    long steps = 0;
    for (int i = 0; i < LatencyClass.COUNT; i++) {
      steps += sums.counter(i, ClassCounts.STEP);
    }
    return steps;
  }

  private static GrantSpec grant(int maxClass, int baseClass, boolean step) {
    GrantSpec none = GrantSpec.DEFAULT;
    return new GrantSpec(
        LatencyClass.of(baseClass),
        LatencyClass.of(maxClass),
        step,
        false,
        GrantSpec.TimingGrant.COARSE,
        false,
        false,
        0,
        none.minBudgetUs(),
        RateSpec.UNLIMITED,
        100);
  }
}
