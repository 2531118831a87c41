package io.mora.qos.mode;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

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
  private final LongSupplier heldNs;
  private final long heldBeforeNs;
  private long windowStartNs;
  private long windowCommands;
  private long windowMisses;

  /**
   * The mode comes into force.
   *
   * @param heldNs reads for how long work of classes 1 to 4 was ever held back, as {@code
   *     DeviceLine.heldNs} counts it; any thread
   */
  public LatencyWindow(LatencyMode mode, LatencySlo promise, LongSupplier heldNs, long nowNs) {
    this.mode = mode;
    this.promise = promise;
    this.heldNs = heldNs;
    heldBeforeNs = heldNs.getAsLong();
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
  public Report report(long nowNs) {
    return new Report(
        mode,
        promise,
        nowNs - sinceNs,
        commands.get(),
        misses.get(),
        windows.get(),
        broken.get(),
        heldNs.getAsLong() - heldBeforeNs);
  }

  private static void add(AtomicLong counter, long more) {
    counter.lazySet(counter.getPlain() + more);
  }

  /**
   * What a mode did.
   *
   * @param inForceNs how long it has been in force
   * @param commands of the promised class
   * @param misses of these that took longer than promised
   * @param windows that were judged
   * @param broken of these that held more misses than promised
   * @param heldNs for how long other work was held back meanwhile
   */
  public record Report(
      LatencyMode mode,
      LatencySlo promise,
      long inForceNs,
      long commands,
      long misses,
      long windows,
      long broken,
      long heldNs) {
    /**
     * Together with what the same mode did on another shard: counts and times held back add up, so
     * that two shards that held back for a second each make two.
     */
    public Report plus(Report other) {
      return new Report(
          mode,
          promise,
          Math.max(inForceNs, other.inForceNs),
          commands + other.commands,
          misses + other.misses,
          windows + other.windows,
          broken + other.broken,
          heldNs + other.heldNs);
    }
  }
}
