package io.mora.qos.pause;

/**
 * Pauses of the collector in some time, as far as the JVM has told of them.
 *
 * @param totalMs rounded down
 * @param longestMs to the millisecond, either way: 0 is less than one
 */
public record PauseSum(long count, long totalMs, long longestMs) {
  public static final PauseSum NONE = new PauseSum(0, 0, 0);

  /** Those of another time too. */
  public PauseSum and(PauseSum other) {
    return new PauseSum(
        count + other.count, totalMs + other.totalMs, Math.max(longestMs, other.longestMs));
  }

  /** As in {@code 12 collector pauses, 1 ms in all, longest < 1 ms}. */
  @Override
  public String toString() {
    if (count == 0) {
      return "no collector pause";
    }
    return count
        + (count == 1 ? " collector pause, " : " collector pauses, ")
        + ms(totalMs)
        + " in all, longest "
        + ms(longestMs);
  }

  private static String ms(long ms) {
    return ms == 0 ? "< 1 ms" : ms + " ms";
  }
}
