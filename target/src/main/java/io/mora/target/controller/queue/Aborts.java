package io.mora.target.controller.queue;

import io.mora.protocol.status.Status;
import io.mora.target.subsystem.Namespace;

/**
 * Takes commands of a queue pair out of wherever they wait: one by Abort, all when the connection
 * is gone. The queue pair's shard only.
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
    return switch (slot.state()) {
      case RECEIVED, WAIT_DATA -> mark(slot);
      case NEED_LEAVE -> {
        hostData.withdraw(slot);
        yield end(slot);
      }
      case NEED_BUFFER -> {
        if (hostData.isReceiving(slot)) {
          yield mark(slot);
        }
        queuePair.buffers().withdraw(slot);
        yield end(slot);
      }
      case QUEUED, EXECUTING -> atDevice(slot);
      case READY, SENDING, FREE -> false;
    };
  }

  private static boolean mark(CommandSlot slot) {
    slot.abortRequested = true;
    return true;
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
    if (queuePair.isClosed()) {
      return; // What is left of it is at its device, and ends without a reply.
    }
    switch (slot.state()) {
      case NEED_LEAVE -> {
        hostData.withdraw(slot);
        endPreempted(slot);
      }
      case NEED_BUFFER -> {
        if (!hostData.isReceiving(slot)) {
          queuePair.buffers().withdraw(slot);
          endPreempted(slot);
        }
      }
      case QUEUED, EXECUTING -> {
        if (device.cancel(slot)) {
          endPreempted(slot);
        }
      }
      // Their data is to come, or they are between two steps: they look then.
      case RECEIVED, WAIT_DATA, READY, SENDING, FREE -> {}
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
                && (slot.state() == SlotState.QUEUED
                    || slot.state() == SlotState.EXECUTING
                    || slot.state() == SlotState.READY));
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
