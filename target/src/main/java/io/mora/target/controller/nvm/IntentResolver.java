package io.mora.target.controller.nvm;

import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.ReadWrite;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.intent.GrantPage;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.intent.LatencyClass;
import io.mora.protocol.intent.Timing;
import io.mora.protocol.status.Status;
import io.mora.qos.DeviceLine;
import io.mora.qos.IoClass;
import io.mora.target.backend.Keeper;
import io.mora.target.controller.IntentDefaults;
import io.mora.target.controller.IntentState;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.subsystem.HostGrant;
import io.mora.target.subsystem.KnownHost;
import io.mora.target.subsystem.Namespace;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a command is: its class, its deadline and what it may do, out of what the operator
 * gave, what the host asks for and what it was granted (docs/latency-intent.md, "Resolution").
 *
 * <p>One for each queue pair; its shard's thread only. Allocates nothing.
 */
final class IntentResolver {
  /** The command runs; anything else is the status it is refused with. */
  static final int RUNS = 0;

  private static final long NS_PER_US = 1_000;

  /** PCONF 0 of a prefetch: not known, taken for this. */
  private static final int CONFIDENCE_UNKNOWN = 8;

  private static final int REASON_SHIFT = 24;
  private static final int REASON_MASK = 0xF << REASON_SHIFT;

  private final IntentState state;
  private final KnownHost host;
  private final QueuePolicy policy;

  IntentResolver(IntentState state, QueuePolicy policy) {
    this.state = state;
    this.host = state.host();
    this.policy = policy;
  }

  /**
   * What is known of a queue when it is made.
   *
   * @param listenerClass class of the listener it came through, 0 for none
   * @param rangeClass class of its QID by configuration, 0 for none
   * @param readaheadIsPrefetch a speculative read is a prefetch
   */
  record QueuePolicy(int qid, int listenerClass, int rangeClass, boolean readaheadIsPrefetch) {}

  /**
   * At init: fills what the scheduler orders by and what the reply tells.
   *
   * @param namespace null for a command to all of them
   * @param bytes data the command moves
   * @return {@link #RUNS}, or a status of strict mode
   */
  int resolve(CommandSlot slot, @Nullable Namespace namespace, long bytes) {
    HostGrant grant = state.grant();
    int policyClass = policyClass(grant, namespace);
    int cap = Math.max(policyClass, grant.maxClass());
    int control = state.control();
    slot.intentFlags = 0;
    slot.refusable = false;
    int refused = RUNS;
    if (control != 0 && IntentCodec.version(Sqe.cdw3(slot.sqe, 0)) != 0) {
      refused = withVersion(slot, namespace, control);
    }
    if (slot.hasIntent) {
      refused = refused == RUNS ? asked(slot, grant, policyClass, cap) : refused;
    } else {
      given(slot, grant, policyClass, control);
    }
    slot.host = host.share(grant, slot.queuePair.turn().shard().index());
    if (refused == RUNS && slot.ioClass >= IoClass.INTERACTIVE) {
      throttle(slot, bytes);
    }
    slot.deadlineNs = slot.receivedNs + slot.budgetUs * NS_PER_US;
    return refused;
  }

  /**
   * What a command asks for is above a class, also as far as it is granted. Takes nothing of a
   * rate, as {@link #resolve} does.
   */
  boolean wantsAbove(CommandSlot slot, Namespace namespace, int ioClass) {
    int wanted = IntentCodec.latencyClass(Sqe.cdw3(slot.sqe, 0));
    if ((state.control() & IntentFeature.STRICT) == 0) {
      HostGrant grant = state.grant();
      wanted = Math.min(wanted, Math.max(policyClass(grant, namespace), grant.maxClass()));
    }
    return wanted > ioClass;
  }

  /** Class that the operator gives, 0 for none: of the host, the namespace, listener or QID. */
  private int policyClass(HostGrant grant, @Nullable Namespace namespace) {
    if (grant.baseClass() != IoClass.DEFAULT) {
      return grant.baseClass();
    }
    int given = policy.listenerClass != IoClass.DEFAULT ? policy.listenerClass : policy.rangeClass;
    if (namespace != null && namespace.policy().latencyClass() != LatencyClass.DEFAULT) {
      given = namespace.policy().latencyClass().code();
    }
    return Math.min(given, grant.placeMax());
  }

