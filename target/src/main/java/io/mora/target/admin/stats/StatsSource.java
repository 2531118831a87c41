package io.mora.target.admin.stats;

import io.mora.target.metrics.TargetStats;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the target has counted. Reading asks something of every shard, so that those who ask
 * within {@value #FRESH_MS} ms share an answer. Control threads.
 */
public final class StatsSource {
  /** How old an answer may be. */
  public static final long FRESH_MS = 100;

  private static final long MS = 1_000_000;

  private final Supplier<TargetStats> target;
  private final Ledger ledger = new Ledger();
  private @Nullable Reading last;

  /**
   * What was counted at a moment.
   *
   * @param sums added up; they never fall
   */
  public record Reading(TargetStats stats, Sums sums) {}

  public StatsSource(Supplier<TargetStats> target) {
    this.target = target;
  }

  /** The next reading is a new one: something was changed. */
  public synchronized void expire() {
    last = null;
  }

  public synchronized Reading read() {
    Reading before = last;
    long now = System.nanoTime();
    if (before != null && now - before.sums.atNs() < FRESH_MS * MS) {
      return before;
    }
    TargetStats stats = target.get();
    Reading reading = new Reading(stats, ledger.add(now, System.currentTimeMillis(), stats));
    last = reading;
    return reading;
  }
}
