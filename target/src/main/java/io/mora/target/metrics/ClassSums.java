package io.mora.target.metrics;

import io.mora.protocol.intent.LatencyBuckets;
import io.mora.protocol.intent.LatencyClass;
import java.util.Arrays;

/** What a reader adds up of {@link ClassCounts}; one thread. */
public final class ClassSums {
  final long[][] rows = new long[LatencyClass.COUNT][ClassCounts.ROW];
  final long[][] ran = new long[LatencyClass.COUNT][ClassCounts.RAN_ROW];

  public void add(ClassSums other) {
    combine(other, 1);
  }

  /** Takes away what was there before. */
  public void subtract(ClassSums before) {
    combine(before, -1);
  }

  private void combine(ClassSums other, int sign) {
    combine(rows, other.rows, sign);
    combine(ran, other.ran, sign);
  }

  private static void combine(long[][] into, long[][] other, int sign) {
    for (int i = 0; i < into.length; i++) {
      for (int at = 0; at < into[i].length; at++) {
        into[i][at] += sign * other[i][at];
      }
    }
  }

  /** Adds what is counted elsewhere to a counter of a record. */
  public void add(int index, int counter, long by) {
    rows[index][counter] += by;
  }

  /** A counter of {@link ClassCounts} of a record; 0 is traffic without intent. */
  public long counter(int index, int counter) {
    return rows[index][counter];
  }

  /** A histogram of a record, a copy. */
  public long[] histogram(int index, int histogram) {
    int from = ClassCounts.COUNTERS + histogram * LatencyBuckets.COUNT;
    return Arrays.copyOfRange(rows[index], from, from + LatencyBuckets.COUNT);
  }

  /** Commands that ran in a class, with intent or without. */
  public long commands(int effectiveClass) {
    return ran[effectiveClass][0];
  }

  /** Those of them that were late. */
  public long late(int effectiveClass) {
    return ran[effectiveClass][1];
  }

  /** Those of them that were late for a cause. */
  public long late(int effectiveClass, LateCause cause) {
    return ran[effectiveClass][2 + cause.index()];
  }

  /** How long commands that ran in a class took, with intent or without: a histogram, a copy. */
  public long[] times(int effectiveClass) {
    return Arrays.copyOfRange(
        ran[effectiveClass], ClassCounts.RAN_TIMES, ClassCounts.RAN_TIMES + LatencyBuckets.COUNT);
  }
}