  /** A VER that is not 0, after the host opted in: is it intent? */
  private int withVersion(CommandSlot slot, @Nullable Namespace namespace, int control) {
    boolean carried = slot.carrierB || (control & IntentFeature.CARRIER_A) != 0;
    if (!carried) {
      return RUNS;
    }
    int cdw3 = Sqe.cdw3(slot.sqe, 0);
    if (IntentCodec.version(cdw3) != IntentCodec.VERSION) {
      return (control & IntentFeature.STRICT) != 0 ? Status.INTENT_MALFORMED | Status.DNR : RUNS;
    }
    slot.wantsTiming = (cdw3 & IntentCodec.RT) != 0 || (control & IntentFeature.TIMING_ALL) != 0;
    if (namespace != null && !namespace.policy().intent()) {
      reason(slot, Timing.NAMESPACE_EXCLUDED);
      return RUNS;
    }
    slot.hasIntent = true;
    return RUNS;
  }

  /** No intent: the operator's class, the host's default, the standard's hints. */
  private void given(CommandSlot slot, HostGrant grant, int policyClass, int control) {
    int cap = Math.max(policyClass, grant.maxClass());
    long found =
        control == 0 ? IntentDefaults.NONE : state.defaults().find(policy.qid, slot.nsid());
    int latencyClass = policyClass;
    long budgetUs = 0;
    if (latencyClass == IoClass.DEFAULT) {
      latencyClass = Math.min(IntentDefaults.latencyClass(found), cap);
      budgetUs = IntentDefaults.budgetUs(found);
    }
    if (latencyClass == IoClass.DEFAULT) {
      latencyClass = IoClass.NORMAL;
    }
    int hinted = hinted(slot, latencyClass, cap);
    if (budgetUs == 0 || hinted != latencyClass) {
      budgetUs = LatencyClass.defaultBudgetUs(hinted);
    }
    slot.ioClass = hinted;
    slot.budgetUs = Math.max(budgetUs, grant.floorUs(hinted));
    slot.stepCritical = false;
    slot.hotMetadata = isHot(slot, grant, IntentDefaults.hotMeta(found));
    slot.expires = false;
    slot.confidence = hinted == IoClass.PREFETCH ? CONFIDENCE_UNKNOWN : 0;
  }

  /** Access latency 1 lowers, 3 raises, frequency 7 marks readahead. */
  private int hinted(CommandSlot slot, int latencyClass, int cap) {
    int opcode = slot.opcode();
    slot.speculative = false;
    if (opcode != NvmOpcode.READ && opcode != NvmOpcode.WRITE) {
      return latencyClass;
    }
    int hints = ReadWrite.datasetHints(slot.sqe, 0);
    if (hints == 0) {
      return latencyClass;
    }
    int hinted = latencyClass;
    switch (ReadWrite.accessLatency(hints)) {
      case ReadWrite.LATENCY_LONGER_OK -> hinted = Math.min(hinted, IoClass.BULK);
      case ReadWrite.LATENCY_SMALLEST ->
          hinted = Math.max(hinted, Math.min(IoClass.INTERACTIVE, cap));
      default -> {}
    }
    if (opcode == NvmOpcode.READ
        && ReadWrite.accessFrequency(hints) == ReadWrite.FREQUENCY_SPECULATIVE) {
      slot.speculative = true;
      if (policy.readaheadIsPrefetch) {
        hinted = Math.min(hinted, IoClass.PREFETCH);
      }
    }
    return hinted;
  }

