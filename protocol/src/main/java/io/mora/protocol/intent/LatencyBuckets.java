package io.mora.protocol.intent;

/**
 * The histogram of log E0h: {@value #COUNT} buckets, four to each power of two of 256 ns.
 *
 * <p>With v = t / 256 ns: v &lt; 4 is bucket v; else e = floor(log2 v) and the bucket is {@code 4(e
 * - 1) + ((v >> (e - 2)) & 3)}, at most the last, which begins at 7.5 s. A time is told at most 25
 * % wrong.
 */
public final class LatencyBuckets {
  public static final int COUNT = 96;

  private static final int UNIT_SHIFT = 8;

  private LatencyBuckets() {}

  /** Bucket of a time; negative times count as 0. */
  public static int of(long ns) {
    if (ns <= 0) {
      return 0;
    }
    long v = ns >>> UNIT_SHIFT;
    if (v < 4) {
      return (int) v;
    }
    int e = 63 - Long.numberOfLeadingZeros(v);
    return Math.min(COUNT - 1, 4 * (e - 1) + (int) (v >>> e - 2 & 3));
  }

  /** Shortest time of a bucket, in nanoseconds. */
  public static long lowerEdgeNs(int bucket) {
    return bucket < 4
        ? (long) bucket << UNIT_SHIFT
        : (long) (4 + (bucket & 3)) << (bucket >> 2) - 1 << UNIT_SHIFT;
  }

  /**
   * The time that a share of the samples does not exceed: the end of the bucket it falls in, so
   * never told shorter than it is; for the last bucket its beginning. 0 without samples.
   *
   * @param counts {@value #COUNT} of them
   * @param perMillion 500 000 is the median
   */
  public static long quantileNs(long[] counts, int perMillion) {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    if (total == 0) {
      return 0;
    }
    // Rounded up without overflow: total may be large, perMillion is at most a million.
    long wanted =
        total / 1_000_000 * perMillion + (total % 1_000_000 * perMillion + 999_999) / 1_000_000;
    long seen = 0;
    for (int bucket = 0; bucket < COUNT - 1; bucket++) {
      seen += counts[bucket];
      if (seen >= wanted && seen > 0) {
        return lowerEdgeNs(bucket + 1);
      }
    }
    return lowerEdgeNs(COUNT - 1);
  }
}
