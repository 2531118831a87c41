package io.mora.target.controller.nvm;

import io.mora.protocol.command.Copy;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.ReadWrite;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.status.Status;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.controller.queue.Limits;
import io.mora.target.subsystem.Namespace;

/**
 * What is checked of commands that name blocks, before anything is made of them. A check that fails
 * sets the slot's status.
 */
final class BlockChecks {
  private BlockChecks() {}

  static boolean isWritable(CommandSlot slot, Namespace namespace) {
    if (namespace.readOnly()) {
      slot.fail(Status.NAMESPACE_WRITE_PROTECTED | Status.DNR, Sqe.NSID);
      return false;
    }
    return true;
  }

  /** SLBA and NLB lie in the namespace, and nothing is asked for that there is none of. */
  static boolean isRange(CommandSlot slot, Namespace namespace) {
    long slba = ReadWrite.slba(slot.sqe, 0);
    long blocks = ReadWrite.nlb0(slot.sqe, 0) + 1L;
    if (!inRange(slba, blocks, namespace)) {
      slot.fail(Status.LBA_OUT_OF_RANGE | Status.DNR, ReadWrite.SLBA);
      return false;
    }
    if ((ReadWrite.cdw12(slot.sqe, 0) & unserved(slot.opcode())) != 0) {
      slot.fail(Status.INVALID_FIELD | Status.DNR, ReadWrite.CDW12);
      return false;
    }
    if (!FusedCommands.fits(slot)) {
      slot.fail(Status.ATOMIC_WRITE_UNIT_EXCEEDED | Status.DNR, ReadWrite.CDW12);
      return false;
    }
    return true;
  }

  /**
   * Bits of CDW12 that would change what a command does, in a way that is not served: protection,
   * command extensions, directives; with Write Zeroes, where a directive is, all of a namespace.
   * Other bits without a meaning are not looked at.
   */
  static int unserved(int opcode) {
    return switch (opcode) {
      case NvmOpcode.COPY -> Copy.PRINFO_MASK | ReadWrite.DTYPE_MASK;
      case NvmOpcode.WRITE, NvmOpcode.WRITE_ZEROES ->
          ReadWrite.PROTECTION_MASK | ReadWrite.CETYPE_MASK | ReadWrite.DTYPE_MASK;
      default -> ReadWrite.PROTECTION_MASK | ReadWrite.CETYPE_MASK;
    };
  }

  /** True if the blocks lie in the namespace; SLBA is unsigned. */
  static boolean inRange(long slba, long blocks, Namespace namespace) {
    long end = namespace.blocks();
    return slba >= 0 && slba <= end && blocks <= end - slba;
  }

  /** The data is within MDTS. */
  static boolean isTransfer(CommandSlot slot, Namespace namespace, Limits limits) {
    if (bytes(slot, namespace) > limits.maxTransferBytes()) {
      slot.fail(Status.INVALID_FIELD | Status.DNR, ReadWrite.CDW12);
      return false;
    }
    return true;
  }

  /** What NLB names. */
  static long bytes(CommandSlot slot, Namespace namespace) {
    return ReadWrite.nlb0(slot.sqe, 0) + 1L << namespace.blockShift();
  }
}
