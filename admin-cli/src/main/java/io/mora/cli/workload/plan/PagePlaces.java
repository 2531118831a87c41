package io.mora.cli.workload.plan;

import io.mora.cli.load.Dice;

/**
 * Where pages lie and how large they are: a function of what a page is of, so that what is asked
 * for again is the same page. Sizes are powers of two, each as often as there is as much of it in
 * bytes: half of the pages have the smallest size, or a little more. Immutable.
 */
public final class PagePlaces {
  private final long seed;
  private final long regionBytes;
  private final int smallest;
  private final int sizes;

  /**
   * @param smallest bytes, a power of two
   * @param largest bytes, a power of two, at most the region
   */
  public PagePlaces(long seed, long regionBytes, int smallest, int largest) {
    if (Integer.bitCount(smallest) != 1
        || Integer.bitCount(largest) != 1
        || smallest > largest
        || largest > regionBytes) {
      throw new IllegalArgumentException(
          "pages of " + smallest + " to " + largest + " bytes in " + regionBytes);
    }
    this.seed = seed;
    this.regionBytes = regionBytes;
    this.smallest = smallest;
    this.sizes = Integer.numberOfTrailingZeros(largest / smallest) + 1;
  }

  /** The name of part {@code n} of something. */
  public static long part(long of, long n) {
    return Dice.mix(of * 0x9E37_79B9_7F4A_7C15L + n);
  }

  /** The page of a name. */
  Page page(long name) {
    Dice dice = new Dice(Dice.mix(seed ^ name));
    int bytes = smallest << size(dice);
    return Page.certain(dice.below(regionBytes / bytes) * bytes, bytes);
  }

  /** A page of a name which may turn out to be needed. */
  Page perhaps(long name, boolean wanted, int confidencePercent) {
    Page page = page(name);
    return new Page(page.offsetBytes(), page.bytes(), wanted, confidencePercent);
  }

  private int size(Dice dice) {
    long of = (1L << sizes) - 1; // 2^(sizes-1) of the smallest, ... 1 of the largest
    long drawn = dice.below(of);
    int size = 0;
    for (long share = 1L << sizes - 1; drawn >= share; share >>= 1) {
      drawn -= share;
      size++;
    }
    return size;
  }
}
