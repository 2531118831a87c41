package io.mora.target.controller.nvm;

import io.mora.protocol.command.Copy;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.ReadWrite;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.status.Status;
import io.mora.target.backend.IoRequest;
import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.shard.IoBuffer;
import io.mora.target.subsystem.Namespace;

/**
 * Verify and Copy: blocks pass through a buffer of the target's own, one piece after the other, so
 * that neither holds more than a piece of the shard's memory, nor the device longer than a read.
 */
final class ScratchSteps {
  private static final int PIECE_BYTES = 128 << 10;

  /** Copy, {@link CommandSlot#step}: what comes next. */
  private static final int BEGIN = 0;

  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int END = 3;

  private final Controller controller;
  private final IntentResolver intent;

  ScratchSteps(Controller controller, IntentResolver intent) {
    this.controller = controller;
    this.intent = intent;
  }

  /**
   * Goes on after a step that succeeded: as a task of its own, because storage that answers at once
   * would else keep the turn for all of the command.
   */
  void more(CommandSlot slot) {
    slot.queuePair.turn().shard().execute(() -> resume(slot));
  }

  private void resume(CommandSlot slot) {
    if (slot.queuePair.isClosed()) {
      return; // Released with its connection.
    }
    if (slot.isPreempted()) {
      slot.fail(Status.ABORTED_PREEMPT, -1);
      finish(slot);
    } else {
      next(slot);
    }
  }

  /** Begins, or goes on. */
  void next(CommandSlot slot) {
    Namespace namespace = slot.namespace;
    if (namespace == null) {
      throw new IllegalStateException("no namespace: " + slot);
    }
    if (slot.opcode() == NvmOpcode.VERIFY) {
      verify(slot, namespace);
    } else {
      copy(slot, namespace);
    }
  }

  private void verify(CommandSlot slot, Namespace namespace) {
    long total = ReadWrite.nlb0(slot.sqe, 0) + 1L << namespace.blockShift();
    if (slot.progress == total || !hasScratch(slot, total)) {
      finish(slot);
      return;
    }
    long offset = (ReadWrite.slba(slot.sqe, 0) << namespace.blockShift()) + slot.progress;
    int length = (int) Math.min(PIECE_BYTES, total - slot.progress);
    slot.progress += length;
    move(slot, IoRequest.READ, offset, length);
  }

  private void copy(CommandSlot slot, Namespace namespace) {
    IoBuffer ranges = slot.buffer;
    if (ranges == null) {
      throw new IllegalStateException("no ranges: " + slot);
    }
    if (slot.step == BEGIN) {
      long total = valid(slot, ranges, namespace);
      if (total == 0 || !hasScratch(slot, total)) {
        finish(slot);
        return;
      }
      slot.step = READ;
    }
    if (slot.step == END) {
      finish(slot);
      return;
    }
    piece(slot, ranges, namespace);
  }

  /** Reads or writes the piece at the slot's progress. */
  private void piece(CommandSlot slot, IoBuffer ranges, Namespace namespace) {
    int shift = namespace.blockShift();
    int count = Copy.nr0(slot.sqe, 0) + 1;
    long within = slot.progress;
    for (int i = 0; i < count; i++) {
      int at = i * Copy.RANGE_LENGTH;
      long bytes = (long) Copy.rangeBlocks(ranges.buf, at) << shift;
      if (within < bytes) {
        int length = (int) Math.min(PIECE_BYTES, bytes - within);
        slot.result = i;
        if (slot.step == READ) {
          slot.step = WRITE;
          move(slot, IoRequest.READ, (Copy.rangeSlba(ranges.buf, at) << shift) + within, length);
        } else {
          slot.step = READ;
          slot.request.forceUnitAccess = (ReadWrite.cdw12(slot.sqe, 0) & ReadWrite.FUA) != 0;
          long to = (Copy.destination(slot.sqe, 0) << shift) + slot.progress;
          slot.progress += length;
          move(slot, IoRequest.WRITE, to, length);
        }
        return;
      }
      within -= bytes;
    }
    slot.result = 0;
    if (controller.isWriteThrough() && (ReadWrite.cdw12(slot.sqe, 0) & ReadWrite.FUA) == 0) {
      slot.step = END;
      slot.queuePair.submit(slot, IoRequest.FLUSH, 0, 0);
    } else {
      finish(slot);
    }
  }

  /** Checks all ranges before the first is touched; bytes to copy, 0 if the command is refused. */
  private static long valid(CommandSlot slot, IoBuffer ranges, Namespace namespace) {
    int shift = namespace.blockShift();
    long destination = Copy.destination(slot.sqe, 0);
    int count = Copy.nr0(slot.sqe, 0) + 1;
    long blocks = 0;
    for (int i = 0; i < count; i++) {
      slot.result = i;
      int at = i * Copy.RANGE_LENGTH;
      int length = Copy.rangeBlocks(ranges.buf, at);
      blocks += length;
      if (length > CopyLimits.rangeBlocks(shift) || blocks > CopyLimits.totalBlocks(shift)) {
        slot.fail(Status.COMMAND_SIZE_LIMIT_EXCEEDED | Status.DNR, Sqe.CDW12);
        return 0;
      }
      if (!BlockChecks.inRange(Copy.rangeSlba(ranges.buf, at), length, namespace)) {
        slot.fail(Status.LBA_OUT_OF_RANGE | Status.DNR, -1);
        return 0;
      }
    }
    slot.result = 0;
    if (!BlockChecks.inRange(destination, blocks, namespace)) {
      slot.fail(Status.LBA_OUT_OF_RANGE | Status.DNR, ReadWrite.SLBA);
      return 0;
    }
    for (int i = 0; i < count; i++) {
      int at = i * Copy.RANGE_LENGTH;
      long from = Copy.rangeSlba(ranges.buf, at);
      if (from < destination + blocks && destination < from + Copy.rangeBlocks(ranges.buf, at)) {
        slot.result = i;
        slot.fail(Status.OVERLAPPING_IO_RANGE | Status.DNR, ReadWrite.SLBA);
        return 0;
      }
    }
    return blocks << shift;
  }

  private static boolean hasScratch(CommandSlot slot, long totalBytes) {
    int length = (int) Math.min(PIECE_BYTES, totalBytes);
    if (slot.second != null || slot.queuePair.takeSecond(slot, length)) {
      return true;
    }
    slot.fail(Status.COMMAND_INTERRUPTED, -1);
    return false;
  }

  private static void move(CommandSlot slot, int op, long offsetBytes, int lengthBytes) {
    IoBuffer scratch = slot.second;
    if (scratch == null) {
      throw new IllegalStateException("no memory to pass through: " + slot);
    }
    slot.request.data = scratch.buf;
    slot.request.address = scratch.address;
    slot.queuePair.submit(slot, op, offsetBytes, lengthBytes);
  }

  private void finish(CommandSlot slot) {
    intent.stamp(slot);
    slot.queuePair.finish(slot);
  }
}
