package io.mora.target;

import io.mora.target.controller.Controller;
import io.mora.target.controller.ControllerTable;
import io.mora.target.controller.queue.QueuePair;
import io.mora.target.shard.ShardGroup;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes a namespace that left its subsystem out of every shard and closes its storage, once nothing
 * of it is under way. A control thread.
 *
 * <p>Assumes: the subsystem's table has it no more. Guarantees: what was handed to the storage
 * before is answered by it; what comes later fails; the storage is closed under no command.
 * Progress: as fast as the device, and not for ever.
 */
final class NamespaceRetirement {
  private static final long LOOK_MS = 2;

  private final ShardGroup shards;
  private final List<ShardTurn> turns;
  private final List<ControllerTable> tables;
  private final Namespace namespace;

  /**
   * @param tables where controllers may still have commands of it
   */
  NamespaceRetirement(
      ShardGroup shards, List<ShardTurn> turns, List<ControllerTable> tables, Namespace namespace) {
    this.shards = shards;
    this.turns = turns;
    this.tables = tables;
    this.namespace = namespace;
  }

  /**
   * @return false if its device did not let go in time: it may be tried again
   */
  boolean run(long timeoutMs) {
    namespace.retire();
    namespace.hot().drop();
    // Commands that looked before they could know have got to where they are seen by now.
    shards.onEach(shard -> {});
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    while (isUsed()) {
      if (System.nanoTime() > end || !pause()) {
        return false;
      }
    }
    shards.onEach(shard -> namespace.close(turns.get(shard.index())));
    namespace.backend().close();
    return true;
  }

  private boolean isUsed() {
    List<List<QueuePair>> queues = new ArrayList<>();
    shards.shards().forEach(shard -> queues.add(new ArrayList<>()));
    shards.onEach(
        shard -> {
          for (ControllerTable table : tables) {
            if (table.home().shard() == shard) {
              collect(table, queues.get(shard.index()));
            }
          }
        });
    AtomicBoolean used = new AtomicBoolean();
    shards.onEach(
        shard -> {
          boolean here = namespace.inFlight(shard.index()) > 0;
          for (List<QueuePair> list : queues) {
            for (QueuePair queuePair : list) {
              here |= queuePair.turn().shard() == shard && queuePair.aborts().isUsing(namespace);
            }
          }
          if (here) {
            used.set(true);
          }
        });
    return used.get();
  }

  private static void collect(ControllerTable table, List<QueuePair> into) {
    for (Controller controller : table.controllers()) {
      controller.forEachIoQueue(into::add);
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(LOOK_MS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
