package io.mora.protocol.intent;

import io.mora.protocol.command.Sqe;
import io.netty.buffer.ByteBuf;

/**
 * The intent in CDW2 and CDW3 of a command (carrier A), valid only after the host opted in.
 *
 * <pre>
 *  CDW3 31:28 VER      1; 0 is no intent
 *       27:25 CLASS    0 default, 1 background .. 7 critical
 *       24    STEP     the consumer's step cannot proceed without it
 *       23    HOTMETA  prefer cache, protect from eviction
 *       22    RT       return timing in DW0 and DW1
 *       21    RECUR    the same range is expected again soon
 *       20    EXPIRE   reads: may be dropped once the budget is spent
 *       19:16 PCONF    prefetch confidence, percent = value * 100 / 15
 *       15:8  AFF      consumer affinity tag, 0 none
 *        7:0  REG      registration slot, 0 none
 *  CDW2 31:16 FLOW     flow id, 0 none
 *       15:0  BUDGET   {@link Minifloat} of microseconds, 0 class default
 * </pre>
 */
public final class IntentCodec {
  public static final int VERSION = 1;

  public static final int STEP = 1 << 24;
  public static final int HOTMETA = 1 << 23;
  public static final int RT = 1 << 22;
  public static final int RECUR = 1 << 21;
  public static final int EXPIRE = 1 << 20;

  private static final int VERSION_SHIFT = 28;
  private static final int CLASS_SHIFT = 25;
  private static final int PCONF_SHIFT = 16;
  private static final int AFF_SHIFT = 8;
  private static final int FLOW_SHIFT = 16;

  private IntentCodec() {}

  /** VER of a CDW3. */
  public static int version(int cdw3) {
    return cdw3 >>> VERSION_SHIFT;
  }

  /** CLASS of a CDW3, 0..7. */
  public static int latencyClass(int cdw3) {
    return cdw3 >>> CLASS_SHIFT & 7;
  }

  /** PCONF of a CDW3, 0..15. */
  public static int confidence(int cdw3) {
    return cdw3 >>> PCONF_SHIFT & 0xF;
  }

  /** AFF of a CDW3. */
  public static int affinity(int cdw3) {
    return cdw3 >>> AFF_SHIFT & 0xFF;
  }

  /** Confidence of a PCONF in percent, rounded. */
  public static int confidencePercent(int confidence) {
    return (confidence * 200 + 15) / 30;
  }

  /** REG of a CDW3. */
  public static int registration(int cdw3) {
    return cdw3 & 0xFF;
  }

  /** FLOW of a CDW2. */
  public static int flow(int cdw2) {
    return cdw2 >>> FLOW_SHIFT;
  }

  /** BUDGET of a CDW2 in microseconds, 0 for the class default. */
  public static long budgetUs(int cdw2) {
    return Minifloat.decode(cdw2 & 0xFFFF);
  }

  /**
   * A CDW3 of this version.
   *
   * @param flags any of STEP, HOTMETA, RT, RECUR, EXPIRE
   */
  public static int cdw3(int latencyClass, int flags, int confidence, int affinity) {
    return VERSION << VERSION_SHIFT
        | (latencyClass & 7) << CLASS_SHIFT
        | flags & (STEP | HOTMETA | RT | RECUR | EXPIRE)
        | (confidence & 0xF) << PCONF_SHIFT
        | (affinity & 0xFF) << AFF_SHIFT;
  }

  /** A CDW3 with a registration slot. */
  public static int withRegistration(int cdw3, int slot) {
    return cdw3 & ~0xFF | slot & 0xFF;
  }

  /** A CDW2. */
  public static int cdw2(int flow, long budgetUs) {
    return flow << FLOW_SHIFT | Minifloat.encodeSaturating(budgetUs);
  }

  /** Puts an intent into an SQE. */
  public static void write(ByteBuf sqe, int at, int cdw2, int cdw3) {
    Sqe.setDword(sqe, at, Sqe.CDW2, cdw2);
    Sqe.setDword(sqe, at, Sqe.CDW3, cdw3);
  }
}
