package io.mora.cli.load;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts the I/Os of an open loop when they are due, whatever became of those before.
 *
 * <p>An I/O that finds every slot taken starts late, but its time is counted from when it was due:
 * a target that stalls cannot hide what it did to those behind (coordinated omission).
 */
final class Pacer {
  /*
   * A sleep ends late by the time that a wake-up takes. Where CPUs are plenty the last of it is spent
   * looking at the clock instead; where they are not, that would take the CPU from what is measured.
   */
  private static final int PLENTY_CPUS = 8;
  private static final long SPIN_NS =
      Runtime.getRuntime().availableProcessors() >= PLENTY_CPUS ? 50_000 : 0;

  /** How often it is looked whether a slot is free again. */
  private static final long FULL_NS = 20_000;

  private final List<QueueLoad> queues;
  private final Window window;
  private final double intervalNs;
  private long started;
  private long latestNs;

  Pacer(List<QueueLoad> queues, Window window, double ratePerSecond) {
    this.queues = queues;
    this.window = window;
    this.intervalNs = 1e9 / ratePerSecond;
  }

  /**
   * Runs until the window ends, in the calling thread, then waits for what is under way.
   *
   * @param drainNs how long it waits
   * @return false if something was still under way then
   */
  boolean run(long drainNs) {
    long lastStartNs = window.endNs() + drainNs / 2;
    while (true) {
      long dueNs = window.startNs() + (long) (started * intervalNs);
      if (window.over(dueNs) || failed()) {
        break;
      }
      awaitTime(dueNs);
      if (!start(dueNs, lastStartNs)) {
        break; // hopelessly behind: the rest is reported as not started
      }
      started++;
    }
    long giveUpNs = Math.max(System.nanoTime(), window.endNs()) + drainNs;
    while (!idle()) {
      if (System.nanoTime() - giveUpNs > 0) {
        return false;
      }
      LockSupport.parkNanos(100_000);
    }
    return true;
  }

  private boolean start(long dueNs, long lastStartNs) {
    int first = (int) (started % queues.size());
    while (true) {
      for (int i = 0; i < queues.size(); i++) {
        if (queues.get((first + i) % queues.size()).offer(dueNs)) {
          latestNs = Math.max(latestNs, System.nanoTime() - dueNs);
          return true;
        }
      }
      if (System.nanoTime() - lastStartNs > 0 || failed()) {
        return false;
      }
      LockSupport.parkNanos(FULL_NS);
    }
  }

  private static void awaitTime(long dueNs) {
    long leftNs = dueNs - System.nanoTime();
    while (leftNs > 0) {
      if (leftNs > SPIN_NS) {
        LockSupport.parkNanos(leftNs - SPIN_NS);
      } else {
        Thread.onSpinWait();
      }
      leftNs = dueNs - System.nanoTime();
    }
  }

  private boolean failed() {
    for (QueueLoad queue : queues) {
      if (queue.failure() != null) {
        return true;
      }
    }
    return false;
  }

  private boolean idle() {
    for (QueueLoad queue : queues) {
      if (!queue.idle()) {
        return false;
      }
    }
    return true;
  }

  /** I/Os that were due in the window and never started. */
  long missed() {
    double due = (window.endNs() - window.startNs()) / intervalNs;
    return Math.max(0, (long) due - started);
  }

  /** The longest an I/O was started after it was due. */
  long latestNs() {
    return latestNs;
  }
}
