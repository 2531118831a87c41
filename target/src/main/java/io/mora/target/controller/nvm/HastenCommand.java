package io.mora.target.controller.nvm;

import io.mora.protocol.command.Sqe;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.status.Status;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.subsystem.Namespace;

/**
 * Hasten: a read that waits is from now on what another intent says, which may be no more than its
 * host is granted and counts against its rate as any read would. It only ever goes up.
 *
 * <p>It comes by the queue of the read and so meets it on its shard, and never a later one with the
 * same CID: a host reuses that when it has the reply, and what it sends then comes after this.
 */
final class HastenCommand {
  private static final long NS_PER_US = 1_000;

  private final IntentResolver intent;

  HastenCommand(IntentResolver intent) {
    this.intent = intent;
  }

  /** Ends with DW0 0, or {@link IntentFeature#NOT_HASTENED} where it changed nothing. */
  void execute(CommandSlot by) {
    CommandSlot slot = by.queuePair.aborts().waiting(Sqe.cdw10(by.sqe, 0) & 0xFFFF);
    Namespace namespace = slot == null ? null : slot.namespace;
    by.result = IntentFeature.NOT_HASTENED;
    // Asked before it is resolved: what changes nothing takes nothing of the host's rate.
    if (slot != null
        && namespace != null
        && slot.nsid() == by.nsid()
        && intent.wantsAbove(by, namespace, slot.ioClass)) {
      int refused = intent.resolve(by, namespace, slot.dataLength);
      if (refused != IntentResolver.RUNS) {
        by.fail(refused | Status.DNR, Sqe.CDW3);
        by.result = 0;
      } else if (by.hasIntent && by.ioClass > slot.ioClass) {
        by.queuePair.turn().budget().touch(namespace.mode(), by.ioClass, by.receivedNs);
        by.queuePair.aborts().requeue(slot, by, HastenCommand::take);
        by.result = 0;
      }
    }
    by.queuePair.finish(by);
  }

  private static void take(CommandSlot slot, CommandSlot by) {
    slot.ioClass = by.ioClass;
    slot.stepCritical = by.stepCritical;
    slot.deadlineNs = by.deadlineNs;
    slot.budgetUs = by.budgetUs + (by.receivedNs - slot.receivedNs) / NS_PER_US;
    slot.host = by.host;
    slot.hasIntent = true;
    slot.speculative = false;
    slot.confidence = 0;
    // Somebody waits for it: late is better than never.
    slot.expires = false;
    slot.refusable = false;
  }
}
