package io.mora.initiator.buffer;

/**
 * How a pool of buffers was used.
 *
 * @param capacity buffers there are
 * @param free of those, not taken
 * @param takes buffers handed out so far
 * @param reuses of those, used before
 * @param hits of those, whose registration still held: what registering is for. A pool without a
 *     registrar has none, however often its buffers are used
 * @param registrations made, the first and each renewal
 * @param stale registrations found not to hold any more
 * @param exhausted times no buffer was free
 */
public record BufferSignals(
    int capacity,
    int free,
    long takes,
    long reuses,
    long hits,
    long registrations,
    long stale,
    long exhausted) {
  /** Hits of takes, 0 to 1. */
  public double hitRate() {
    return takes == 0 ? 0 : (double) hits / takes;
  }

  /** Registrations made and lost. */
  public long churn() {
    return registrations + stale;
  }
}
