package io.mora.target.controller.nvm;

import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.QueuePair;
import io.mora.target.shard.ShardTurn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Goes to the I/O queue pairs of controllers of a subsystem, each on its shard, and waits until
 * none is busy with what is asked about.
 *
 * <p>Every step is a task, also where the thread would be the same: a queue pair that was made
 * before the walk began is known to its controller when the walk comes there.
 */
final class QueueWalk {
  /** How often it is looked whether a device has let go. */
  private static final long LOOK_US = 250;

  private final Consumer<QueuePair> begin;
  private final Predicate<QueuePair> isBusy;
  private final Runnable whenNone;

  /** Shards that still have such queue pairs, and one for the walk; the home shard only. */
  private int left = 1;

  /**
   * @param begin done to each queue pair, on its shard
   * @param isBusy asked about each until it says no, on its shard
   * @param whenNone done on the home shard
   */
  QueueWalk(Consumer<QueuePair> begin, Predicate<QueuePair> isBusy, Runnable whenNone) {
    this.begin = begin;
    this.isBusy = isBusy;
    this.whenNone = whenNone;
  }

  /** On any shard, once. */
  void run(Controller controller, Predicate<Controller> which) {
    ShardTurn home = controller.home();
    home.shard().execute(() -> walk(controller, which, home));
  }

  private void walk(Controller controller, Predicate<Controller> which, ShardTurn home) {
    Map<ShardTurn, List<QueuePair>> places = new HashMap<>();
    for (Controller each : controller.ofSubsystem()) {
      if (!which.test(each)) {
        continue;
      }
      for (int qid = 1; qid <= each.limits().ioQueuesMax(); qid++) {
        QueuePair queuePair = each.ioQueue(qid);
        if (queuePair != null) {
          places.computeIfAbsent(queuePair.turn(), turn -> new ArrayList<>()).add(queuePair);
        }
      }
    }
    left += places.size();
    places.forEach((turn, queuePairs) -> turn.shard().execute(() -> begin(turn, queuePairs, home)));
    shardDone();
  }

  private void begin(ShardTurn turn, List<QueuePair> queuePairs, ShardTurn home) {
    queuePairs.forEach(begin);
    look(turn, queuePairs, home);
  }

  private void look(ShardTurn turn, List<QueuePair> queuePairs, ShardTurn home) {
    queuePairs.removeIf(queuePair -> !isBusy.test(queuePair));
    if (queuePairs.isEmpty()) {
      home.shard().execute(this::shardDone);
    } else {
      turn.shard()
          .loop()
          .eventLoop()
          .schedule(() -> look(turn, queuePairs, home), LOOK_US, TimeUnit.MICROSECONDS);
    }
  }

  private void shardDone() {
    left--;
    if (left == 0) {
      whenNone.run();
    }
  }
}
