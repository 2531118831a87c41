package io.mora.qos.host;

import org.jspecify.annotations.Nullable;

/** Tokens one shard took from a bucket in advance, so that not every I/O touches shared memory. */
final class Lease {
  /*
   * A slice is a sixteenth of the burst but no more than 10 ms of the rate, so what lies unused with
   * other shards is small. What is not used within 100 ms is forfeited: else shards could save up
   * leases beside the burst. Forfeiting wastes tokens only of a host that is below its rate.
   */
  static final long BURST_PARTS = 16;
  static final long RATE_PARTS = 100;
  static final long LIFE_NS = 100_000_000L;

  private final @Nullable TokenBucket bucket;
  private final long slice;
  private long left;
  private long sinceNs;

  Lease(@Nullable TokenBucket bucket) {
    this.bucket = bucket;
    slice =
        bucket == null
            ? 0
            : Math.min(bucket.burst() / BURST_PARTS, bucket.ratePerSecond() / RATE_PARTS);
  }

  /** Whether the tokens are here, after taking more from the bucket if need be. */
  boolean has(long tokens, long nowNs) {
    if (bucket == null || tokens == 0) {
      return true;
    }
    if (nowNs - sinceNs > LIFE_NS) {
      left = 0;
    }
    if (left < tokens) {
      long missing = tokens - left;
      long taken = bucket.takeUpTo(missing, Math.max(missing, slice), nowNs);
      if (taken == 0) {
        return false;
      }
      left += taken;
      sinceNs = nowNs;
    }
    return true;
  }

  /** Uses what {@link #has} found. */
  void use(long tokens) {
    if (bucket != null) {
      left -= tokens;
    }
  }
}
