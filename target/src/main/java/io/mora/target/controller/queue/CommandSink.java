package io.mora.target.controller.queue;

import io.mora.protocol.pdu.PduException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What a connection delivers once it is initialised: capsules and the data that belongs to them.
 * All calls on the connection's loop.
 */
public interface CommandSink {
  /** False pauses the connection between PDUs until {@link ResponseSink#resumeReading}. */
  boolean wantsMore();

  /** False pauses the connection before the announced data, likewise. */
  boolean wantsData();

  /**
   * @param sqeAt offset of the SQE; the buffer is borrowed for the call
   * @param dataLength bytes of in-capsule data that follow by {@link #onData}
   */
  void onCapsuleCmd(ByteBuf buf, int sqeAt, int dataLength) throws PduException;

  /** An H2CData PDU's header at {@code at}; its data follows by {@link #onData}. */
  void onH2cData(ByteBuf pdu, int at, int dataLength) throws PduException;

  /**
   * A view of where the next bytes of the data under way belong, to be received into and handed to
   * {@link #onData} as it is; null if they have to be received elsewhere.
   */
  default @Nullable ByteBuf place(int lengthBytes) {
    return null;
  }

  void onData(ByteBuf buf, int at, int length) throws PduException;

  void onDataEnd(boolean digestValid) throws PduException;

  /** The connection is gone; nothing more is delivered. */
  void onClosed();
}
