package io.mora.cli.workload;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/** What became of the requests of a phase; any thread. */
final class Tally {
  private static final long HIGHEST_NS = 600_000_000_000L;
  private static final int DIGITS = 3;

  /** Stands for the time of a request that has no first token. */
  static final long NEVER = Long.MAX_VALUE;

  private final long fromNs;
  private final long endNs;
  private final Histogram whole = new Histogram(HIGHEST_NS, DIGITS);
  private final Histogram demand = new Histogram(HIGHEST_NS, DIGITS);
  private final Histogram stalled = new Histogram(HIGHEST_NS, DIGITS);
  private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
  private long[] intendedNs = new long[256];
  private long[] wholeNs = new long[256];
  private int ended;

  /** What is counted. */
  enum Count {
    /** Requests that were meant to start. */
    OFFERED,
    DONE,
    /** Done within the budget. */
    IN_TIME,
    /** A read of theirs was refused by the target. */
    REFUSED,
    /** They could not begin within their budget, or too many commands waited here. */
    TURNED_AWAY,
    /** Reads that a layer waited for from the start. */
    DEMANDS,
    DEMANDS_IN_TIME,
    DEMANDS_REFUSED,
    /** Reads ahead. */
    PREFETCHES,
    /** They were there when their layer began. */
    PREFETCHES_READY,
    /** Not there when their layer began, and waited for: hastened, where the target takes that. */
    PREFETCHES_AWAITED,
    /** Dropped by the target, and read again on demand. */
    PREFETCHES_EXPIRED,
    /** Layers after the first that had to wait for a page. */
    STALLS,
    /** Of pages that ended within the phase. */
    BYTES
  }

  Tally(long fromNs, long endNs) {
    this.fromNs = fromNs;
    this.endNs = endNs;
    for (Count what : Count.values()) {
      counts.put(what, new LongAdder());
    }
  }

  private void add(Count what, long by) {
    Objects.requireNonNull(counts.get(what)).add(by);
  }

  void count(Count what) {
    add(what, 1);
  }

  void page(int bytes, long nowNs) {
    if (nowNs - fromNs >= 0 && nowNs - endNs < 0) {
      add(Count.BYTES, bytes);
    }
  }

  synchronized void demand(long ns, boolean inTime) {
    count(Count.DEMANDS);
    add(Count.DEMANDS_IN_TIME, inTime ? 1 : 0);
    demand.recordValue(bounded(ns));
  }

  /**
   * A request has its first token.
   *
   * @param ns from its intended start
   * @param stalledNs that layers after the first waited for pages, together
   */
  synchronized void done(long requestIntendedNs, long ns, boolean inTime, long stalledNs) {
    count(Count.DONE);
    add(Count.IN_TIME, inTime ? 1 : 0);
    whole.recordValue(bounded(ns));
    stalled.recordValue(bounded(stalledNs));
    keep(requestIntendedNs, ns);
  }

  /** A request has none, and will have none. */
  synchronized void never(long requestIntendedNs, Count why) {
    count(why);
    keep(requestIntendedNs, NEVER);
  }

  private void keep(long requestIntendedNs, long ns) {
    if (ended == wholeNs.length) {
      intendedNs = Arrays.copyOf(intendedNs, 2 * ended);
      wholeNs = Arrays.copyOf(wholeNs, 2 * ended);
    }
    intendedNs[ended] = requestIntendedNs;
    wholeNs[ended] = ns;
    ended++;
  }

  private static long bounded(long ns) {
    return Math.max(0, Math.min(HIGHEST_NS, ns));
  }

  long of(Count what) {
    return Objects.requireNonNull(counts.get(what)).sum();
  }

  /** Nanoseconds within which so many of a hundred requests had their first token. */
  synchronized long wholeNs(double percentile) {
    return whole.getValueAtPercentile(percentile);
  }

  synchronized long demandNs(double percentile) {
    return demand.getValueAtPercentile(percentile);
  }

  synchronized long stalledNs(double percentile) {
    return stalled.getValueAtPercentile(percentile);
  }

  long lengthNs() {
    return endNs - fromNs;
  }

  /** How long after the phase's begin requests were as quick as usual again; -1: never. */
  synchronized long normalAfterNs(long usualNs) {
    return Recovery.afterNs(
        Arrays.copyOf(intendedNs, ended), Arrays.copyOf(wholeNs, ended), fromNs, usualNs);
  }
}
