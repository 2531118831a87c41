package io.mora.target.backend;

import io.mora.protocol.net.SendQueue;
import io.netty.buffer.ByteBuf;

/**
 * Storage in memory, whose blocks go to the socket from where they are. Ranges are those of a READ
 * that ended well; a block is lent or copied as one write left it, and what is written later than
 * the READ may be seen.
 */
public interface Lender {
  /**
   * Adds a range to what is sent, each block on loan until the queue's flush is done. Any shard's
   * thread.
   *
   * @param standIn where the range is copied to, from {@code standInAt} on, if it has to wait
   * @return false when some of it is being written just now: ask again in another turn. What was
   *     added already is the caller's to take back ({@link SendQueue#rollBack})
   */
  boolean lend(long offsetBytes, int lengthBytes, SendQueue to, ByteBuf standIn, int standInAt);

  /** Copies a range out instead; false likewise. */
  boolean copy(long offsetBytes, int lengthBytes, ByteBuf target, int targetAt);
}
