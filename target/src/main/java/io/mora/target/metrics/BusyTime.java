package io.mora.target.metrics;

import java.util.concurrent.TimeUnit;

/**
 * For how long something was busy, as far as looks from time to time can tell: what is found at a
 * look counts for the whole time since the look before. One thread.
 */
public final class BusyTime {
  private long lookedNs;
  private long busyNs;

  /** Nothing yet. */
  public BusyTime(long nowNs) {
    lookedNs = nowNs;
  }

  /** Looks. */
  public void look(boolean busy, long nowNs) {
    if (busy) {
      busyNs += nowNs - lookedNs;
    }
    lookedNs = nowNs;
  }

  /** Whole minutes. */
  public long minutes() {
    return TimeUnit.NANOSECONDS.toMinutes(busyNs);
  }
}
