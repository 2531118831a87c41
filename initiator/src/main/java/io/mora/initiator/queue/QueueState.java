package io.mora.initiator.queue;

/** What a queue does with commands. */
enum QueueState {
  /** No connection, or one that is being made: commands wait. */
  WAITING,
  /** Commands flow. */
  LIVE,
  /** Commands fail at once, until the next connection is live. */
  FAILING
}