  /**
   * Reads without intent that are kept: of frequent ones, and by the host's default; what is read
   * once or soon overwritten is not.
   */
  private static boolean isHot(CommandSlot slot, HostGrant grant, boolean byDefault) {
    if (slot.opcode() != NvmOpcode.READ || !grant.has(GrantPage.HOTMETA)) {
      return false;
    }
    return switch (ReadWrite.accessFrequency(ReadWrite.datasetHints(slot.sqe, 0))) {
      case ReadWrite.FREQUENCY_READS, ReadWrite.FREQUENCY_BOTH -> true;
      case ReadWrite.FREQUENCY_ONCE, ReadWrite.FREQUENCY_OVERWRITTEN -> false;
      default -> byDefault;
    };
  }

  /** Intent: what is asked for, clamped to what is granted. */
  private int asked(CommandSlot slot, HostGrant grant, int policyClass, int cap) {
    int cdw3 = Sqe.cdw3(slot.sqe, 0);
    int control = state.control();
    boolean strict = (control & IntentFeature.STRICT) != 0;
    long found = state.defaults().find(policy.qid, slot.nsid());
    int latencyClass = IntentCodec.latencyClass(cdw3);
    long budgetUs = IntentCodec.budgetUs(Sqe.cdw2(slot.sqe, 0));
    if (latencyClass == IoClass.DEFAULT) {
      latencyClass = base(policyClass, found);
      if (budgetUs == 0 && policyClass == IoClass.DEFAULT) {
        budgetUs = IntentDefaults.budgetUs(found);
      }
    }
    if (latencyClass > cap) {
      if (strict) {
        return Status.INTENT_NOT_GRANTED | Status.DNR;
      }
      latencyClass = cap;
      slot.intentFlags |= Timing.DOWNGRADED;
      reason(slot, Timing.NOT_GRANTED);
    }
    boolean hot = (cdw3 & IntentCodec.HOTMETA) != 0 || IntentDefaults.hotMeta(found);
    slot.ioClass = latencyClass;
    slot.budgetUs = budget(slot, grant, latencyClass, budgetUs);
    slot.stepCritical = (cdw3 & IntentCodec.STEP) != 0 && grant.has(GrantPage.STEP);
    slot.hotMetadata = hot && grant.has(GrantPage.HOTMETA);
    slot.confidence = confidence(cdw3, latencyClass);
    slot.speculative = false;
    slot.flow = IntentCodec.flow(Sqe.cdw2(slot.sqe, 0));
    slot.affinity = IntentCodec.affinity(cdw3);
    boolean stale = !registered(slot, grant, IntentCodec.registration(cdw3));
    if (stale && strict) {
      return Status.INTENT_SLOT_STALE | Status.DNR;
    }
    boolean expire = (cdw3 & IntentCodec.EXPIRE) != 0;
    boolean read = slot.opcode() == NvmOpcode.READ;
    boolean mayBeDropped = expire && read && grant.has(GrantPage.EXPIRE);
    boolean latency = IoClass.isLatency(latencyClass);
    slot.expires = mayBeDropped && !latency && (control & IntentFeature.EXPIRING) != 0;
    slot.refusable = mayBeDropped && latency && (control & IntentFeature.REFUSING) != 0;
    return strict && expire && !read ? Status.INTENT_MALFORMED | Status.DNR : RUNS;
  }

  /** False if REG names a slot that does not hold a region with the command's blocks. */
  private boolean registered(CommandSlot slot, HostGrant grant, int number) {
    int opcode = slot.opcode();
    boolean ranged =
        opcode == NvmOpcode.READ || opcode == NvmOpcode.WRITE || opcode == NvmOpcode.COMPARE;
    if (number == 0 || !ranged) {
      return true;
    }
    long blocks = ReadWrite.nlb0(slot.sqe, 0) + 1L;
    if (number <= grant.spec().slots()
        && state.registrations().covers(number, slot.nsid(), ReadWrite.slba(slot.sqe, 0), blocks)) {
      slot.registration = number;
      return true;
    }
    slot.registrationStale = true;
    reason(slot, Timing.UNKNOWN_REGISTRATION);
    return false;
  }

  /** On whose account a read is kept in the hot tier; null for not at all. */
  @Nullable Keeper keeper(CommandSlot slot) {
    if (slot.registration != 0) {
      return state.registrations().claim(slot.registration);
    }
    return slot.hotMetadata ? host.hot().metadata() : null;
  }

