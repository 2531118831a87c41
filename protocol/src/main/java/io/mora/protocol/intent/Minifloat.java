package io.mora.protocol.intent;

/**
 * 16-bit unsigned floating point: bits 15:12 exponent E, bits 11:0 mantissa M, value M shl E.
 *
 * <p>Encoding takes the smallest exponent that holds the value and rounds the mantissa up: a budget
 * or a duration is never told shorter than it is. The relative error stays below 1/2048.
 */
public final class Minifloat {
  /** Largest value: 4095 shl 15. */
  public static final long MAX = 4095L << 15;

  /** What {@link #encodeSaturating} returns above {@link #MAX}, and also the largest value. */
  public static final int SATURATED = 0xFFFF;

  private static final int MANTISSA_LIMIT = 4096;

  private Minifloat() {}

  /** Value of the low 16 bits. */
  public static long decode(int bits) {
    return (bits & 0xFFFL) << (bits >>> 12 & 0xF);
  }

  /** Bits of a value; negative values count as 0, those above {@link #MAX} saturate. */
  public static int encodeSaturating(long value) {
    if (value <= 0) {
      return 0;
    }
    if (value >= MAX) {
      return SATURATED;
    }
    int exponent = Math.max(0, 52 - Long.numberOfLeadingZeros(value));
    long mantissa = value + (1L << exponent) - 1 >>> exponent;
    if (mantissa == MANTISSA_LIMIT) {
      exponent++;
      mantissa = value + (1L << exponent) - 1 >>> exponent;
    }
    return exponent > 15 ? SATURATED : exponent << 12 | (int) mantissa;
  }
}
