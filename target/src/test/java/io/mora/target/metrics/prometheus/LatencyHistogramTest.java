package io.mora.target.metrics.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mora.protocol.intent.LatencyBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
  private static HistogramDataPointSnapshot of(long... timesNs) {
    long[] counts = new long[LatencyBuckets.COUNT];
    for (long ns : timesNs) {
      counts[LatencyBuckets.of(ns)]++;
    }
    return LatencyHistogram.of(counts, Labels.EMPTY);
  }

  @Test
  void nothingIsLostInEitherKind() {
    Random random = new Random(4);
    long[] times = random.longs(5000, 0, 20_000_000_000L).toArray();
    HistogramDataPointSnapshot point = of(times);
    long classic = 0;
    for (int i = 0; i < point.getClassicBuckets().size(); i++) {
      classic += point.getClassicBuckets().getCount(i);
    }
    long nativeCount =
        point.getNativeBucketsForPositiveValues().stream().mapToLong(each -> each.getCount()).sum();
    assertThat(classic).isEqualTo(times.length);
    assertThat(nativeCount).isEqualTo(times.length);
  }

  @Test
  void aTimeIsInItsClassicBucketAndAtMostOneNativeBucketOff() {
    for (long ns = 1100; ns < 7_000_000_000L; ns = ns * 21 / 20) {
      HistogramDataPointSnapshot point = of(ns);
      double seconds = ns * 1e-9;
      double before = 0;
      for (int i = 0; i < point.getClassicBuckets().size(); i++) {
        double end = point.getClassicBuckets().getUpperBound(i);
        boolean inside = seconds >= before && seconds < end;
        assertThat(point.getClassicBuckets().getCount(i)).as("%s ns", ns).isEqualTo(inside ? 1 : 0);
        before = end;
      }
      int index = point.getNativeBucketsForPositiveValues().getBucketIndex(0);
      double exact = Math.ceil(Math.log(seconds) / Math.log(2) * 4);
      assertThat((double) index).as("%s ns", ns).isCloseTo(exact, within(1.0));
      assertThat(point.getSum()).isCloseTo(seconds, within(seconds * 0.126 + 128e-9));
    }
  }
}
