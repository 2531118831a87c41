package io.mora.protocol.intent;

/**
 * The timing reply in DW0 and DW1 of a completion, as one {@code long} (DW0 in the low half). Times
 * are {@link Minifloat}s in units of {@value #UNIT_NS} ns.
 *
 * <pre>
 *  DW0 15:0  queue wait: received to issued to storage
 *      31:16 device time: issued to storage done
 *  DW1 15:0  total: received to handed to the socket
 *      16 DEFERRED, 17 MISSED, 18 DOWNGRADED, 19 THROTTLED, 20 CACHEHIT
 *      23:21 effective class, 27:24 reason, 31:28 version (1)
 * </pre>
 */
public final class Timing {
  public static final int UNIT_NS = 100;

  public static final int DEFERRED = 1 << 16;
  public static final int MISSED = 1 << 17;
  public static final int DOWNGRADED = 1 << 18;
  public static final int THROTTLED = 1 << 19;
  public static final int CACHEHIT = 1 << 20;

  /** Reasons. */
  public static final int NOT_GRANTED = 1;

  public static final int OVER_RATE = 2;
  public static final int OVER_SHARE = 3;
  public static final int BUDGET_BELOW_FLOOR = 4;
  public static final int UNKNOWN_REGISTRATION = 5;
  public static final int NAMESPACE_EXCLUDED = 6;

  private static final int CLASS_SHIFT = 21;
  private static final int REASON_SHIFT = 24;
  private static final int VERSION_SHIFT = 28;

  /** Without the grant of fine timing, times are rounded up to this: timing is a side channel. */
  public static final long COARSE_NS = 16_000;

  private Timing() {}

  /**
   * Packs a reply.
   *
   * @param flags DEFERRED .. CACHEHIT
   * @param reason why the effective class or the budget is not the one asked for, 0 for none
   */
  public static long pack(
      long queueNs, long deviceNs, long totalNs, int flags, int effectiveClass, int reason) {
    int dw0 = encode(queueNs) | encode(deviceNs) << 16;
    int dw1 =
        encode(totalNs)
            | flags & (DEFERRED | MISSED | DOWNGRADED | THROTTLED | CACHEHIT)
            | (effectiveClass & 7) << CLASS_SHIFT
            | (reason & 0xF) << REASON_SHIFT
            | IntentCodec.VERSION << VERSION_SHIFT;
    return dw0 & 0xFFFF_FFFFL | (long) dw1 << 32;
  }

  /** Rounds a time up to {@link #COARSE_NS}. */
  public static long coarse(long ns) {
    return (ns + COARSE_NS - 1) / COARSE_NS * COARSE_NS;
  }

  private static int encode(long ns) {
    return Minifloat.encodeSaturating((ns + UNIT_NS - 1) / UNIT_NS);
  }

  /** True if a completion's result is a timing reply of a version we know. */
  public static boolean isPresent(long result) {
    return (int) (result >>> 32) >>> VERSION_SHIFT == IntentCodec.VERSION;
  }

  public static long queueNs(long result) {
    return Minifloat.decode((int) result & 0xFFFF) * UNIT_NS;
  }

  public static long deviceNs(long result) {
    return Minifloat.decode((int) result >>> 16) * UNIT_NS;
  }

  public static long totalNs(long result) {
    return Minifloat.decode((int) (result >>> 32) & 0xFFFF) * UNIT_NS;
  }

  /** DEFERRED .. CACHEHIT. */
  public static int flags(long result) {
    return (int) (result >>> 32) & (DEFERRED | MISSED | DOWNGRADED | THROTTLED | CACHEHIT);
  }

  public static int effectiveClass(long result) {
    return (int) (result >>> 32) >>> CLASS_SHIFT & 7;
  }

  /** Why the effective class differs, 0 for none. */
  public static int reason(long result) {
    return (int) (result >>> 32) >>> REASON_SHIFT & 0xF;
  }
}
