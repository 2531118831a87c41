package io.mora.qos.pause;

/** Counts the collector's pauses of this process. Any thread; for control threads, it locks. */
public final class PauseCount implements AutoCloseable {
  private static final long MS = 1_000_000;

  private final CollectorWatch watch = CollectorWatch.listen(this::add);
  private final long countBefore = watch.count();
  private final long totalMsBefore = watch.totalMs();
  private long longestNs;
  private long longestSinceNs;
  private PauseSum last = PauseSum.NONE;

  private PauseCount() {}

  /** Counts from now on. */
  public static PauseCount listen() {
    return new PauseCount();
  }

  /** A pause the JVM told of. */
  synchronized void add(long startNs, long endNs) {
    long lengthNs = Math.max(0, endNs - startNs);
    longestNs = Math.max(longestNs, lengthNs);
    longestSinceNs = Math.max(longestSinceNs, lengthNs);
  }

  /** All since this counts. */
  public synchronized PauseSum total() {
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
  public void close() {
    watch.close();
  }
}
