package io.mora.target.controller.queue;

import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.status.Status;
import io.mora.target.subsystem.Namespace;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes commands of a queue pair out of wherever they wait: one by Abort, all when the connection
 * is gone, and one by Hasten, to put it further ahead. The queue pair's shard only.
 */
public final class Aborts {
  /*
   * One place for what each state means here. A command whose data the host has been asked for, or
   * is sending in the capsule, is marked and ends when that data is in: a reply before would meet
   * data of a command that is no more. One that is wholly at its device ends as it ends.
   */
  private final QueuePair queuePair;
  private final SlotTable slots;
  private final HostData hostData;
  private final DeviceSteps device;

  Aborts(QueuePair queuePair, SlotTable slots, HostData hostData, DeviceSteps device) {
    this.queuePair = queuePair;
    this.slots = slots;
    this.hostData = hostData;
    this.device = device;
  }

  /**
   * Aborts the command of an identifier.
   *
   * @return true if it has ended or will end with Abort Requested; false if there is none, or it
   *     ends with its own outcome
   */
  public boolean abort(int cid) {
    CommandSlot slot = queuePair.isClosed() ? null : slots.find(cid);
    if (slot == null) {
      return false;
    }
    if (isTakingData(slot)) {
      slot.spoil(Status.ABORT_REQUESTED, -1);
      return true;
    }
    return switch (slot.state()) {
      case QUEUED, EXECUTING -> atDevice(slot);
      case FUSED -> isPartnerOut(slot) && end(slot);
      case RECEIVED, WAIT_DATA, READY, SENDING, FREE -> false;
      case NEED_LEAVE, NEED_BUFFER, NEED_RANGE -> withdraw(slot) && end(slot);
    };
  }

  /**
   * The read of an identifier, while something of it waits for a buffer or its device and nothing
   * of it has failed; else null.
   */
  public @Nullable CommandSlot waiting(int cid) {
    CommandSlot slot = queuePair.isClosed() || !queuePair.turn().byClass() ? null : slots.find(cid);
    if (slot == null || slot.opcode() != NvmOpcode.READ) {
      return null;
    }
    return switch (slot.state()) {
      case NEED_BUFFER -> slot;
      case QUEUED, EXECUTING -> device.waits(slot) ? slot : null;
      default -> null;
    };
  }

  /**
   * Has a command that {@link #waiting} told go on in another class, from where it is: what it has
   * in the device stays there, the rest queues anew.
   *
   * @param by what has it so
   * @param change gives the command the class, deadline and flags of the other, while it is in no
   *     line
   */
  public void requeue(
      CommandSlot slot, CommandSlot by, BiConsumer<CommandSlot, CommandSlot> change) {
    if (slot.state() == SlotState.NEED_BUFFER) {
      queuePair.buffers().withdraw(slot);
      change.accept(slot, by);
      slot.ahead = slot.isLatency();
      queuePair.buffers().obtain(slot, slot.wantedBytes);
    } else {
      device.requeue(slot, by, change);
    }
  }

  /**
   * Has a command end with a status because of another one; where its data is on the way, when that
   * is in. One that is at its device, or has its outcome, ends with its own.
   */
  public void fail(CommandSlot slot, int status) {
    if (isTakingData(slot)) {
      slot.spoil(status, -1);
    } else if (!queuePair.isClosed() && withdraw(slot)) {
      slot.fail(status, -1);
      queuePair.finish(slot);
    }
  }

  /** Its data has been asked for, or is in a capsule that is being received. */
  private boolean isTakingData(CommandSlot slot) {
    return switch (slot.state()) {
      case RECEIVED, WAIT_DATA -> true;
      case NEED_BUFFER -> hostData.isReceiving(slot);
      default -> false;
    };
  }

  /** Takes a command that is not taking data out of where it waits; false if it does not. */
  private boolean withdraw(CommandSlot slot) {
    switch (slot.state()) {
      case NEED_LEAVE -> hostData.withdraw(slot);
      case NEED_BUFFER -> queuePair.buffers().withdraw(slot);
      case NEED_RANGE -> device.ranges().withdraw(slot);
      case FUSED -> {}
      case QUEUED, EXECUTING -> {
        return device.cancel(slot);
      }
      case RECEIVED, WAIT_DATA, READY, SENDING, FREE -> {
        return false;
      }
    }
    return true;
  }

