package io.mora.target.controller.nvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.GrantSpec.TimingGrant;
import io.mora.protocol.admin.policy.LatencyModeSpec;
import io.mora.protocol.admin.policy.NamespacePolicy;
import io.mora.protocol.admin.policy.RateSpec;
import io.mora.protocol.data.Bytes;
import io.mora.protocol.intent.LatencyClass;
import io.mora.protocol.intent.Timing;
import io.mora.protocol.status.Status;
import io.mora.qos.mode.LatencyMode;
import io.mora.target.backend.NullBackend;
import io.mora.target.cache.HotTier;
import io.mora.target.controller.IntentState;
import io.mora.target.controller.TestIntent;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.controller.queue.TestSlots;
import io.mora.target.subsystem.HostGrants;
import io.mora.target.subsystem.KnownHost;
import io.mora.target.subsystem.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever a host writes into its commands, its defaults and its opt-in, under whatever policy: it
 * gets no class, no flag and no deadline that it was not granted, and no error it did not ask for.
 */
class IntentGrantsPropertyTest {
  private static final String NQN = "nqn.2026-11.io.mora:property";
  private static final int LI = 0x494C0000;
  private static final int CARRIER_A = 1 << 4;
  private static final int STRICT = 1 << 6;
  private static final int EXPIRING = 1 << 8;
  private static final int[] OPCODES = {0x00, 0x01, 0x02, 0x05, 0x08, 0x09};
  private static final int COMMANDS = 50;

  /** Everything that is drawn for a run, and what is derived from it by the letter of 6.11. */
  private static final class Draw {
    final Random random;

    /** What counts of the grant. */
    final GrantSpec grant;

    final boolean believed;
    final NamespacePolicy policy;
    final int listener;
    final int range;
    final boolean prefetch;
    final int control;
    final IntentState state;
    final IntentResolver resolver;
    final Namespace namespace;
    final TestSlots slots = new TestSlots();

    Draw(long seed) {
      random = new Random(seed);
      GrantSpec granted = grant(random);
      believed = random.nextInt(4) > 0;
      grant = believed ? granted : granted.ofClaim();
      policy =
          new NamespacePolicy(
              LatencyClass.of(random.nextInt(3) == 0 ? random.nextInt(8) : 0),
              LatencyModeSpec.INHERIT,
              random.nextInt(4) > 0);
      listener = random.nextInt(3) == 0 ? random.nextInt(8) : 0;
      range = random.nextInt(3) == 0 ? random.nextInt(8) : 0;
      prefetch = random.nextBoolean();
      control = random.nextInt(4) == 0 ? 0 : LI | 1 | CARRIER_A | random.nextInt(32) << 4;
      KnownHost host =
          new HostGrants(
                  new IntentSpec(true),
                  HotTier.off(),
                  List.of(new HostSpec(new Nqn(NQN), granted)),
                  1,
                  1)
              .host(NQN, 1);
      state = TestIntent.of(host, control, believed);
      for (int i = random.nextInt(4); i > 0; i--) {
        int scope = random.nextInt(3);
        int cdw11 = 1 << 16 | random.nextInt(16) << 8 | scope;
        assertThat(state.setDefault(cdw11, random.nextInt(100_000), 1, 4)).isTrue();
      }
      resolver =
          new IntentResolver(state, new IntentResolver.QueuePolicy(1, listener, range, prefetch));
      Namespace.Identity identity = new Namespace.Identity(new UUID(1, 1), Bytes.of(new byte[16]));
      namespace =
          new Namespace(1, identity, policy, new NullBackend(1 << 20, 4096), 1, LatencyMode.AUTO);
    }

    private static GrantSpec grant(Random random) {
      List<Integer> floors = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        floors.add(i < 5 ? 0 : random.nextInt(5_000));
      }
      boolean rated = random.nextBoolean();
      return new GrantSpec(
          LatencyClass.of(random.nextInt(3) == 0 ? random.nextInt(8) : 0),
          LatencyClass.of(1 + random.nextInt(7)),
          random.nextBoolean(),
          random.nextBoolean(),
          random.nextBoolean() ? TimingGrant.FINE : TimingGrant.COARSE,
          random.nextBoolean(),
          random.nextBoolean(),
          random.nextInt(256),
          floors,
          rated ? new RateSpec(1, 0, 1 + random.nextInt(8)) : RateSpec.UNLIMITED,
          100);
    }

