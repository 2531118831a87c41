package io.mora.initiator.signals;

import io.mora.protocol.intent.LatencyBuckets;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The counts of one class on one queue.
 *
 * <p>Assumes: one writing thread, unless it is shared. Guarantees: any thread reads each count, a
 * little late, without tearing. Progress: wait-free, lock-free when shared.
 */
final class ClassCounters {
  static final int COMMANDS = 0;
  static final int TIMED = 1;
  static final int HITS = 2;
  static final int MISSES = 3;
  static final int DEFERRED = 4;
  static final int DOWNGRADED = 5;
  static final int THROTTLED = 6;
  static final int CACHE_HITS = 7;
  static final int EXPIRED = 8;
  static final int CANCELLED = 9;
  static final int FAILED = 10;
  static final int LOCAL = 11;
  static final int ELSEWHERE = 12;
  static final int CPU_UNKNOWN = 13;
  static final int REGISTERED = 14;
  static final int REFUSED = 15;
  static final int CAUSES = 16;
  static final int COUNTS = CAUSES + LateCause.COUNT;

  private final boolean shared;
  private final AtomicLongArray counts = new AtomicLongArray(COUNTS);

  /** Submitted until the consumer is ready, without device time. */
  private final AtomicLongArray useful = new AtomicLongArray(LatencyBuckets.COUNT);

  /** Device done until the consumer is ready. */
  private final AtomicLongArray ready = new AtomicLongArray(LatencyBuckets.COUNT);

  /** Consumer ready until it said that the data is put to use. */
  private final AtomicLongArray gap = new AtomicLongArray(LatencyBuckets.COUNT);

  ClassCounters(boolean shared) {
    this.shared = shared;
  }

  void add(int count) {
    add(counts, count);
  }

  void useful(long ns) {
    add(useful, LatencyBuckets.of(ns));
  }

  void ready(long ns) {
    add(ready, LatencyBuckets.of(ns));
  }

  void gap(long ns) {
    add(gap, LatencyBuckets.of(ns));
  }

  private void add(AtomicLongArray array, int at) {
    if (shared) {
      array.getAndIncrement(at);
    } else {
      array.lazySet(at, array.getPlain(at) + 1);
    }
  }

  /** Adds everything to a sum. */
  void addTo(ClassSum sum) {
    sum(counts, sum.counts);
    sum(useful, sum.useful);
    sum(ready, sum.ready);
    sum(gap, sum.gap);
  }

  private static void sum(AtomicLongArray from, long[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += from.get(i);
    }
  }
}
