package io.mora.initiator.signals;

import io.mora.protocol.intent.LatencyBuckets;
import java.util.EnumMap;
import java.util.Map;

/** The counts of one class over queues, or what was added to them in an interval. */
final class ClassSum {
  final long[] counts = new long[ClassCounters.COUNTS];
  final long[] useful = new long[LatencyBuckets.COUNT];
  final long[] ready = new long[LatencyBuckets.COUNT];
  final long[] gap = new long[LatencyBuckets.COUNT];

  /** This less an earlier one of the same. */
  ClassSum since(ClassSum earlier) {
    ClassSum difference = new ClassSum();
    subtract(counts, earlier.counts, difference.counts);
    subtract(useful, earlier.useful, difference.useful);
    subtract(ready, earlier.ready, difference.ready);
    subtract(gap, earlier.gap, difference.gap);
    return difference;
  }

  private static void subtract(long[] now, long[] before, long[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = Math.max(0, now[i] - before[i]);
    }
  }

  ClassSignals toSignals(int latencyClass) {
    Map<LateCause, Long> causes = new EnumMap<>(LateCause.class);
    for (int i = 0; i < LateCause.COUNT; i++) {
      if (counts[ClassCounters.CAUSES + i] > 0) {
        causes.put(LateCause.of(i), counts[ClassCounters.CAUSES + i]);
      }
    }
    return new ClassSignals(
        latencyClass,
        counts.clone(),
        causes,
        new ClassSignals.Times(useful),
        new ClassSignals.Times(ready),
        new ClassSignals.Times(gap));
  }
}
