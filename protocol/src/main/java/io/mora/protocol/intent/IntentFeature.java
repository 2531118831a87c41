package io.mora.protocol.intent;

/**
 * The features of the extension, and the dwords of those that need no data.
 *
 * <pre>
 *  E0 control   Set CDW11 31:16 494Ch, 14 and 8:4 flags, 3:0 version (0 off)
 *               Get DW0 31:16 generation, 14 refusing in force, 13 fine timing, 12 STEP, 11:9 highest class, 8:4 flags
 *                   in force, 3:0 version
 *  E1 defaults  CDW11 31:16 QID, 11 HOTMETA, 10:8 class, 7:0 scope; CDW12 budget in us
 *               Get DW0 31:16 budget ({@link Minifloat} of us), 11 HOTMETA, 10:8 class, 7:0 scope
 *  E2 SLO       CDW11 3 events, 2:0 class; CDW12 p99 in us; CDW13 31:16 window in s, 15:0 misses
 *               allowed of 10 000; Get: {@link SloTable}
 *  E3 feedback  Set: {@link HostFeedback}
 *  E4 grants    Get: {@link GrantPage}
 *  E5 register  CDW11 8 remove, 7:0 slot; Set and Get: {@link Registration}
 *  D0 consumer  CDW11 31:16 QID, 15:0 CPU, FFFF not known; Get DW0 15:0 CPU
 * </pre>
 */
public final class IntentFeature {
  public static final int CONTROL = 0xE0;
  public static final int DEFAULTS = 0xE1;
  public static final int SLO = 0xE2;
  public static final int FEEDBACK = 0xE3;
  public static final int GRANTS = 0xE4;
  public static final int REGISTRATION = 0xE5;

  /** Features from {@link #CONTROL} on. */
  public static final int COUNT = 6;

  /** Not one of version 1 and not counted with them: a target without it refuses. */
  public static final int CONSUMER = 0xD0;

  /** CDW11 31:16 of Set Features E0h: "LI" in memory order. */
  public static final int MAGIC = 0x494C;

  /** CDW11 of Set Features E0h: intent in CDW2 and CDW3 of the standard opcodes. */
  public static final int CARRIER_A = 1 << 4;

  /** Timing for every command with intent, not only those with RT. */
  public static final int TIMING_ALL = 1 << 5;

  /** What is not granted or malformed fails instead of being clamped. */
  public static final int STRICT = 1 << 6;

  /** The opcodes {@link #LI_WRITE}, {@link #LI_READ} and {@link #LI_COMPARE}. */
  public static final int CARRIER_B = 1 << 7;

  /** Reads with EXPIRE may be dropped with status 7/03. */
  public static final int EXPIRING = 1 << 8;

  /** Reads of classes 5 to 7 with EXPIRE may be refused at once with status 7/06. */
  public static final int REFUSING = 1 << 14;

  public static final int FLAGS = CARRIER_A | TIMING_ALL | STRICT | CARRIER_B | EXPIRING | REFUSING;

  /** Carrier B: otherwise as Write, Read and Compare. */
  public static final int LI_WRITE = 0xC1;

  public static final int LI_READ = 0xC2;
  public static final int LI_COMPARE = 0xC5;

  /**
   * Hasten, an I/O command without data: CDW10 15:0 the CID of a read of the same queue that was
   * not answered, CDW2 and CDW3 the intent it has from now on. DW0 of the reply is {@link
   * #NOT_HASTENED} or 0. As {@link #CONSUMER} not one of version 1.
   */
  public static final int HASTEN = 0xD0;

  /** DW0 of a Hasten that changed nothing. */
  public static final int NOT_HASTENED = 1;

  /** E1 scopes. */
  public static final int SCOPE_CONTROLLER = 0;

  public static final int SCOPE_QUEUE = 1;
  public static final int SCOPE_NAMESPACE = 2;

  /** E1: class at 10:8, HOTMETA at 11. */
  public static final int DEFAULT_HOTMETA = 1 << 11;

  /** E2: events on. */
  public static final int SLO_EVENTS = 1 << 3;

  /** E5: remove the slot. */
  public static final int REGISTRATION_REMOVE = 1 << 8;

  /** D0: the host does not say on which CPU the queue's commands are consumed. */
  public static final int CPU_UNKNOWN = 0xFFFF;

  /** Shortest time between two E3, and between two E5 once its burst is used up. */
  public static final int RATE_LIMIT_MS = 100;

  private static final int STEP_GRANTED = 1 << 12;
  private static final int FINE_GRANTED = 1 << 13;

  private IntentFeature() {}

  /** CDW11 of Set Features E0h; version 0 disables. */
  public static int control(int version, int flags) {
    return MAGIC << 16 | flags & FLAGS | version & 0xF;
  }

  /** DW0 of Get Features E0h. */
  public static int controlReply(
      int inForce, int maxClass, boolean step, boolean fine, int generation) {
    return generation << 16
        | (fine ? FINE_GRANTED : 0)
        | (step ? STEP_GRANTED : 0)
        | (maxClass & 7) << 9
        | inForce & (FLAGS | 0xF);
  }

  public static int version(int control) {
    return control & 0xF;
  }

  /** CARRIER_A .. REFUSING of a CDW11 or a DW0. */
  public static int flags(int control) {
    return control & FLAGS;
  }

  public static int maxClass(int reply) {
    return reply >>> 9 & 7;
  }

  public static boolean stepGranted(int reply) {
    return (reply & STEP_GRANTED) != 0;
  }

  public static boolean fineGranted(int reply) {
    return (reply & FINE_GRANTED) != 0;
  }

  public static int generation(int reply) {
    return reply >>> 16;
  }

  /** CDW11 of Set Features E1h; its budget goes to CDW12. */
  public static int defaults(int scope, int qid, int latencyClass, boolean hotMeta) {
    return qid << 16 | (hotMeta ? DEFAULT_HOTMETA : 0) | (latencyClass & 7) << 8 | scope & 0xFF;
  }

  /** DW0 of Get Features E1h. */
  public static int defaultsReply(int scope, int latencyClass, boolean hotMeta, long budgetUs) {
    return defaults(scope, Minifloat.encodeSaturating(budgetUs), latencyClass, hotMeta);
  }

  public static int scope(int cdw11) {
    return cdw11 & 0xFF;
  }

  public static int defaultClass(int cdw11) {
    return cdw11 >>> 8 & 7;
  }

  public static int queue(int cdw11) {
    return cdw11 >>> 16;
  }

  /** CDW11 of Set Features D0h. */
  public static int consumer(int qid, int cpu) {
    return qid << 16 | cpu & 0xFFFF;
  }

  /** CPU of a CDW11 or DW0 of D0h. */
  public static int consumerCpu(int dword) {
    return dword & 0xFFFF;
  }

  /** CDW11 of Set Features E2h; p99 goes to CDW12, the rest to CDW13. */
  public static int slo(int latencyClass, boolean events) {
    return latencyClass & 7 | (events ? SLO_EVENTS : 0);
  }

  /** CDW13 of Set Features E2h. */
  public static int sloLimits(int missesPer10000, int windowS) {
    return missesPer10000 & 0xFFFF | windowS << 16;
  }
}
