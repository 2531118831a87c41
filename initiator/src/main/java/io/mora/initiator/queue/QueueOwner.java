package io.mora.initiator.queue;

import io.mora.protocol.ConnectionException;

/** What a queue cannot do alone; called on the queue's loop thread. */
public interface QueueOwner {
  /** A queue's connection ended. */
  void connectionEnded(HostQueuePair queue, ConnectionException cause);

  /**
   * Asks the controller to abort a command.
   *
   * @param settled run once, on any thread, when the controller answered or never will: the
   *     identifier may be used again
   */
  void abort(HostQueuePair queue, int cid, Runnable settled);
}
