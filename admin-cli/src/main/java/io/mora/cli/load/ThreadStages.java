package io.mora.cli.load;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The {@link Stages} of a load, one for each thread on which I/Os end: with one for each queue, a
 * thousand queues would be hundreds of megabytes.
 */
final class ThreadStages {
  private final int digits;
  private final Map<Thread, Stages> byThread = new ConcurrentHashMap<>();

  ThreadStages(int digits) {
    this.digits = digits;
  }

  /** Those of the calling thread. */
  Stages ofThisThread() {
    return byThread.computeIfAbsent(Thread.currentThread(), thread -> new Stages(digits));
  }

  /** Those of all threads; only after the load is over. */
  Collection<Stages> all() {
    return List.copyOf(byThread.values());
  }
}
