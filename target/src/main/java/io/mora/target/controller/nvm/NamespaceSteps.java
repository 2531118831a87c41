package io.mora.target.controller.nvm;

import io.mora.protocol.command.DatasetManagement;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.ReadWrite;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.status.Status;
import io.mora.target.backend.IoRequest;
import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.shard.IoBuffer;
import io.mora.target.subsystem.Namespace;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Commands made of several device operations, one after the other: Dataset Management by range,
 * Flush by namespace. {@link CommandSlot#step} is the next range, or the NSID of the last
 * namespace.
 */
final class NamespaceSteps {
  private final Controller controller;
  private final IntentResolver intent;

  NamespaceSteps(Controller controller, IntentResolver intent) {
    this.controller = controller;
    this.intent = intent;
  }

  void next(CommandSlot slot) {
    if (slot.opcode() == NvmOpcode.FLUSH) {
      flush(slot);
    } else {
      deallocate(slot);
    }
  }

  private void flush(CommandSlot slot) {
    Namespace namespace = nextToFlush(slot);
    while (namespace != null && !namespace.geometry().volatileWriteCache()) {
      namespace = nextToFlush(slot);
    }
    if (namespace == null) {
      finish(slot);
    } else {
      slot.namespace = namespace;
      slot.queuePair.submit(slot, IoRequest.FLUSH, 0, 0);
    }
  }

  private @Nullable Namespace nextToFlush(CommandSlot slot) {
    if (slot.nsid() != Sqe.NSID_ALL) {
      return slot.step++ == 0 ? slot.namespace : null;
    }
    // By NSID and not by position: others may come and go between two steps.
    Namespace next = controller.namespaces().after(slot.step);
    while (next != null && next.isRetired()) {
      next = controller.namespaces().after(next.nsid());
    }
    slot.step = next == null ? slot.step : next.nsid();
    return next;
  }

  private void deallocate(CommandSlot slot) {
    IoBuffer ranges = slot.buffer;
    Namespace namespace = slot.namespace;
    if (ranges == null || namespace == null) {
      throw new IllegalStateException("no ranges: " + slot);
    }
    int count = DatasetManagement.nr0(slot.sqe, 0) + 1;
    if (slot.step == 0 && !valid(slot, ranges.buf, count, namespace)) {
      finish(slot);
      return;
    }
    // Only deallocation does something; the access attributes are hints we may ignore.
    boolean acts = DatasetManagement.deallocate(slot.sqe, 0) && namespace.geometry().deallocates();
    while (acts && slot.step < count) {
      int at = slot.step++ * DatasetManagement.RANGE_LENGTH;
      long blocks = DatasetManagement.rangeBlocks(ranges.buf, at);
      if (blocks > 0) {
        long slba = DatasetManagement.rangeSlba(ranges.buf, at);
        slot.queuePair.submit(
            slot,
            IoRequest.DEALLOCATE,
            slba << namespace.blockShift(),
            blocks << namespace.blockShift());
        return;
      }
    }
    finish(slot);
  }

  private void finish(CommandSlot slot) {
    intent.stamp(slot);
    slot.queuePair.finish(slot);
  }

  /** All ranges are checked before the first is touched. */
  private static boolean valid(CommandSlot slot, ByteBuf ranges, int count, Namespace namespace) {
    for (int i = 0; i < count; i++) {
      int at = i * DatasetManagement.RANGE_LENGTH;
      long slba = DatasetManagement.rangeSlba(ranges, at);
      if (!BlockChecks.inRange(slba, DatasetManagement.rangeBlocks(ranges, at), namespace)) {
        slot.fail(Status.LBA_OUT_OF_RANGE | Status.DNR, ReadWrite.SLBA);
        return false;
      }
    }
    return true;
  }
}
