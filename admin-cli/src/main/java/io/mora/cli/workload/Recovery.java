package io.mora.cli.workload;

import java.util.Comparator;
import java.util.stream.IntStream;

/** When a service is as quick as usual again after too much was asked of it. */
final class Recovery {
  /** So many requests in a row are no accident. */
  static final int IN_A_ROW = 10;

  private Recovery() {}

  /**
   * The intended start of the first of {@value #IN_A_ROW} requests in a row, by intended start,
   * that took no longer than usual.
   *
   * @param intendedNs when each request was meant to start, in any order
   * @param wholeNs how long each took
   * @param fromNs from when the answer counts
   * @return nanoseconds, or -1 where there was no such row
   */
  static long afterNs(long[] intendedNs, long[] wholeNs, long fromNs, long usualNs) {
    int[] order =
        IntStream.range(0, intendedNs.length)
            .boxed()
            .sorted(Comparator.comparingLong(i -> intendedNs[i] - fromNs))
            .mapToInt(i -> i)
            .toArray();
    int row = 0;
    for (int i = 0; i < order.length; i++) {
      row = wholeNs[order[i]] <= usualNs ? row + 1 : 0;
      if (row == IN_A_ROW) {
        return intendedNs[order[i - IN_A_ROW + 1]] - fromNs;
      }
    }
    return -1;
  }
}
