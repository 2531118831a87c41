package io.mora.target.metrics;

import io.mora.protocol.intent.LatencyBuckets;
import io.mora.protocol.intent.LatencyClass;
import java.util.Arrays;

/** What a reader adds up of {@link ClassCounts}; one thread. */
public final class ClassSums {
  final long[][] rows = new long[LatencyClass.COUNT][ClassCounts.ROW];
  final long[] late = new long[LatencyClass.COUNT * ClassCounts.LATE_ROW];

  public void add(ClassSums other) {
    combine(other, 1);
  }

  /** Takes away what was there before. */
  public void subtract(ClassSums before) {
    combine(before, -1);
  }

  private void combine(ClassSums other, int sign) {
    for (int i = 0; i < rows.length; i++) {
      for (int at = 0; at < ClassCounts.ROW; at++) {
        rows[i][at] += sign * other.rows[i][at];
      }
    }
    for (int at = 0; at < late.length; at++) {
      late[at] += sign * other.late[at];
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
    return late[effectiveClass * ClassCounts.LATE_ROW];
  }

  /** Those of them that were late. */
  public long late(int effectiveClass) {
    return late[effectiveClass * ClassCounts.LATE_ROW + 1];
  }

  /** Those of them that were late for a cause. */
  public long late(int effectiveClass, LateCause cause) {
    return late[effectiveClass * ClassCounts.LATE_ROW + 2 + cause.index()];
  }
}
