package io.mora.cli.workload.plan;

import io.mora.cli.load.Dice;
import java.util.List;

/**
 * When requests are meant to start: at random (a Poisson process), at a rate that changes from
 * phase to phase, whatever becomes of those before. One thread asks.
 */
public final class Arrivals {
  /** There is none left. */
  public static final long NONE = Long.MAX_VALUE;

  private final List<RatePhase> phases;
  private final Dice dice;
  private int phase;
  private long phaseFromNs;
  private long atNs;

  public Arrivals(List<RatePhase> phases, Dice dice) {
    this.phases = List.copyOf(phases);
    this.dice = dice;
  }

  /** The next one, in nanoseconds from the begin of the first phase; or {@link #NONE}. */
  public long next() {
    while (phase < phases.size()) {
      RatePhase now = phases.get(phase);
      double waitNs = -Math.log(1 - dice.fraction()) * 1e9 / now.perSecond();
      long endNs = phaseFromNs + now.lengthNs();
      if (waitNs < endNs - atNs) {
        atNs += (long) waitNs;
        return atNs;
      }
      // It has no memory: beyond the end of a phase the next one's rate counts, from its begin.
      phase++;
      phaseFromNs = endNs;
      atNs = endNs;
    }
    return NONE;
  }

  /** The phase of what {@link #next} told last. */
  public int phase() {
    return phase;
  }
}
