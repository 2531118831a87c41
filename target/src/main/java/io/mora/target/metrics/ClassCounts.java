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

  public static final int COUNTERS = 13;

  /** Histograms, numbered as LSP of log E0h. */
  public static final int HISTOGRAMS = 4;

  /** Numbers of a class: counters, then the histograms one after the other. */
  static final int ROW = COUNTERS + HISTOGRAMS * LatencyBuckets.COUNT;

  /** Numbers of a class in the table of lateness: commands, late ones, then by cause. */
  static final int LATE_ROW = 2 + LateCause.COUNT;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle ROWS = MethodHandles.arrayElementVarHandle(long[][].class);

  private final long[] @Nullable [] rows = new long[LatencyClass.COUNT][];
  private final long[] late = new long[LatencyClass.COUNT * LATE_ROW];

  private long[] row(int index) {
    long[] row = rows[index];
    if (row == null) {
      row = new long[ROW];
      ROWS.setRelease(rows, index, row);
    }
    return row;
  }

  private static void bump(long[] row, int at, long by) {
    LONGS.setOpaque(row, at, row[at] + by);
  }

  /** Adds to a counter of a record, 0 to 7; the writer's thread. */
  void add(int index, int counter, long by) {
    bump(row(index), counter, by);
  }

  /** Adds a time to a histogram of a record; the writer's thread. */
  void time(int index, int histogram, long ns) {
    bump(row(index), COUNTERS + histogram * LatencyBuckets.COUNT + LatencyBuckets.of(ns), 1);
  }

  /**
   * Counts a command of an effective class; the writer's thread.
   *
   * @param cause index of a {@link LateCause}, -1 if it was in time
   */
  void lateness(int effectiveClass, int cause) {
    int at = effectiveClass * LATE_ROW;
    bump(late, at, 1);
    if (cause >= 0) {
      bump(late, at + 1, 1);
      bump(late, at + 2 + cause, 1);
    }
  }

  /** Adds what there is to the reader's sums; any thread. */
  void addTo(ClassSums sums) {
    for (int i = 0; i < LatencyClass.COUNT; i++) {
      long[] row = (long[]) ROWS.getAcquire(rows, i);
      if (row != null) {
        long[] into = sums.rows[i];
        for (int at = 0; at < ROW; at++) {
          into[at] += (long) LONGS.getOpaque(row, at);
        }
      }
    }
    for (int at = 0; at < late.length; at++) {
      sums.late[at] += (long) LONGS.getOpaque(late, at);
    }
  }
}
