package io.mora.target.controller.admin;

import io.mora.protocol.command.Sqe;
import io.mora.protocol.status.Status;
import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.controller.queue.QueuePair;

/**
 * Abort: asks the queue pair of the command, on that one's shard, and replies when it has answered.
 * The home shard only.
 */
final class AbortCommand {
  /** ACL, 0's based: Aborts a host may have outstanding. */
  static final int LIMIT0 = 3;

  private static final int NOT_ABORTED = 1;

  private final Controller controller;
  private final AsyncEvents events;
  private int outstanding;

  AbortCommand(Controller controller, AsyncEvents events) {
    this.controller = controller;
    this.events = events;
  }

  void abort(CommandSlot slot) {
    int sqid = Sqe.cdw10(slot.sqe, 0) & 0xFFFF;
    int cid = Sqe.cdw10(slot.sqe, 0) >>> 16;
    if (outstanding > LIMIT0) {
      slot.fail(Status.ABORT_LIMIT_EXCEEDED, Sqe.OPC);
      slot.queuePair.finish(slot);
      return;
    }
    QueuePair queuePair = sqid == 0 ? null : controller.ioQueue(sqid);
    if (queuePair == null) {
      // Of admin commands only event requests wait.
      reply(slot, sqid == 0 && events.abort(cid));
      return;
    }
    outstanding++;
    queuePair
        .turn()
        .shard()
        .execute(
            () -> {
              boolean aborted = queuePair.aborts().abort(cid);
              controller.home().shard().execute(() -> answered(slot, aborted));
            });
  }

  private void answered(CommandSlot slot, boolean aborted) {
    outstanding--;
    reply(slot, aborted);
  }

  private static void reply(CommandSlot slot, boolean aborted) {
    slot.result = aborted ? 0 : NOT_ABORTED;
    slot.queuePair.finish(slot);
  }
}
