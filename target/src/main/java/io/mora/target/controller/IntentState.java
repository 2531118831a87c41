package io.mora.target.controller;

import io.mora.protocol.intent.GrantPage;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.intent.Minifloat;
import io.mora.target.subsystem.HostGrant;
import io.mora.target.subsystem.KnownHost;
import java.util.Arrays;

/**
 * What a host has switched on of the latency-intent extension on one controller, by Set Features
 * E0h and E1h. Written by the home shard, read by every shard: until a host opts in, CDW2 and CDW3
 * mean nothing.
 */
public final class IntentState {
  private static final int SCOPES = 3;

  private final boolean offered;
  private final KnownHost host;
  private final RegistrationTable registrations = new RegistrationTable();
  private Runnable onLost = () -> {};

  /** By QID, as declared by feature D0h plus one; the home shard only. */
  private int[] consumers = {};

  /** How its host has proved who it is: {@link GrantPage#CLAIMED} and so on. */
  private volatile int identity = GrantPage.CLAIMED;

  /** It came in where names are believed. */
  private volatile boolean believed;

  private volatile int control;
  private volatile IntentDefaults defaults = IntentDefaults.EMPTY;

  IntentState(boolean offered, KnownHost host) {
    this.offered = offered;
    this.host = host;
  }

  /** The extension is on in the configuration. */
  public boolean isOffered() {
    return offered;
  }

  /** Whose controller it is. */
  public KnownHost host() {
    return host;
  }

  /**
   * What is known of the host of its admin queue, before anything else of the controller is used.
   *
   * @param proof {@link GrantPage#CLAIMED}, DH_CHAP or TLS
   * @param namesAreBelieved where it came in
   */
  void connected(int proof, boolean namesAreBelieved) {
    identity = proof;
    believed = namesAreBelieved;
  }

  /** {@link GrantPage#CLAIMED}, DH_CHAP or TLS; any thread. */
  public int identity() {
    return identity;
  }

  /** What it is granted now, as far as its name is worth it; any thread. */
  public HostGrant grant() {
    HostGrant grant = host.grant();
    return isWorthItsName() ? grant : grant.ofClaim();
  }

  /** Its host has proved who it is, or need not, here or by configuration; any thread. */
  public boolean isWorthItsName() {
    return identity != GrantPage.CLAIMED || believed || host.isBelieved();
  }

  /**
   * Version at 3:0 and flags in force, as {@link IntentFeature} has them; 0 until the host opted
   * in.
   */
  public int control() {
    return control;
  }

  public IntentDefaults defaults() {
    return defaults;
  }

  /** Applies CDW11 of Set Features E0h; false when it asks for what is not there. */
  public boolean set(int cdw11) {
    int version = IntentFeature.version(cdw11);
    int flags = cdw11 & 0xFFF0;
    if (cdw11 >>> 16 != IntentFeature.MAGIC || (flags & ~IntentFeature.FLAGS) != 0) {
      return false;
    }
    if (version == 0) {
      control = 0;
      return true;
    }
    if ((flags & (IntentFeature.CARRIER_A | IntentFeature.CARRIER_B)) == 0) {
      return false;
    }
    // The highest version not above the one asked for: there is one.
    control = IntentCodec.VERSION | flags;
    return true;
  }

  /**
   * Applies Set Features E1h.
   *
   * @param queues I/O queues the controller may have
   * @return false when it names what is not there
   */
  public boolean setDefault(int cdw11, long budgetUs, int nsid, int queues) {
    int scope = IntentFeature.scope(cdw11);
    int latencyClass = IntentFeature.defaultClass(cdw11);
    boolean hotMeta = (cdw11 & IntentFeature.DEFAULT_HOTMETA) != 0;
    int qid = IntentFeature.queue(cdw11);
    if (scope >= SCOPES || budgetUs > Minifloat.MAX || (cdw11 & 0xF000) != 0) {
      return false;
    }
    switch (scope) {
      case IntentFeature.SCOPE_QUEUE -> {
        if (qid == 0 || qid > queues) {
          return false;
        }
        defaults = defaults.withQueue(qid, latencyClass, hotMeta, budgetUs);
      }
      case IntentFeature.SCOPE_NAMESPACE -> {
        IntentDefaults changed = defaults.withNamespace(nsid, latencyClass, hotMeta, budgetUs);
        if (changed == defaults) {
          return false;
        }
        defaults = changed;
      }
      default -> defaults = defaults.withQueue(0, latencyClass, hotMeta, budgetUs);
    }
    return true;
  }

  /** DW0 of Get Features E1h. */
  public int getDefault(int cdw11, int nsid) {
    int scope = IntentFeature.scope(cdw11);
    long found =
        switch (scope) {
          case IntentFeature.SCOPE_QUEUE -> defaults.ofQueue(IntentFeature.queue(cdw11));
          case IntentFeature.SCOPE_NAMESPACE -> defaults.ofNamespace(nsid);
          default -> defaults.ofQueue(0);
        };
    return IntentDefaults.reply(scope, found);
  }

  /** The CPU on which an I/O queue's commands are consumed, or that it is not known; home shard. */
  public int consumerCpu(int qid) {
    return qid < consumers.length && consumers[qid] != 0
        ? consumers[qid] - 1
        : IntentFeature.CPU_UNKNOWN;
  }

  /** Sets it; counts from the queue's next Connect. Home shard. */
  public void consumerCpu(int qid, int cpu) {
    consumers = Arrays.copyOf(consumers, Math.max(consumers.length, qid + 1));
    consumers[qid] = cpu == IntentFeature.CPU_UNKNOWN ? 0 : cpu + 1;
  }

  /** Regions the host registered. */
  public RegistrationTable registrations() {
    return registrations;
  }

  /** Called on the home shard when regions were lost although the host did not remove them. */
  public void onLost(Runnable action) {
    onLost = action;
  }

  /** The host's grant was replaced: regions in slots it has no more are dropped. Home shard. */
  void grantChanged() {
    if (registrations.removeAbove(grant().spec().slots())) {
      onLost.run();
    }
  }

  void reset() {
    control = 0;
    registrations.clear();
    defaults = IntentDefaults.EMPTY;
    consumers = new int[0];
  }

  /** DW0 of Get Features E0h. */
  public int get() {
    HostGrant grant = grant();
    int highest = grant.spec().highestClass().code();
    return IntentFeature.controlReply(
        control,
        highest,
        grant.has(GrantPage.STEP),
        grant.has(GrantPage.FINE_RT),
        grant.generation());
  }
}
