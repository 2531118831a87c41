package io.mora.protocol.admin;

/**
 * What a bounded key allows, and what it is when left out.
 *
 * @param min smallest value allowed
 * @param defaultValue within the bounds
 * @param max largest value allowed
 */
public record Range(long min, long defaultValue, long max) {
  public Range {
    if (min > defaultValue || defaultValue > max) {
      throw new IllegalArgumentException(min + " <= " + defaultValue + " <= " + max);
    }
  }

  public boolean contains(long value) {
    return min <= value && value <= max;
  }
}
