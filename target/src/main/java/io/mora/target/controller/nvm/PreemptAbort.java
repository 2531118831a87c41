package io.mora.target.controller.nvm;

import io.mora.protocol.HostId;
import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.controller.queue.QueuePair;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.Namespace;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The second half of Preempt and Abort: commands of preempted hosts that were under way on the
 * namespace are ended, on every shard, and the command ends when none of them can do anything any
 * more. What a host has not sent the data of fails when it does.
 */
final class PreemptAbort {
  /** How often it is looked whether a device has let go. */
  private static final long LOOK_MS = 1;

  private final CommandSlot slot;
  private final Namespace namespace;
  private final Set<HostId> hosts;

  /** Queue pairs that still have such commands, and one for the walk; the home shard only. */
  private int left = 1;

  PreemptAbort(CommandSlot slot, Namespace namespace, Set<HostId> hosts) {
    this.slot = slot;
    this.namespace = namespace;
    this.hosts = hosts;
  }

  /** On any shard. */
  void run(Controller controller) {
    ShardTurn home = controller.home();
    home.shard().execute(() -> walk(controller, home));
  }

  private void walk(Controller controller, ShardTurn home) {
    for (Controller each : controller.ofSubsystem()) {
      if (!hosts.contains(each.identity().hostId())) {
        continue;
      }
      for (int qid = 1; qid <= each.limits().ioQueuesMax(); qid++) {
        QueuePair queuePair = each.ioQueue(qid);
        if (queuePair != null) {
          left++;
          queuePair.turn().shard().execute(() -> begin(queuePair, home));
        }
      }
    }
    queueDone();
  }

  private void begin(QueuePair queuePair, ShardTurn home) {
    queuePair.aborts().preempt(namespace);
    look(queuePair, home);
  }

  private void look(QueuePair queuePair, ShardTurn home) {
    if (queuePair.aborts().isPreempting()) {
      queuePair
          .turn()
          .shard()
          .loop()
          .eventLoop()
          .schedule(() -> look(queuePair, home), LOOK_MS, TimeUnit.MILLISECONDS);
    } else {
      home.shard().execute(this::queueDone);
    }
  }

  private void queueDone() {
    left--;
    if (left == 0) {
      slot.queuePair.turn().shard().execute(() -> slot.queuePair.finish(slot));
    }
  }
}
