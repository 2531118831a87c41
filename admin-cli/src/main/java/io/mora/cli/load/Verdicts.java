package io.mora.cli.load;

import io.mora.initiator.io.IoResult;
import io.mora.protocol.intent.LatencyClass;
import io.mora.protocol.intent.Timing;

/** What became of I/Os' budgets and classes. One thread counts; others look when it is done. */
public final class Verdicts {
  private final long[] effective = new long[LatencyClass.COUNT];
  private long inTime;
  private long late;
  private long downgraded;
  private long throttled;
  private long deferred;
  private long expired;

  /**
   * Counts one. Whether it was late goes by the time in the target, which is what a budget is for;
   * by the whole time where the target does not tell.
   */
  void record(IoResult io, long budgetNs) {
    long reply = io.result();
    boolean told = io.hasTargetTiming();
    long spentNs = told ? Timing.totalNs(reply) : io.completedNs() - io.intendedStartNs();
    if (spentNs <= budgetNs) {
      inTime++;
    } else {
      late++;
    }
    if (told) {
      int flags = Timing.flags(reply);
      downgraded += (flags & Timing.DOWNGRADED) == 0 ? 0 : 1;
      throttled += (flags & Timing.THROTTLED) == 0 ? 0 : 1;
      deferred += (flags & Timing.DEFERRED) == 0 ? 0 : 1;
      effective[Timing.effectiveClass(reply)]++;
    }
  }

  /** Counts a read that the target dropped because its budget was spent, as it was allowed to. */
  void recordExpired() {
    expired++;
  }

  void add(Verdicts other) {
    for (int i = 0; i < effective.length; i++) {
      effective[i] += other.effective[i];
    }
    inTime += other.inTime;
    late += other.late;
    downgraded += other.downgraded;
    throttled += other.throttled;
    deferred += other.deferred;
    expired += other.expired;
  }

  public long inTime() {
    return inTime;
  }

  public long late() {
    return late;
  }

  /** Share of those that ended within their budget, 0 to 1; NaN when there are none. */
  public double hitRate() {
    return (double) inTime / (inTime + late);
  }

  /** Their class was lowered. */
  public long downgraded() {
    return downgraded;
  }

  /** The host was over its rate. */
  public long throttled() {
    return throttled;
  }

  /** Held back by policy. */
  public long deferred() {
    return deferred;
  }

  /** Dropped, as they were allowed to be. */
  public long expired() {
    return expired;
  }

  /** Those that the target treated as of a class, 0 to 7. */
  public long effective(int latencyClass) {
    return effective[latencyClass];
  }
}