    int policyClass() {
      if (grant.baseClass() != LatencyClass.DEFAULT) {
        return grant.baseClass().code();
      }
      int place = listener != 0 ? listener : range;
      if (policy.latencyClass() != LatencyClass.DEFAULT) {
        place = policy.latencyClass().code();
      }
      return believed ? place : Math.min(place, 4);
    }

    int highest() {
      return Math.max(policyClass(), grant.maxClass().code());
    }

    boolean optedIn() {
      return control != 0;
    }

    boolean has(int flag) {
      return (control & flag) != 0;
    }

    /** Any command, most of them with VER 1. */
    CommandSlot command() {
      int version = random.nextInt(8) == 0 ? random.nextInt(16) : 1;
      int opcode = OPCODES[random.nextInt(OPCODES.length)];
      int cdw3 = version << 28 | random.nextInt() >>> 4;
      int budget = random.nextBoolean() ? random.nextInt(0x10000) : random.nextInt(4_000);
      int hints = random.nextBoolean() ? random.nextInt(256) : 7;
      return slots.command(opcode, 1, random.nextInt(0x10000) << 16 | budget, cdw3, hints);
    }

    int resolve(CommandSlot slot) {
      return resolver.resolve(slot, namespace, 4096);
    }

    @Override
    public String toString() {
      return String.format(
          "%s %s listener %d range %d control %x", grant, policy, listener, range, control);
    }
  }

  private static int cdw3(CommandSlot slot) {
    return slot.sqe.getIntLE(12);
  }

  @Property(tries = 2_000)
  void nothingBeyondTheGrant(@ForAll long seed) {
    Draw draw = new Draw(seed);
    int urgent = 0;
    for (int i = 0; i < COMMANDS; i++) {
      CommandSlot slot = draw.command();
      String what = "seed " + seed + " command " + i + " " + slot + " " + draw;
      int status = draw.resolve(slot);
      if (status != 0) {
        refusals(draw, slot, status, what);
        continue;
      }
      assertThat(slot.hasIntent && !draw.optedIn()).as(what).isFalse();
      // Without intent the base class holds, which is 4 where nobody says another.
      int most = slot.hasIntent ? draw.highest() : Math.max(draw.highest(), 4);
      assertThat(slot.ioClass).as(what).isBetween(1, Math.max(most, slot.throttled ? 4 : 0));
      urgent += slot.ioClass >= 5 ? 1 : 0;
      flags(draw, slot, what);
      times(draw, slot, what);
    }
    if (draw.grant.rate() != RateSpec.UNLIMITED) {
      assertThat(urgent).as("seed %s", seed).isLessThanOrEqualTo(draw.grant.rate().burst());
    }
  }

  private static void refusals(Draw draw, CommandSlot slot, int status, String what) {
    assertThat(draw.has(STRICT)).as(what).isTrue();
    assertThat(status & Status.DNR).as(what).isNotZero();
    int version = cdw3(slot) >>> 28;
    switch (Status.code(status)) {
      case 0x701 -> assertThat(slot.hasIntent).as(what).isTrue();
      case 0x702 ->
          assertThat(version > 1 || slot.opcode() != 0x02 && (cdw3(slot) & 1 << 20) != 0)
              .as(what)
              .isTrue();
      case 0x705 -> assertThat(cdw3(slot) & 0xFF).as(what).isNotZero();
      default -> throw new AssertionError(what + " status " + Integer.toHexString(status));
    }
  }

  private static void flags(Draw draw, CommandSlot slot, String what) {
    int cdw3 = cdw3(slot);
    GrantSpec grant = draw.grant;
    if (slot.stepCritical) {
      assertThat(grant.step() && slot.hasIntent && (cdw3 & 1 << 24) != 0).as(what).isTrue();
    }
    if (slot.hotMetadata) {
      int frequency = slot.sqe.getIntLE(52) & 0xF;
      boolean hinted = slot.opcode() == 0x02 && (frequency == 3 || frequency == 5);
      boolean may = slot.hasIntent || hinted || draw.optedIn() && frequency != 6 && frequency != 8;
      assertThat(grant.hotMetadata() && may).as(what).isTrue();
    }
    if (slot.expires) {
      boolean may = grant.expire() && draw.has(EXPIRING) && slot.hasIntent;
      assertThat(may && (cdw3 & 1 << 20) != 0 && slot.opcode() == 0x02).as(what).isTrue();
    }
    assertThat(slot.registration).as("nothing is registered: %s", what).isZero();
    assertThat(slot.cacheHit).isFalse();
    if (slot.speculative) {
      assertThat(slot.opcode() == 0x02 && !slot.hasIntent).as(what).isTrue();
    }
    if (slot.wantsTiming) {
      assertThat(draw.optedIn() && cdw3 >>> 28 == 1).as(what).isTrue();
    }
    boolean excluded = slot.wantsTiming && !draw.policy.intent();
    int reason = slot.intentFlags >>> 24 & 0xF;
    if (excluded) {
      assertThat(reason).as(what).isEqualTo(Timing.NAMESPACE_EXCLUDED);
    }
    boolean lowered = (slot.intentFlags & Timing.DOWNGRADED) != 0;
    assertThat(lowered).as(what).isEqualTo(reason == Timing.NOT_GRANTED);
    if (lowered && !slot.throttled) {
      assertThat(slot.ioClass).as(what).isEqualTo(draw.highest());
    }
    if (slot.throttled) {
      assertThat(slot.ioClass).as(what).isEqualTo(4);
      assertThat(grant.rate()).as(what).isNotEqualTo(RateSpec.UNLIMITED);
    }
    int wished = cdw3 >>> 25 & 7;
    if (slot.hasIntent && wished != 0 && !slot.throttled) {
      assertThat(slot.ioClass).as(what).isEqualTo(Math.min(wished, draw.highest()));
    }
  }

  private static void times(Draw draw, CommandSlot slot, String what) {
    if (!slot.throttled) {
      int floor = draw.grant.minBudgetUs().get(slot.ioClass);
      assertThat(slot.budgetUs).as(what).isGreaterThanOrEqualTo(Math.max(1, floor));
    }
    assertThat(slot.deadlineNs).as(what).isEqualTo(slot.receivedNs + slot.budgetUs * 1_000);
    assertThat(slot.confidence).as(what).isBetween(0, 15);
    assertThat(slot.confidence > 0 && !slot.throttled).as(what).isEqualTo(slot.ioClass == 3);
    assertThat(slot.host).as(what).isNotNull();
  }

  /** What a host that did not opt in writes there changes nothing that anybody could see. */
  @Property(tries = 500)
  void withoutOptInNothingIsRead(@ForAll long seed) {
    Draw draw = new Draw(seed);
    Draw twin = new Draw(seed);
    if (draw.optedIn()) {
      return;
    }
    for (int i = 0; i < COMMANDS; i++) {
      CommandSlot slot = draw.command();
      CommandSlot blank = twin.command();
      blank.sqe.setLongLE(8, 0);
      String what = "seed " + seed + " command " + i + " " + slot + " " + draw;
      assertThat(draw.resolve(slot)).as(what).isZero();
      assertThat(twin.resolve(blank)).as(what).isZero();
      assertThat(seen(slot)).as(what).isEqualTo(seen(blank));
    }
  }

  private static List<Object> seen(CommandSlot slot) {
    return List.of(
        slot.ioClass,
        slot.budgetUs,
        slot.deadlineNs,
        slot.stepCritical,
        slot.hotMetadata,
        slot.speculative,
        slot.expires,
        slot.confidence,
        slot.throttled,
        slot.wantsTiming,
        slot.hasIntent,
        slot.intentFlags,
        slot.flow,
        slot.affinity,
        slot.registration);
  }
}
