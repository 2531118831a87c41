package io.mora.cli.load;

/**
 * When a load runs, and which part of it counts, in {@link System#nanoTime}.
 *
 * @param startNs the load begins
 * @param fromNs what is meant to start from here on counts
 * @param endNs nothing starts from here on
 */
public record Window(long startNs, long fromNs, long endNs) {
  /** Runs until there is no more to do; all of it counts. */
  static Window unbounded(long startNs) {
    return new Window(startNs, startNs, startNs + Long.MAX_VALUE / 2);
  }

  /** A warm-up that does not count, then what does. */
  public static Window of(long startNs, long warmupNs, long durationNs) {
    return new Window(startNs, startNs + warmupNs, startNs + warmupNs + durationNs);
  }

  /** Whether what is meant to start then counts. */
  public boolean counts(long intendedNs) {
    return intendedNs - fromNs >= 0 && intendedNs - endNs < 0;
  }

  /** Whether nothing starts any more. */
  public boolean over(long nowNs) {
    return nowNs - endNs >= 0;
  }

  /** How long the part that counts is. */
  public long lengthNs() {
    return endNs - fromNs;
  }
}