  /** What the other half of a fused operation is doing at a device goes on, and so do both. */
  private boolean isPartnerOut(CommandSlot slot) {
    CommandSlot other = slot.partner;
    if (other == null
        || other.state() != SlotState.QUEUED && other.state() != SlotState.EXECUTING) {
      return true;
    }
    if (!device.cancel(other)) {
      return false;
    }
    park(other);
    return true;
  }

  /** The command is half of a fused operation and waits for the other half. */
  public void park(CommandSlot slot) {
    slot.moveTo(SlotState.FUSED, queuePair.turn().nowNs());
  }

  private boolean end(CommandSlot slot) {
    slot.fail(Status.ABORT_REQUESTED, -1);
    queuePair.finish(slot);
    return true;
  }

  /** What has not been started is not; if that is a part, the command fails when the rest ends. */
  private boolean atDevice(CommandSlot slot) {
    int parts = slot.piecesLeft;
    if (device.cancel(slot)) {
      return end(slot);
    }
    if (slot.piecesLeft == parts) {
      return false;
    }
    slot.piecesStatus = Status.ABORT_REQUESTED;
    return true;
  }

  /**
   * Ends all commands of a namespace as Preempt and Abort does. What is at its device fails when it
   * comes back, see {@link #isPreempting}; what waits for the host's data, when that is in.
   */
  public void preempt(Namespace namespace) {
    slots.forEachLive(
        slot -> {
          if (slot.namespace == namespace) {
            preempt(slot);
          }
        });
  }

  private void preempt(CommandSlot slot) {
    if (slot.state() == SlotState.SENDING) {
      return;
    }
    slot.preempted = true;
    // What is left on a closed queue is at its device, and ends without a reply. What takes data or
    // is between two steps looks then.
    if (!queuePair.isClosed() && !isTakingData(slot) && withdraw(slot)) {
      endPreempted(slot);
    }
  }

  private void endPreempted(CommandSlot slot) {
    slot.fail(Status.ABORTED_PREEMPT, -1);
    queuePair.finish(slot);
  }

  /** The command goes on elsewhere: nothing ends it but {@link QueuePair#finish}. */
  public void hold(CommandSlot slot) {
    slot.moveTo(SlotState.READY, queuePair.turn().nowNs());
  }

  /** A command that was preempted is still at its device. */
  public boolean isPreempting() {
    return slots.anyLive(
        slot ->
            slot.preempted
                && (slot.state() == SlotState.QUEUED || slot.state() == SlotState.EXECUTING));
  }

  /** A command is between its start and its end at the namespace's storage. */
  public boolean isUsing(Namespace namespace) {
    return slots.anyLive(
        slot ->
            slot.namespace == namespace
                && (slot.state() == SlotState.NEED_RANGE
                    || slot.state() == SlotState.QUEUED
                    || slot.state() == SlotState.EXECUTING
                    || slot.state() == SlotState.READY));
  }

  /** A command that changes blocks of a range is at its device, or on its way there. */
  public boolean isChanging(Namespace namespace, long offsetBytes, long lengthBytes) {
    return slots.anyLive(
        slot ->
            (slot.state() == SlotState.QUEUED || slot.state() == SlotState.EXECUTING)
                && slot.namespace == namespace
                && slot.changesBlocks()
                && slot.request.offsetBytes < offsetBytes + lengthBytes
                && offsetBytes < slot.request.offsetBytes + slot.request.lengthBytes);
  }

  /** The connection is gone: lets go of everything that waits for the host, the pool or a turn. */
  void abandon(CommandSlot slot) {
    switch (slot.state()) {
      case SENDING, FREE -> {}
      case QUEUED, EXECUTING -> {
        if (device.cancel(slot)) {
          queuePair.release(slot);
        }
      }
      default -> queuePair.release(slot);
    }
  }
}
