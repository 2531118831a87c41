package io.mora.target.metrics;

import io.mora.protocol.intent.LatencyBuckets;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * The busiest flows of a queue pair, in a table that does not grow with what hosts make up: a flow
 * that finds no place takes that of the least busy of its neighbours.
 *
 * <p>One thread writes; readers on any thread may see a flow while it is replaced, and then a few
 * counts of the one before.
 */
public final class FlowTable {
  /** Flows kept. */
  public static final int FLOWS = 64;

  private static final int NEIGHBOURS = 4;
  private static final int COMMANDS = 1;
  private static final int MISSES = 2;
  private static final int CLASS = 3;
  private static final int BUCKETS = 4;
  private static final int ROW = BUCKETS + LatencyBuckets.COUNT;
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  /** A row each: flow, commands, misses, class, histogram of total times. */
  private final long[] rows = new long[FLOWS * ROW];

  void record(int flow, int latencyClass, long totalNs, boolean late) {
    int row = rowOf(flow);
    bump(row + COMMANDS);
    if (late) {
      bump(row + MISSES);
    }
    LONGS.setOpaque(rows, row + CLASS, (long) latencyClass);
    bump(row + BUCKETS + LatencyBuckets.of(totalNs));
  }

  private void bump(int at) {
    LONGS.setOpaque(rows, at, rows[at] + 1);
  }

  private int rowOf(int flow) {
    int least = -1;
    for (int i = 0; i < NEIGHBOURS; i++) {
      int row = (flow + i) % FLOWS * ROW;
      if (rows[row] == flow) {
        return row;
      }
      if (least < 0 || rows[row + COMMANDS] < rows[least + COMMANDS]) {
        least = row;
      }
    }
    for (int at = least; at < least + ROW; at++) {
      LONGS.setOpaque(rows, at, 0L);
    }
    LONGS.setOpaque(rows, least, (long) flow);
    return least;
  }

  /** Tells every flow there is; any thread. */
  public void forEach(Consumer<FlowCounts> reader) {
    for (int i = 0; i < FLOWS; i++) {
      int row = i * ROW;
      long flow = get(row);
      if (flow != 0) {
        long[] buckets = new long[LatencyBuckets.COUNT];
        for (int b = 0; b < buckets.length; b++) {
          buckets[b] = get(row + BUCKETS + b);
        }
        reader.accept(
            new FlowCounts(
                (int) flow,
                (int) get(row + CLASS),
                get(row + COMMANDS),
                get(row + MISSES),
                buckets));
      }
    }
  }

  private long get(int at) {
    return (long) LONGS.getOpaque(rows, at);
  }

  /**
   * @param latencyClass record of its latest command
   * @param buckets of total times
   */
  @SuppressWarnings("ArrayRecordComponent") // read once and dropped
  public record FlowCounts(
      int flow, int latencyClass, long commands, long misses, long[] buckets) {}
}
