package io.mora.target.controller;

import io.mora.target.shard.ShardTurn;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Chooses the shard of an I/O queue by load, by the consumer CPU its host declared, and by QID.
 *
 * <p>Load is two numbers of each shard: the I/O queues it has, and what it was given to do lately.
 * Only shards with about the fewest queues come into question, so that no shard ever has many more
 * than another whatever hosts do. Of these, or if it has one more, it is the one that has the
 * host's other queues of the same consumer CPU; else, of those that had about the least to do, the
 * one with the fewest queues; and among equals the QID decides, so that the queues of one host
 * spread.
 *
 * <p>Assumes: control steps of any shard call. Guarantees: a place counts from when it is taken, so
 * that queues that connect at once see each other. Progress: nobody waits; two that choose in the
 * same instant may choose the same shard. Admin queues are where their subsystem is and do not
 * count.
 */
final class ShardPlacement {
  /** No shard is preferred. */
  static final int ANY = -1;

  /** A shard may have one queue more than the one with the fewest, or a part in so many. */
  private static final int QUEUES_PART = 8;

  /** So many parts of a shard's fair part of all work make no difference. */
  private static final int WORK_PART = 4;

  /** What was done lately is looked at again after this long. */
  private static final long LOOK_NS = 100_000_000;

  private final List<ShardTurn> turns;
  private final AtomicIntegerArray queues;
  private final AtomicLong lookedNs = new AtomicLong(Long.MIN_VALUE);
  private final AtomicLongArray workThen;
  private final AtomicLongArray workLately;

  ShardPlacement(List<ShardTurn> turns) {
    this.turns = List.copyOf(turns);
    this.queues = new AtomicIntegerArray(turns.size());
    this.workThen = new AtomicLongArray(turns.size());
    this.workLately = new AtomicLongArray(turns.size());
  }

  /**
   * Takes a place for a queue; {@link #removed} gives it back.
   *
   * @param preferred index of the shard with the host's queues of the same consumer, or {@link
   *     #ANY}
   */
  ShardTurn take(int qid, int preferred, long nowNs) {
    look(nowNs);
    long[] did = new long[turns.size()];
    for (int i = 0; i < did.length; i++) {
      did[i] = workLately.get(i);
    }
    int chosen = choose(qid, preferred, queues(), did);
    queues.incrementAndGet(chosen);
    return turns.get(chosen);
  }

  /** A queue is gone, or never came. */
  void removed(ShardTurn turn) {
    queues.decrementAndGet(turn.shard().index());
  }

  /** I/O queues of each shard, by its index; any thread. */
  int[] queues() {
    int[] has = new int[turns.size()];
    for (int i = 0; i < has.length; i++) {
      has[i] = queues.get(i);
    }
    return has;
  }

  private void look(long nowNs) {
    long before = lookedNs.get();
    boolean first = before == Long.MIN_VALUE;
    if (!first && nowNs - before < LOOK_NS || !lookedNs.compareAndSet(before, nowNs)) {
      return;
    }
    for (int i = 0; i < turns.size(); i++) {
      long work = turns.get(i).workGiven();
      workLately.set(i, work - workThen.getAndSet(i, work));
    }
  }

  /**
   * The choice itself.
   *
   * @param has I/O queues of each shard
   * @param did what each was given to do lately, in any unit
   */
  static int choose(int qid, int preferred, int[] has, long[] did) {
    int fewest = Integer.MAX_VALUE;
    for (int each : has) {
      fewest = Math.min(fewest, each);
    }
    int most = fewest + Math.max(1, fewest / QUEUES_PART);
    if (preferred != ANY && has[preferred] <= most) {
      return preferred;
    }
    long leastWork = Long.MAX_VALUE;
    long allWork = 0;
    for (int i = 0; i < has.length; i++) {
      allWork += did[i];
      leastWork = has[i] < most ? Math.min(leastWork, did[i]) : leastWork;
    }
    long mostWork = leastWork + allWork / has.length / WORK_PART;
    int best = ANY;
    for (int i = 0; i < has.length; i++) {
      int candidate = Math.floorMod(qid - 1 + i, has.length);
      if (has[candidate] < most
          && did[candidate] <= mostWork
          && (best == ANY || has[candidate] < has[best])) {
        best = candidate;
      }
    }
    return best;
  }
}
