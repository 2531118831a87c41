package io.mora.protocol.intent;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class LatencyBucketsTest {
  @Test
  void everyEdgeBeginsItsBucket() {
    for (int bucket = 0; bucket < LatencyBuckets.COUNT; bucket++) {
      long edge = LatencyBuckets.lowerEdgeNs(bucket);
      assertThat(LatencyBuckets.of(edge)).as("from %d ns", edge).isEqualTo(bucket);
      if (bucket > 0) {
        assertThat(LatencyBuckets.of(edge - 1)).as("%d ns", edge - 1).isEqualTo(bucket - 1);
      }
    }
  }

  @Test
  void theEdgesOfTheReference() {
    // v = 4, 5, 6, 7 are buckets 4..7, v = 8 is e = 3: 4 * 2 + 0.
    assertThat(LatencyBuckets.of(3 * 256)).isEqualTo(3);
    assertThat(LatencyBuckets.of(4 * 256)).isEqualTo(4);
    assertThat(LatencyBuckets.of(7 * 256 + 255)).isEqualTo(7);
    assertThat(LatencyBuckets.of(8 * 256)).isEqualTo(8);
    assertThat(LatencyBuckets.of(9 * 256)).isEqualTo(8);
    assertThat(LatencyBuckets.of(10 * 256)).isEqualTo(9);
    assertThat(LatencyBuckets.lowerEdgeNs(95)).isEqualTo(7_516_192_768L);
    assertThat(LatencyBuckets.of(Long.MAX_VALUE)).isEqualTo(95);
    assertThat(LatencyBuckets.of(-1)).isZero();
  }

  @Property
  void aTimeIsToldAtMostAQuarterWrong(
      @ForAll @LongRange(min = 1024, max = 7_516_192_767L) long ns) {
    int bucket = LatencyBuckets.of(ns);
    long from = LatencyBuckets.lowerEdgeNs(bucket);
    long to = LatencyBuckets.lowerEdgeNs(bucket + 1);
    assertThat(ns).isBetween(from, to - 1);
    assertThat(to - from).isLessThanOrEqualTo(from / 4);
  }

  @Test
  void quantilesAreTheEndOfTheirBucket() {
    long[] counts = new long[LatencyBuckets.COUNT];
    assertThat(LatencyBuckets.quantileNs(counts, 990_000)).isZero();
    counts[10] = 99;
    counts[20] = 1;
    assertThat(LatencyBuckets.quantileNs(counts, 500_000))
        .isEqualTo(LatencyBuckets.lowerEdgeNs(11));
    assertThat(LatencyBuckets.quantileNs(counts, 990_000))
        .isEqualTo(LatencyBuckets.lowerEdgeNs(11));
    assertThat(LatencyBuckets.quantileNs(counts, 999_000))
        .isEqualTo(LatencyBuckets.lowerEdgeNs(21));
    counts[95] = 1_000_000;
    assertThat(LatencyBuckets.quantileNs(counts, 500_000))
        .isEqualTo(LatencyBuckets.lowerEdgeNs(95));
    assertThat(LatencyBuckets.quantileNs(counts, 0)).isEqualTo(LatencyBuckets.lowerEdgeNs(11));
  }
}
