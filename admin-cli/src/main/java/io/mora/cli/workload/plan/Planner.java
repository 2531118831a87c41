package io.mora.cli.workload.plan;

import io.mora.cli.load.Dice;

/** Draws the requests of a kind of service. */
@FunctionalInterface
public interface Planner {
  /** The next request; the same draws give the same. */
  Plan next(Dice dice);
}
