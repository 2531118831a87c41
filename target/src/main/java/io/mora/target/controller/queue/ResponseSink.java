package io.mora.target.controller.queue;

import io.mora.target.shard.IoBuffer;

/**
 * The way back to the host, as the controller sees it. All calls on the shard's thread; everything
 * is written at the end of the turn and in the order of the calls.
 */
public interface ResponseSink {
  /** Sends a CapsuleResp from the slot's CID, status and result. */
  void respond(CommandSlot slot);

  /**
   * Sends {@code length} bytes from offset 0 of {@code data}, then the completion, which may ride
   * on the last data PDU. The data must stay untouched until {@link QueuePair#sent}. If the slot's
   * request was {@link io.mora.target.backend.IoRequest#inPlace in place}, the data is still in the
   * storage: it is taken from there when it is sent, and the buffer is only where it waits if it
   * has to.
   */
  void respondWithData(CommandSlot slot, IoBuffer data, int length);

  /** Whether data of reads may stay in storage that lends its memory until it is sent. */
  boolean sendsInPlace();

  /** Asks the host for a part of a write's data. */
  void requestData(CommandSlot slot, int offset, int length);

  /** Sends a CapsuleResp for a command that has no slot. */
  void respondTo(int cid, int sqhd, int status, long result);

  /** Ends the connection after what was written so far; idempotent. */
  void close(String reason);

  /** Lets the socket be read again after {@link QueuePair#wantsMore} said no. */
  void resumeReading();
}
