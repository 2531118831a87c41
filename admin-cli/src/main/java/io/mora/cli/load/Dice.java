package io.mora.cli.load;

/** A seeded random sequence (SplitMix64) without allocation. Not for several threads. */
public final class Dice {
  private static final long GAMMA = 0x9E37_79B9_7F4A_7C15L;

  private long state;

  public Dice(long seed) {
    state = seed;
  }

  /** 64 random bits. */
  public long next() {
    state += GAMMA;
    return mix(state);
  }

  /** 0 to bound - 1; the bias of a multiplication is below 2^-32 for regions of any use. */
  public long below(long bound) {
    return Math.multiplyHigh(next() >>> 1, bound << 1);
  }

  /** 0 up to 1, which it never is. */
  public double fraction() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  /** True this many times of a hundred. */
  public boolean percent(int percent) {
    return below(100) < percent;
  }

  /** SplitMix64's finalizer: every bit of the input changes half of the output. */
  public static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
    return z ^ z >>> 31;
  }
}
