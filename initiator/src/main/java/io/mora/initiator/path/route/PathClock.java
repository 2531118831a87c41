package io.mora.initiator.path.route;

/** Time and the one thread on which paths change: a loop, or a test's hand. */
public interface PathClock {
  /** As {@link System#nanoTime}; any thread. */
  long nowNs();

  /** The same, up to some ms late, for next to nothing; any thread. */
  long coarseNs();

  /** Runs it on the thread, later; any thread. */
  void execute(Runnable task);

  /** Runs it on the thread after a while; any thread. */
  void after(long delayNs, Runnable task);
}
