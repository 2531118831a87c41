package io.mora.qos.locality;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts completions by whether they ran on the CPU of whoever consumes them.
 *
 * <p>Assumes: one writing thread. Guarantees: any thread reads each counter, a little late, without
 * tearing. Progress: wait-free.
 */
public final class LocalityCounter {
  private final AtomicLong hits = new AtomicLong();
  private final AtomicLong misses = new AtomicLong();
  private final AtomicLong unknown = new AtomicLong();

  /**
   * Counts one completion.
   *
   * @param completionCpu where it was completed; negative when it cannot be told
   * @param consumerCpu where its consumer runs; negative when nobody said
   */
  public void completed(int completionCpu, int consumerCpu) {
    if (completionCpu < 0 || consumerCpu < 0) {
      increment(unknown);
    } else if (completionCpu == consumerCpu) {
      increment(hits);
    } else {
      increment(misses);
    }
  }

  /** Completions on the consumer's CPU. */
  public long hits() {
    return hits.get();
  }

  /** Completions on another CPU than the consumer's. */
  public long misses() {
    return misses.get();
  }

  /** Completions of which one side is not known. */
  public long unknown() {
    return unknown.get();
  }

  private static void increment(AtomicLong counter) {
    counter.lazySet(counter.getPlain() + 1);
  }
}
