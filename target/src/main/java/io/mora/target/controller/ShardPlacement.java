package io.mora.target.controller;

import io.mora.target.shard.ShardTurn;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Chooses the shard of an I/O queue: the one with the fewest, and among equals by QID, so that the
 * queues of one host spread. Called by control steps of any shard.
 */
final class ShardPlacement {
  private final List<ShardTurn> turns;
  private final AtomicIntegerArray queues;

  ShardPlacement(List<ShardTurn> turns) {
    this.turns = List.copyOf(turns);
    this.queues = new AtomicIntegerArray(turns.size());
  }

  ShardTurn choose(int qid) {
    int first = Math.floorMod(qid - 1, turns.size());
    int best = first;
    for (int i = 1; i < turns.size(); i++) {
      int candidate = (first + i) % turns.size();
      if (queues.get(candidate) < queues.get(best)) {
        best = candidate;
      }
    }
    return turns.get(best);
  }

  void added(ShardTurn turn) {
    queues.incrementAndGet(turn.shard().index());
  }

  void removed(ShardTurn turn) {
    queues.decrementAndGet(turn.shard().index());
  }
}
