package io.mora.qos.host;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A rate with a burst, exact to the token: over any time t since its start never more than rate * t
 * + burst tokens are given, and whoever asks often enough is given all of it.
 *
 * <p>Assumes: nanoseconds of one clock. Guarantees: any thread may take. Progress: lock-free; a
 * failed exchange means that another thread was given tokens.
 */
public final class TokenBucket {
  /*
   * One number: tokens spent, on the scale of tokens accrued since the start. Both are computed from
   * the start, so nothing rounds twice and nothing drifts. Tokens that accrue while the bucket is
   * full are spent on nobody: "spent" never lags more than the burst behind. Whole microseconds of
   * time keep the product in 63 bits.
   */
  /** Highest rate a second: 128 GiB. At that the count lasts for two years, at less for longer. */
  public static final long RATE_MAX = 1L << 37;

  private static final long SECOND_NS = 1_000_000_000L;
  private static final long MICRO_NS = 1_000L;
  private static final long SECOND_MICROS = 1_000_000L;

  private final long ratePerSecond;
  private final long burst;
  private final long startNs;
  private final AtomicLong spent = new AtomicLong();

  /**
   * @param ratePerSecond tokens a second, 1 to {@link #RATE_MAX}
   * @param burst most tokens saved up, 1 to {@link #RATE_MAX}; the bucket starts full
   * @param startNs the clock's time now
   */
  public TokenBucket(long ratePerSecond, long burst, long startNs) {
    this.ratePerSecond = check("ratePerSecond", ratePerSecond);
    this.burst = check("burst", burst);
    this.startNs = startNs;
  }

  private static long check(String name, long value) {
    if (value < 1 || value > RATE_MAX) {
      throw new IllegalArgumentException(name + " " + value + ": 1 to " + RATE_MAX);
    }
    return value;
  }

  /** Takes all the tokens, or none. */
  public boolean take(long tokens, long nowNs) {
    return takeUpTo(tokens, tokens, nowNs) == tokens;
  }

  /**
   * Takes as many as there are.
   *
   * @param least fewer than this are not taken at all; at least 1
   * @param most no more than this
   * @return how many were taken: 0, or least to most
   */
  public long takeUpTo(long least, long most, long nowNs) {
    long accrued = accrued(nowNs);
    while (true) {
      long before = spent.get();
      long from = Math.max(before, accrued);
      long there = accrued + burst - from;
      long taken = Math.min(there, most);
      if (taken < least) {
        return 0;
      }
      if (spent.compareAndSet(before, from + taken)) {
        return taken;
      }
    }
  }

  /** Tokens there are now. */
  public long available(long nowNs) {
    long accrued = accrued(nowNs);
    return accrued + burst - Math.max(spent.get(), accrued);
  }

  public long ratePerSecond() {
    return ratePerSecond;
  }

  public long burst() {
    return burst;
  }

  private long accrued(long nowNs) {
    long elapsedNs = Math.max(0, nowNs - startNs);
    long micros = elapsedNs % SECOND_NS / MICRO_NS;
    return elapsedNs / SECOND_NS * ratePerSecond + micros * ratePerSecond / SECOND_MICROS;
  }
}
