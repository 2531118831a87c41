package io.mora.target.controller.queue;

import io.mora.protocol.command.ReadWrite;
import io.mora.protocol.command.Sqe;

/** Commands that have just arrived, for tests in other packages. Time stands still. */
public final class TestSlots {
  private static final int CDW13 = 52;

  private final TestQueue queue = new TestQueue(4);
  private int next;

  /** A command of one block, with hints for access in CDW13. */
  public CommandSlot command(int opcode, int nsid, int cdw2, int cdw3, int hints) {
    CommandSlot slot = new CommandSlot(queue.pair, next++ & 3);
    slot.sqe.setZero(0, Sqe.LENGTH);
    Sqe.start(slot.sqe, 0, opcode, next, nsid);
    Sqe.setDword(slot.sqe, 0, Sqe.CDW2, cdw2);
    Sqe.setDword(slot.sqe, 0, Sqe.CDW3, cdw3);
    if (opcode == 0x01 || opcode == 0x02 || opcode == 0x05) {
      slot.sqe.setLongLE(ReadWrite.SLBA, 0);
      slot.sqe.setByte(CDW13, hints);
    }
    slot.reset(next);
    slot.moveTo(SlotState.RECEIVED, queue.loop.nowNs);
    return slot;
  }
}
