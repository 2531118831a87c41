package io.mora.initiator.path.hedge;

/**
 * Which reads may be sent a second time by another way, and when. A read is one that may if its
 * intent is of class 4 or higher with a budget, or of class 5 or higher, and it is not longer than
 * {@link #bytesMax}.
 *
 * @param ratio most hedges for each such read, 0 (none) to {@value #RATIO_MAX}
 * @param burst hedges that may be saved up for a bad moment, 1 to {@value #BURST_MAX}
 * @param delayUsMin from submit, before which nothing is hedged; {@value #DELAY_US_LEAST} or more
 * @param bytesMax of a read, to {@value #BYTES_MAX}
 */
public record HedgeOptions(double ratio, int burst, long delayUsMin, int bytesMax) {
  public static final double RATIO_MAX = 0.5;
  public static final int BURST_MAX = 1024;
  public static final int BYTES_MAX = 1 << 20;
  public static final int DELAY_US_LEAST = 50;
  public static final int DELAY_US_MOST = 60_000_000;

  /** No read is sent twice. */
  public static final HedgeOptions OFF = new HedgeOptions(0, 1, DELAY_US_LEAST, 0);

  /** Up to five of a hundred reads, 20 at once, of 128 KiB at most. */
  public static final HedgeOptions ON = new HedgeOptions(0.05, 20, 200, 128 << 10);

  public HedgeOptions {
    require("ratio", ratio, 0, RATIO_MAX);
    require("burst", burst, 1, BURST_MAX);
    require("delayUsMin", (double) delayUsMin, DELAY_US_LEAST, DELAY_US_MOST);
    require("bytesMax", bytesMax, 0, BYTES_MAX);
  }

  private static void require(String name, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      throw new IllegalArgumentException(name + " " + value + ": " + min + " to " + max);
    }
  }

  public HedgeOptions withRatio(double newRatio) {
    return new HedgeOptions(newRatio, burst, delayUsMin, bytesMax);
  }

  public HedgeOptions withDelayUsMin(long newDelayUsMin) {
    return new HedgeOptions(ratio, burst, newDelayUsMin, bytesMax);
  }

  public boolean isOn() {
    return ratio > 0;
  }
}
