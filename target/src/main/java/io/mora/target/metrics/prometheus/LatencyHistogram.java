package io.mora.target.metrics.prometheus;

import io.mora.protocol.intent.LatencyBuckets;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The target's histograms of four buckets to a power of two as Prometheus' two kinds.
 *
 * <p>Classic buckets end where the target's do, so that they tell what was counted: two to a power
 * of two from 16 us to 67 ms, else one. A native bucket (schema {@value #SCHEMA}, four to a power
 * of two) takes what lies at the middle of one of the target's: from 1 us on at most one bucket
 * off, 19 %. The sum is of these middles: at most 12.5 % wrong.
 */
final class LatencyHistogram {
  static final int SCHEMA = 2;

  private static final int PER_OCTAVE = 4;
  private static final int FINE_FROM = 4 * 5;
  private static final int FINE_TO = 4 * 17;
  private static final double NS = 1e-9;
  private static final double LOG_2 = Math.log(2);

  private LatencyHistogram() {}

  /**
   * A histogram with labels.
   *
   * @param counts of every bucket of {@link LatencyBuckets}
   */
  static HistogramDataPointSnapshot of(long[] counts, Labels labels) {
    return HistogramDataPointSnapshot.builder()
        .labels(labels)
        .classicHistogramBuckets(classic(counts))
        .nativeSchema(SCHEMA)
        .nativeBucketsForPositiveValues(nativeBuckets(counts))
        .sum(sum(counts))
        .build();
  }

  private static ClassicHistogramBuckets classic(long[] counts) {
    List<Double> ends = new ArrayList<>();
    List<Long> between = new ArrayList<>();
    long count = 0;
    for (int i = 0; i < counts.length - 1; i++) {
      count += counts[i];
      if (isEnd(i + 1)) {
        ends.add(LatencyBuckets.lowerEdgeNs(i + 1) * NS);
        between.add(count);
        count = 0;
      }
    }
    ends.add(Double.POSITIVE_INFINITY);
    between.add(count + counts[counts.length - 1]);
    return ClassicHistogramBuckets.of(ends, between);
  }

  private static boolean isEnd(int bucket) {
    boolean fine = bucket >= FINE_FROM && bucket <= FINE_TO;
    return bucket % (fine ? 2 : PER_OCTAVE) == 0;
  }

  private static NativeHistogramBuckets nativeBuckets(long[] counts) {
    SortedMap<Integer, Long> buckets = new TreeMap<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] != 0) {
        int index = (int) Math.ceil(Math.log(middle(i)) / LOG_2 * PER_OCTAVE);
        buckets.merge(index, counts[i], Long::sum);
      }
    }
    return NativeHistogramBuckets.of(List.copyOf(buckets.keySet()), List.copyOf(buckets.values()));
  }

  private static double sum(long[] counts) {
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += counts[i] * middle(i);
    }
    return sum;
  }

  /** Of the last bucket, which has no end, its beginning. */
  private static double middle(int bucket) {
    double from = LatencyBuckets.lowerEdgeNs(bucket);
    double to = bucket == LatencyBuckets.COUNT - 1 ? from : LatencyBuckets.lowerEdgeNs(bucket + 1);
    return (from + to) / 2 * NS;
  }
}
