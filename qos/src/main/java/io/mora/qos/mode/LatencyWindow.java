package io.mora.qos.mode;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The record of a mode in force on one shard: what it promised, since when, how often that was
 * broken, what it cost.
 *
 * <p>Assumes: one writing thread. Guarantees: any thread reads each number, a little late, without
 * tearing. Progress: wait-free.
 */
public final class LatencyWindow {
  private final LatencyMode mode;
  private final LatencySlo promise;
  private final long sinceNs;
  private final AtomicLong commands = new AtomicLong();
  private final AtomicLong misses = new AtomicLong();
  private final AtomicLong windows = new AtomicLong();
  private final AtomicLong broken = new AtomicLong();
  private final AtomicLong heldNs = new AtomicLong();
  private long windowStartNs;
  private long windowCommands;
  private long windowMisses;

  public LatencyWindow(LatencyMode mode, LatencySlo promise, long nowNs) {
    this.mode = mode;
    this.promise = promise;
    sinceNs = nowNs;
    windowStartNs = nowNs;
  }

  public LatencyMode mode() {
    return mode;
  }

  /** A command of the promised class has ended. */
  public void completed(long tookNs, long nowNs) {
    if (nowNs - windowStartNs >= promise.windowNs()) {
      judge(nowNs);
    }
    windowCommands++;
    add(commands, 1);
    if (tookNs > promise.targetNs()) {
      windowMisses++;
      add(misses, 1);
    }
  }

  /**
   * Tells what the mode cost: how long work of classes 1 to 4 was held back, as {@code
   * DeviceLine.heldNs} counts it.
   */
  public void held(long totalNs) {
    heldNs.lazySet(totalNs);
  }

  /** Judges the window that ends now; windows without commands are not counted. */
  private void judge(long nowNs) {
    if (windowCommands > 0) {
      add(windows, 1);
      if (!promise.keptBy(windowCommands, windowMisses)) {
        add(broken, 1);
      }
    }
    windowStartNs = nowNs;
    windowCommands = 0;
    windowMisses = 0;
  }

  /** All of it; any thread. The window that is open is not judged yet. */
  public Report report() {
    return new Report(
        mode,
        promise,
        sinceNs,
        commands.get(),
        misses.get(),
        windows.get(),
        broken.get(),
        heldNs.get());
  }

  private static void add(AtomicLong counter, long more) {
    counter.lazySet(counter.getPlain() + more);
  }

  /**
   * What a mode did.
   *
   * @param sinceNs in force since then, on the loop's clock
   * @param commands of the promised class
   * @param misses of these that took longer than promised
   * @param windows that were judged
   * @param broken of these that held more misses than promised
   * @param heldNs for how long other work was held back
   */
  public record Report(
      LatencyMode mode,
      LatencySlo promise,
      long sinceNs,
      long commands,
      long misses,
      long windows,
      long broken,
      long heldNs) {}
}
