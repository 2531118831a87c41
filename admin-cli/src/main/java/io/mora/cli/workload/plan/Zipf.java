package io.mora.cli.workload.plan;

import io.mora.cli.load.Dice;
import java.util.Arrays;

/**
 * Ranks as they are asked for in life: rank k, from 0, is drawn in proportion to 1 / (k + 1)^s.
 * Immutable.
 */
public final class Zipf {
  /** A rank costs eight bytes of table. */
  public static final int RANKS_MAX = 1 << 20;

  private final double[] upTo;

  /**
   * @param ranks 1 to {@value #RANKS_MAX}
   * @param exponent 0 is even; 1 halves with each doubling of the rank
   */
  public Zipf(int ranks, double exponent) {
    if (ranks < 1 || ranks > RANKS_MAX || exponent < 0) {
      throw new IllegalArgumentException("zipf of " + ranks + " ranks, exponent " + exponent);
    }
    upTo = new double[ranks];
    double sum = 0;
    for (int rank = 0; rank < ranks; rank++) {
      sum += Math.pow(rank + 1.0, -exponent);
      upTo[rank] = sum;
    }
  }

  /** The next rank. */
  public int rank(Dice dice) {
    double drawn = dice.fraction() * upTo[upTo.length - 1];
    int found = Arrays.binarySearch(upTo, drawn);
    return Math.min(found < 0 ? -found - 1 : found + 1, upTo.length - 1);
  }
}
