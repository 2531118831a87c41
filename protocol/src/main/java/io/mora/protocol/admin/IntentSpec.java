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
 */
public record IntentSpec(boolean enabled, Readahead readahead, Duration slowThreshold) {
  public static final Range SLOW_THRESHOLD_US = new Range(50, 10_000, 60_000_000);

  public static final IntentSpec DEFAULT =
      new IntentSpec(
          false, Readahead.YIELD, Duration.ofNanos(SLOW_THRESHOLD_US.defaultValue() * 1000));

  /** What a read with DSM frequency 7 (speculative) is. */
  public enum Readahead {
    /** Keeps its class, after the same host's other reads of that class. */
    YIELD,
    /** Class 3, prefetch. */
    PREFETCH
  }

  /** Offered or not, everything else as by default. */
  public IntentSpec(boolean enabled) {
    this(enabled, DEFAULT.readahead, DEFAULT.slowThreshold);
  }

  public IntentSpec withReadahead(Readahead newReadahead) {
    return new IntentSpec(enabled, newReadahead, slowThreshold);
  }
}
