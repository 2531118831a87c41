package io.mora.target.controller.queue;

/** Where a command is, and what it waits for. */
public enum SlotState {
  /** In the free list. */
  FREE,
  /** Its capsule's header is here; in-capsule data may still be arriving. */
  RECEIVED,
  /** A write that waits for leave to ask for its data. */
  NEED_LEAVE,
  /** Waits for a buffer: the pool's bound or the queue pair's share is reached. */
  NEED_BUFFER,
  /** A write that waits for the host to send what R2T asked for. */
  WAIT_DATA,
  /** One half of a fused operation: waits for the other, or for what they do together. */
  FUSED,
  /** Changes blocks that a fused operation has to itself now. */
  NEED_RANGE,
  /** Waits for its turn in the scheduler. */
  QUEUED,
  /** At the device. */
  EXECUTING,
  /** Its outcome is known; the reply is not written yet. */
  READY,
  /** The reply is in the socket's queue; the CID is the host's again. */
  SENDING
}
