package io.mora.initiator.queue;

import io.mora.protocol.ConnectionException;

/** Told when a queue's connection ends, on the queue's loop thread. */
public interface QueueOwner {
  void connectionEnded(HostQueuePair queue, ConnectionException cause);
}
