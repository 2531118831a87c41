package io.mora.qos.pause;

import org.jspecify.annotations.Nullable;

/** Counts the collector's pauses of this process. Any thread; for control threads, it locks. */
public final class PauseCount implements AutoCloseable {
  private static final long MS = 1_000_000;

  private @Nullable CollectorWatch watch;
  private @Nullable Thread later;
  private boolean closed;
  private long countBefore;
  private long totalMsBefore;
  private long longestNs;
  private long longestSinceNs;
  private PauseSum last = PauseSum.NONE;

  private PauseCount() {}

  /** Counts from now on. */
  public static PauseCount listen() {
    PauseCount pauses = new PauseCount();
    pauses.begin();
    return pauses;
  }

  /**
   * Begins to count some time from now, on a thread of its own: what the JVM needs for it takes a
   * tenth of a second, which is much while a process starts. Nothing is counted before.
   */
  public static PauseCount listenIn(long delayMs) {
    PauseCount pauses = new PauseCount();
    Thread thread = new Thread(() -> pauses.beginIn(delayMs), "mora-pauses");
    thread.setDaemon(true);
    pauses.later = thread;
    thread.start();
    return pauses;
  }

  private void beginIn(long delayMs) {
    try {
      Thread.sleep(delayMs);
      begin();
    } catch (InterruptedException closedBefore) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void begin() {
    if (!closed) {
      CollectorWatch begun = CollectorWatch.listen(this::add);
      countBefore = begun.count();
      totalMsBefore = begun.totalMs();
      watch = begun;
    }
  }

  /** A pause the JVM told of. */
  synchronized void add(long startNs, long endNs) {
    long lengthNs = Math.max(0, endNs - startNs);
    longestNs = Math.max(longestNs, lengthNs);
    longestSinceNs = Math.max(longestSinceNs, lengthNs);
  }

  /** All since this counts. */
  public synchronized PauseSum total() {
    if (watch == null) {
      return PauseSum.NONE;
    }
    return new PauseSum(
        watch.count() - countBefore, watch.totalMs() - totalMsBefore, longestNs / MS);
  }

  /** Those since this was last asked. */
  public synchronized PauseSum next() {
    PauseSum now = total();
    PauseSum since =
        new PauseSum(
            now.count() - last.count(), now.totalMs() - last.totalMs(), longestSinceNs / MS);
    last = now;
    longestSinceNs = 0;
    return since;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (later != null) {
      later.interrupt();
    }
    if (watch != null) {
      watch.close();
    }
  }
}
