package io.mora.target.metrics;

import io.mora.protocol.intent.LatencyBuckets;
import io.mora.protocol.intent.LatencyClass;
import java.util.Arrays;

/**
 * What a reader adds up of {@link ClassCounts}; one thread.
 *
 * <p>The rows of a class, 4 KB, are made when it has something: there may be one of these for each
 * namespace of each controller, and most hosts use one class.
 */
public final class ClassSums {
  private static final long[] NO_ROW = new long[ClassCounts.ROW];
  private static final long[] NO_RAN = new long[ClassCounts.RAN_ROW];

  private final long[][] rows = new long[LatencyClass.COUNT][];
  private final long[][] ran = new long[LatencyClass.COUNT][];

  /** Nothing counted. */
  public ClassSums() {
    Arrays.fill(rows, NO_ROW);
    Arrays.fill(ran, NO_RAN);
  }

  private static long[] made(long[][] table, int index, long[] none) {
    if (table[index] == none) {
      table[index] = new long[none.length];
    }
    return table[index];
  }

  public void add(ClassSums other) {
    combine(other, 1);
  }

  /** Takes away what was there before. */
  public void subtract(ClassSums before) {
    combine(before, -1);
  }

  private void combine(ClassSums other, int sign) {
    for (int i = 0; i < LatencyClass.COUNT; i++) {
      combine(i, other.rows[i], other.ran[i], sign);
    }
  }

  private void combine(int index, long[] otherRow, long[] otherRan, int sign) {
    if (otherRow != NO_ROW) {
      add(intoRow(index), otherRow, sign);
    }
    if (otherRan != NO_RAN) {
      add(intoRan(index), otherRan, sign);
    }
  }

  private static void add(long[] into, long[] from, int sign) {
    for (int at = 0; at < into.length; at++) {
      into[at] += sign * from[at];
    }
  }

  /** Where the record of a class is added up; the caller adds to it. */
  long[] intoRow(int index) {
    return made(rows, index, NO_ROW);
  }

  /** Where the record of an effective class is added up; the caller adds to it. */
  long[] intoRan(int index) {
    return made(ran, index, NO_RAN);
  }

  /** Adds what is counted elsewhere to a counter of a record. */
  public void add(int index, int counter, long by) {
    if (by != 0) {
      intoRow(index)[counter] += by;
    }
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
