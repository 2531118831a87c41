package io.mora.target.controller.admin;

import io.mora.protocol.status.Status;
import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.CommandSlot;

/** Set Features 06h: the volatile write cache of one controller's namespaces. */
final class WriteCache {
  private final Controller controller;

  /** Counts decisions: a flush that fails late undoes only its own. */
  private int decisions;

  WriteCache(Controller controller) {
    this.controller = controller;
  }

  /** Back to the default, which is on. */
  void reset() {
    decisions++;
    controller.writeThrough(false);
  }

  boolean isOn() {
    return !controller.isWriteThrough();
  }

  /**
   * Turns the cache on or off and ends the command. It is off only when what was acknowledged with
   * it on is durable: if that fails the command fails with the worst status and the cache stays on.
   */
  void set(CommandSlot slot, boolean on) {
    int decision = ++decisions;
    // Before the flush: what completes from now on is not covered by it.
    controller.writeThrough(!on);
    if (on) {
      slot.queuePair.finish(slot);
      return;
    }
    controller.flushAll(
        status -> {
          if (!Status.isSuccess(status)) {
            slot.fail(status, -1);
            if (decision == decisions) {
              controller.writeThrough(false);
            }
          }
          slot.queuePair.finish(slot);
        });
  }
}
