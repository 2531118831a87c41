package io.mora.protocol.admin;

import java.time.Duration;

/**
 * The latency-intent extension.
 *
 * @param enabled it is offered; hosts still have to opt in. Off, its bytes and features are not
 *     there
 * @param readahead what the hint does that Linux sends with readahead
 * @param slowThreshold commands that take longer are remembered with where their time went, and
 *     told to a running flight recording
 * @param hotBytes memory for what hosts say is hot; 0 is none
 * @param hotPerHostPercent part of it that one host may have
 */
public record IntentSpec(
    boolean enabled,
    Readahead readahead,
    Duration slowThreshold,
    long hotBytes,
    int hotPerHostPercent) {
  public static final Range HOT_BYTES = new Range(0, 0, 1L << 40);
  public static final Range HOT_PER_HOST_PERCENT = new Range(1, 25, 100);

  public static final Range SLOW_THRESHOLD_US = new Range(50, 10_000, 60_000_000);

  public static final IntentSpec DEFAULT =
      new IntentSpec(
          false,
          Readahead.YIELD,
          Duration.ofNanos(SLOW_THRESHOLD_US.defaultValue() * 1000),
          HOT_BYTES.defaultValue(),
          (int) HOT_PER_HOST_PERCENT.defaultValue());

  /** What a read with DSM frequency 7 (speculative) is. */
  public enum Readahead {
    /** Keeps its class, after the same host's other reads of that class. */
    YIELD,
    /** Class 3, prefetch. */
    PREFETCH
  }

  /** Offered or not, everything else as by default. */
  public IntentSpec(boolean enabled) {
    this(
        enabled,
        DEFAULT.readahead,
        DEFAULT.slowThreshold,
        DEFAULT.hotBytes,
        DEFAULT.hotPerHostPercent);
  }

  public IntentSpec withReadahead(Readahead newReadahead) {
    return new IntentSpec(enabled, newReadahead, slowThreshold, hotBytes, hotPerHostPercent);
  }

  public IntentSpec withHotBytes(long newBytes) {
    return new IntentSpec(enabled, readahead, slowThreshold, newBytes, hotPerHostPercent);
  }
}
