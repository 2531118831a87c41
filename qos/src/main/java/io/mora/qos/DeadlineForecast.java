package io.mora.qos;

/**
 * Whether a latency-class read that comes now will meet its deadline at a device, told from how
 * much of these classes is under way there and how fast the device lately did away with it. Pure
 * arithmetic; the line's thread only.
 *
 * <p>It refuses nothing unless the device is crowded, which is when I/O takes a multiple of what it
 * takes alone: only then is its speed known. And nothing on a device that is all but idle, so that
 * one that is thought slow is always tried again.
 */
public final class DeadlineForecast {
  /*
   * By Little's law what is under way divided by what is done in a second is how long the last of
   * it takes, whatever the device. Both are counted in cost, so that a large read counts for more;
   * what is done is counted only while there is something to do. It holds once the device is
   * crowded: before that what is done is what was asked for, and no limit. Crowded is told by time
   * in the line and the device over the time alone, both smoothed; two limits keep it from
   * flickering.
   */

  /**
   * I/Os under way below which nothing is refused. More would let those in that come late and have
   * little time left; with these few, I/O soon takes what it takes alone, and the device is crowded
   * no more.
   */
  public static final int UNDER_WAY_LEAST = 2;

  /** Crowded from so many times the time alone on... */
  static final int CROWDED_TIMES = 3;

  /** ...until it is less than so many. */
  static final int CALM_TIMES = 2;

  /** Completions over which speed is taken. */
  static final int EPOCH_IOS = 16;

  /** One part in so many of the smoothed times is the newest. */
  private static final int SMOOTH_PARTS = 8;

  /**
   * Of the time that is left half may be spent waiting and served: forecasts err, and who waits is
   * on the other side of a network.
   */
  private static final double SAFE_SHARE = 0.5;

  /** Shortest and longest advice when to come again. */
  static final long AGAIN_LEAST_NS = 50_000;

  static final long AGAIN_MOST_NS = 1_000_000_000;

  private long backlogNs;
  private int underWay;
  private boolean crowded;
  private double tookNs;
  private double aloneNs;

  private double speed = 1;
  private long epochCost;
  private long epochBusyNs;
  private int epochIos;
  private long seenNs;

  /** An entry of these classes is queued. */
  void queued(long costNs, long nowNs) {
    busyUntil(nowNs);
    backlogNs += costNs;
    underWay++;
  }

  /** One is taken out without being started. */
  void cancelled(long costNs, long nowNs) {
    busyUntil(nowNs);
    backlogNs -= costNs;
    underWay--;
  }

  /**
   * One is back from the device.
   *
   * @param measured its time says something
   * @param ns from when it was queued
   */
  void done(long costNs, boolean measured, long ns, long nowNs) {
    busyUntil(nowNs);
    backlogNs -= costNs;
    underWay--;
    if (!measured) {
      return;
    }
    tookNs += (ns - tookNs) / SMOOTH_PARTS;
    aloneNs += (costNs - aloneNs) / SMOOTH_PARTS;
    crowded = tookNs > aloneNs * (crowded ? CALM_TIMES : CROWDED_TIMES);
    epochCost += costNs;
    epochIos++;
    if (epochIos >= EPOCH_IOS && epochBusyNs > 0) {
      double now = (double) epochCost / epochBusyNs;
      speed += (now - speed) / 2;
      epochCost = 0;
      epochBusyNs = 0;
      epochIos = 0;
    }
  }

  private void busyUntil(long nowNs) {
    if (underWay > 0) {
      epochBusyNs += Math.max(0, nowNs - seenNs);
    }
    seenNs = nowNs;
  }

  /**
   * Asks for a read that is about to be queued.
   *
   * @param costNs its cost by the line's {@link CostModel}
   * @param leftNs until its deadline; may have passed
   * @return 0: let it come; else it will be late, and this is after how many nanoseconds another
   *     may be worth a try
   */
  public long refuses(long costNs, long leftNs) {
    if (!crowded || underWay < UNDER_WAY_LEAST) {
      return 0;
    }
    long expectedNs = expectedNs(costNs);
    if (expectedNs <= leftNs * SAFE_SHARE) {
      return 0;
    }
    // By then a quarter of what it had left is enough for it.
    long again = expectedNs - Math.max(0, leftNs) / 4;
    return Math.max(AGAIN_LEAST_NS, Math.min(AGAIN_MOST_NS, again));
  }

  /** How long one more of this cost takes until it is done, as things are. */
  long expectedNs(long costNs) {
    return (long) ((backlogNs + costNs) / Math.max(speed, 1e-3));
  }

  /** I/O takes a multiple of what it takes alone. */
  boolean isCrowded() {
    return crowded;
  }
}
