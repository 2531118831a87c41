package io.mora.initiator.region;

import java.util.Map;

/**
 * What became of registrations.
 *
 * @param slots places the controller offers
 * @param valid regions it knows now
 * @param added registrations that succeeded, the first and each renewal
 * @param removed given back
 * @param stale times a region became stale: lost connection, or the target dropped it
 * @param churnByFlow added + removed + stale by flow id; flow 0 has all beyond the most flows kept
 */
public record RegionSignals(
    int slots, int valid, long added, long removed, long stale, Map<Integer, Long> churnByFlow) {
  public RegionSignals {
    churnByFlow = Map.copyOf(churnByFlow);
  }

  /** {@code registration_churn}. */
  public long churn() {
    return added + removed + stale;
  }
}
