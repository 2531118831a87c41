package io.mora.target.metrics;

import io.mora.protocol.intent.LatencyBuckets;
import io.mora.protocol.intent.LatencyClass;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Counters and histograms by class: what log E0h tells.
 *
 * <p>Assumes: one thread writes. Guarantees: readers on any thread see whole numbers, perhaps a
 * command old. Progress: nobody waits. The rows of a class are made when it is first used.
 */
public final class ClassCounts {
  /** Counters, in the order of log E0h. */
  public static final int COMMANDS = 0;

  public static final int BYTES = 1;
  public static final int MISSES = 2;
  public static final int DEFERRED = 3;
  public static final int DOWNGRADED = 4;
  public static final int THROTTLED = 5;
  public static final int EXPIRED = 6;
  public static final int STEP = 7;
  public static final int STEP_MISSES = 8;
  public static final int CACHE_HITS = 9;
  public static final int REGISTRATION_HITS = 10;
  public static final int REGISTRATION_STALE = 11;

  /** Registrations made and removed: of no queue, added by who reads. */
  public static final int REGISTRATION_CHANGES = 12;

  /** Reads that could not meet their budget; not among the commands. */
  public static final int REFUSED = 13;

  public static final int COUNTERS = 14;

  /** Histograms, numbered as LSP of log E0h. */
  public static final int HISTOGRAMS = 4;

  /** Numbers of a class: counters, then the histograms one after the other. */
  static final int ROW = COUNTERS + HISTOGRAMS * LatencyBuckets.COUNT;

  /** Where the histogram of total times begins in the row of an effective class. */
  static final int RAN_TIMES = 2 + LateCause.COUNT;

  /** Numbers of an effective class: commands, late ones, by cause, then the histogram. */
  static final int RAN_ROW = RAN_TIMES + LatencyBuckets.COUNT;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle ROWS = MethodHandles.arrayElementVarHandle(long[][].class);

  private final long[] @Nullable [] rows = new long[LatencyClass.COUNT][];
  private final long[] @Nullable [] ran = new long[LatencyClass.COUNT][];

  private static long[] row(long[] @Nullable [] table, int index, int length) {
    long[] row = table[index];
    if (row == null) {
      row = new long[length];
      ROWS.setRelease(table, index, row);
    }
    return row;
  }

  private static void bump(long[] row, int at, long by) {
    LONGS.setOpaque(row, at, row[at] + by);
  }

  /** Adds to a counter of a record, 0 to 7; the writer's thread. */
  void add(int index, int counter, long by) {
    bump(row(rows, index, ROW), counter, by);
  }

  /** Adds a time to a histogram of a record; the writer's thread. */
  void time(int index, int histogram, long ns) {
    int bucket = LatencyBuckets.of(ns);
    bump(row(rows, index, ROW), COUNTERS + histogram * LatencyBuckets.COUNT + bucket, 1);
  }

  /**
   * Counts a command of an effective class; the writer's thread.
   *
   * @param cause index of a {@link LateCause}, -1 if it was in time
   */
  void ran(int effectiveClass, long totalNs, int cause) {
    long[] row = row(ran, effectiveClass, RAN_ROW);
    bump(row, 0, 1);
    bump(row, RAN_TIMES + LatencyBuckets.of(totalNs), 1);
    if (cause >= 0) {
      bump(row, 1, 1);
      bump(row, 2 + cause, 1);
    }
  }

  /** Adds what there is to the reader's sums; any thread. */
  void addTo(ClassSums sums) {
    for (int i = 0; i < LatencyClass.COUNT; i++) {
      long[] row = (long[]) ROWS.getAcquire(rows, i);
      if (row != null) {
        addTo(sums.intoRow(i), row);
      }
      long[] ranRow = (long[]) ROWS.getAcquire(ran, i);
      if (ranRow != null) {
        addTo(sums.intoRan(i), ranRow);
      }
    }
  }

  private static void addTo(long[] into, long[] row) {
    for (int at = 0; at < row.length; at++) {
      into[at] += (long) LONGS.getOpaque(row, at);
    }
  }
}
