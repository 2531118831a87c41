package io.mora.initiator.path.select;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What is under way on a path and how long commands took lately. Any thread; told the time.
 *
 * <p>The mean of a class moves by an eighth of each difference. Samples of two loops may overwrite
 * each other: it is an estimate.
 */
public final class PathLoad {
  public static final int CLASSES = 8;

  /** Of {@link #estimateNs}: nothing is known. */
  public static final long UNKNOWN = Long.MAX_VALUE;

  /** An estimate older than this is made anew with one command. */
  static final long REFRESH_NS = 1_000_000_000;

  /** With commands under way and nothing answered for so long a path is stalled. */
  static final long STALL_NS = 100_000_000;

  private static final int WEIGHT = 8;

  private final int slot;
  private final AtomicInteger outstanding = new AtomicInteger();
  private final AtomicLongArray meanNs = new AtomicLongArray(CLASSES);
  private final AtomicLongArray sampledNs = new AtomicLongArray(CLASSES);
  private final AtomicLongArray askedNs = new AtomicLongArray(CLASSES);
  private final AtomicLong progressNs = new AtomicLong();

  /**
   * @param slot names the path
   */
  public PathLoad(int slot, long nowNs) {
    this.slot = slot;
    for (int i = 0; i < CLASSES; i++) {
      askedNs.set(i, nowNs - REFRESH_NS);
      sampledNs.set(i, nowNs - REFRESH_NS);
    }
  }

  public int slot() {
    return slot;
  }

  public int outstanding() {
    return outstanding.get();
  }

  /** A command is sent. */
  public void begin(long nowNs) {
    if (outstanding.getAndIncrement() == 0) {
      progressNs.lazySet(nowNs);
    }
  }

  /** A command that had begun was refused, or failed: says nothing of how long one takes. */
  public void undone() {
    outstanding.decrementAndGet();
  }

  /** A command was refused at once: the path works, and is not quick because of that. */
  public void refused(long nowNs) {
    undone();
    progressNs.lazySet(nowNs);
  }

  /** A command was answered. */
  public void ended(int latencyClass, long tookNs, long nowNs) {
    outstanding.decrementAndGet();
    progressNs.lazySet(nowNs);
    sampledNs.lazySet(latencyClass, nowNs);
    long before = meanNs.get(latencyClass);
    long sample = Math.max(1, tookNs);
    meanNs.lazySet(latencyClass, before == 0 ? sample : before + (sample - before) / WEIGHT);
  }

  /** How long nothing was answered while something was under way; 0 where nothing is. */
  public long stalledNs(long nowNs) {
    return outstanding.get() == 0 ? 0 : Math.max(0, nowNs - progressNs.get());
  }

  boolean isStalled(long nowNs) {
    return stalledNs(nowNs) >= STALL_NS;
  }

  /** How long a command of a class can be expected to take, or {@link #UNKNOWN}. */
  public long estimateNs(int latencyClass, long nowNs) {
    long mean = meanNs.get(latencyClass);
    long stalled = stalledNs(nowNs);
    if (mean == 0) {
      return UNKNOWN;
    }
    return stalled >= STALL_NS ? Math.max(mean, stalled) : mean;
  }

  /** As it was when the path was lost; what it was before says nothing of what it is after. */
  public void forget() {
    for (int i = 0; i < CLASSES; i++) {
      meanNs.set(i, 0);
    }
  }

  /** True for one caller each {@link #REFRESH_NS}, unless there are samples or it is stalled. */
  boolean claimRefresh(int latencyClass, long nowNs) {
    long asked = askedNs.get(latencyClass);
    return nowNs - sampledNs.get(latencyClass) >= REFRESH_NS
        && nowNs - asked >= REFRESH_NS
        && !isStalled(nowNs)
        && askedNs.compareAndSet(latencyClass, asked, nowNs);
  }
}
