package io.mora.initiator.path.hedge;

import io.mora.initiator.intent.Intent;
import io.mora.protocol.intent.LatencyClass;
import org.jspecify.annotations.Nullable;

/** When a read is sent again; arithmetic only. */
public final class HedgeDelay {
  /** Of {@link #budgetNs}: it is not one that is hedged. */
  public static final long NEVER = 0;

  /** A path is given as many times its usual time to answer. */
  private static final int USUAL = 2;

  private HedgeDelay() {}

  /** What a read has, from submit; {@link #NEVER} for reads that nobody waits for. */
  public static long budgetNs(@Nullable Intent intent) {
    if (intent == null) {
      return NEVER;
    }
    int latencyClass = intent.latencyClass();
    long us = intent.budgetUs();
    if (latencyClass < LatencyClass.NORMAL.code()
        || us == 0 && latencyClass < LatencyClass.FIRST_LATENCY) {
      return NEVER;
    }
    return (us == 0 ? LatencyClass.of(latencyClass).defaultBudgetUs() : us) * 1000;
  }

  /**
   * From submit until it is sent again: as late as the other path can still make it, and not before
   * the first one has had twice its usual time.
   *
   * @param budgetNs of the read
   * @param firstNs what its path usually takes
   * @param otherNs what the best other path usually takes
   */
  public static long of(long budgetNs, long firstNs, long otherNs, long leastNs) {
    long latest = budgetNs - Math.min(budgetNs, doubled(otherNs));
    long patient = Math.min(budgetNs, doubled(firstNs));
    return Math.max(leastNs, Math.max(latest, patient));
  }

  /** Of what is not known nothing. */
  private static long doubled(long ns) {
    return ns > Long.MAX_VALUE / USUAL ? 0 : USUAL * ns;
  }
}