  /**
   * Before a read that is refusable is queued: whether it would be late anyway. Then its reply
   * tells when to come again.
   */
  static boolean refuses(CommandSlot slot, Namespace namespace, long nowNs) {
    DeviceLine line = namespace.line(slot.queuePair.turn().shard().index());
    if (line == null) {
      return false;
    }
    long costNs = line.model().costNs(false, slot.dataLength);
    long againNs = line.forecast().refuses(costNs, slot.deadlineNs - nowNs);
    if (againNs == 0) {
      return false;
    }
    slot.result = (againNs + NS_PER_US - 1) / NS_PER_US;
    return true;
  }

  private static int base(int policyClass, long found) {
    if (policyClass != IoClass.DEFAULT) {
      return policyClass;
    }
    int latencyClass = IntentDefaults.latencyClass(found);
    return latencyClass == IoClass.DEFAULT ? IoClass.NORMAL : latencyClass;
  }

  private static long budget(CommandSlot slot, HostGrant grant, int latencyClass, long budgetUs) {
    long us = budgetUs == 0 ? LatencyClass.defaultBudgetUs(latencyClass) : budgetUs;
    int floor = grant.floorUs(latencyClass);
    if (us < floor) {
      reason(slot, Timing.BUDGET_BELOW_FLOOR);
      return floor;
    }
    return us;
  }

  private static int confidence(int cdw3, int latencyClass) {
    if (latencyClass != IoClass.PREFETCH) {
      return 0;
    }
    int told = IntentCodec.confidence(cdw3);
    return told == 0 ? CONFIDENCE_UNKNOWN : told;
  }

  /** The host's bucket: what is beyond its rate is ordinary. */
  private void throttle(CommandSlot slot, long bytes) {
    if (slot.host != null && !slot.host.take(1, bytes, slot.receivedNs)) {
      slot.ioClass = IoClass.NORMAL;
      slot.throttled = true;
      // It may be given up all the same, when its time has passed.
      slot.expires = slot.refusable && (state.control() & IntentFeature.EXPIRING) != 0;
      slot.refusable = false;
      if (slot.hasIntent) {
        slot.intentFlags |= Timing.THROTTLED;
        if (reasonOf(slot) != Timing.NOT_GRANTED) {
          // A raised budget, an unknown registration: the class is what changed.
          slot.intentFlags &= ~REASON_MASK;
        }
        reason(slot, Timing.OVER_RATE);
      }
    }
  }

  /** The first reason is told: it is the one that counts most. */
  static void reason(CommandSlot slot, int reason) {
    if (reasonOf(slot) == 0) {
      slot.intentFlags |= reason << REASON_SHIFT;
    }
  }

  private static int reasonOf(CommandSlot slot) {
    return (slot.intentFlags & REASON_MASK) >>> REASON_SHIFT;
  }

  /** Before the reply: DW0 and DW1 of a command that succeeded or met a media error. */
  void stamp(CommandSlot slot) {
    if (!slot.wantsTiming
        || !Status.isSuccess(slot.status) && Status.sct(slot.status) != Status.MEDIA) {
      return;
    }
    boolean atDevice = slot.issuedNs != 0;
    long queue = atDevice ? slot.issuedNs - slot.receivedNs : 0;
    long device = atDevice ? slot.deviceDoneNs - slot.issuedNs : 0;
    long total = slot.queuePair.turn().nowNs() - slot.receivedNs;
    int flags = slot.intentFlags;
    if (slot.wasDeferred()) {
      flags |= Timing.DEFERRED;
    }
    if (total - slot.hostWaitNs() > slot.budgetUs * NS_PER_US) {
      flags |= Timing.MISSED;
    }
    if (state.grant().has(GrantPage.FINE_RT)) {
      flags |= slot.cacheHit ? Timing.CACHEHIT : 0;
    } else {
      queue = Timing.coarse(queue);
      device = Timing.coarse(device);
      total = Timing.coarse(total);
    }
    slot.result = Timing.pack(queue, device, total, flags, slot.ioClass, reasonOf(slot));
  }
}
