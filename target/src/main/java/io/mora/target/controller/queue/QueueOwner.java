package io.mora.target.controller.queue;

/** What a queue pair belongs to. All calls come on the queue pair's shard. */
public interface QueueOwner {
  Limits limits();

  /** A command got a failing status; its slot is still filled. */
  void commandFailed(QueuePair queuePair, CommandSlot slot);

  /** The connection is gone and nothing is in flight any more. Called once. */
  void queueDrained(QueuePair queuePair);
}
