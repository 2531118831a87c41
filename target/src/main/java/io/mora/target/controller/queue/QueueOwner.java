package io.mora.target.controller.queue;

import io.mora.target.subsystem.HostMemory;

/** What a queue pair belongs to. All calls come on the queue pair's shard. */
public interface QueueOwner {
  Limits limits();

  /** What its host may hold of the buffers of the queue pair's shard. */
  HostMemory memory(QueuePair queuePair);

  /** A command got a failing status; its slot is still filled. */
  void commandFailed(QueuePair queuePair, CommandSlot slot);

  /** The connection is gone and nothing is in flight any more. Called once. */
  void queueDrained(QueuePair queuePair);
}
