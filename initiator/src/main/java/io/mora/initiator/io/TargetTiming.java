package io.mora.initiator.io;

import io.mora.protocol.intent.Timing;

/**
 * Where a target says a command spent its time, and what it did with its intent.
 *
 * @param present false if the target did not tell; all else is then 0
 * @param queueNs received to issued to storage
 * @param deviceNs issued to done by storage
 * @param totalNs received to answer handed to the socket
 * @param flags {@link Timing#DEFERRED} to {@link Timing#CACHEHIT}
 * @param effectiveClass the class it was treated as
 * @param reason why that is not the one asked for: 0 none, 1 not granted, 2 over rate, 3 over
 *     share, 4 budget below floor, 5 unknown registration, 6 namespace excluded
 */
public record TargetTiming(
    boolean present,
    long queueNs,
    long deviceNs,
    long totalNs,
    int flags,
    int effectiveClass,
    int reason) {
  /** Nothing was told. */
  public static final TargetTiming NONE = new TargetTiming(false, 0, 0, 0, 0, 0, 0);

  /**
   * @param result DW0 in the low half, DW1 in the high
   */
  public static TargetTiming of(long result) {
    return Timing.isPresent(result)
        ? new TargetTiming(
            true,
            Timing.queueNs(result),
            Timing.deviceNs(result),
            Timing.totalNs(result),
            Timing.flags(result),
            Timing.effectiveClass(result),
            Timing.reason(result))
        : NONE;
  }

  /** One of the flags of {@link Timing}. */
  public boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
