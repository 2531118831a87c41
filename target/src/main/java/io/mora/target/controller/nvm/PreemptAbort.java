package io.mora.target.controller.nvm;

import io.mora.protocol.HostId;
import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.subsystem.Namespace;
import java.util.Set;

/**
 * The second half of Preempt and Abort: commands of preempted hosts that were under way on the
 * namespace are ended, on every shard, and the command ends when none of them can do anything any
 * more. What a host has not sent the data of fails when it does.
 */
final class PreemptAbort {
  private final CommandSlot slot;
  private final Namespace namespace;
  private final Set<HostId> hosts;

  PreemptAbort(CommandSlot slot, Namespace namespace, Set<HostId> hosts) {
    this.slot = slot;
    this.namespace = namespace;
    this.hosts = hosts;
  }

  /** On any shard. */
  void run(Controller controller) {
    new QueueWalk(
            queuePair -> queuePair.aborts().preempt(namespace),
            queuePair -> queuePair.aborts().isPreempting(),
            () -> slot.queuePair.turn().shard().execute(() -> slot.queuePair.finish(slot)))
        .run(controller, each -> hosts.contains(each.identity().hostId()));
  }
}
