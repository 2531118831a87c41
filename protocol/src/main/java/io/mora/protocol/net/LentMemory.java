package io.mora.protocol.net;

import io.netty.buffer.ByteBuf;

/** Memory that is sent from where it is, for the time of one flush; the loop's thread only. */
public interface LentMemory {
  /** Copies bytes out, because the socket did not take them at once. */
  void copyTo(int at, ByteBuf target, int targetAt, int lengthBytes);

  /** Ends a loan: the bytes have left, were copied, or never will be sent. */
  void giveBack(int at, int lengthBytes);
}
