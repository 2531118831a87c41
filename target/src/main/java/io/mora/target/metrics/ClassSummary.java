package io.mora.target.metrics;

import io.mora.protocol.intent.LatencyBuckets;
import io.mora.protocol.intent.LatencyClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of the commands of a class, in one line.
 *
 * @param ioClass they ran in, with intent or without
 * @param late took longer than their budgets
 * @param cause what most of the late ones were late for; null if none was
 * @param causeLate late for this
 * @param p99Ns received to handed to the socket, at most 25 % too long
 */
public record ClassSummary(
    LatencyClass ioClass,
    long commands,
    long late,
    @Nullable LateCause cause,
    long causeLate,
    long p99Ns) {
  private static final int P99 = 990_000;
  private static final double NS_PER_US = 1_000;
  private static final double PERCENT = 100;

  /** Of each class that ran commands, the most urgent first; at most seven. */
  public static List<ClassSummary> of(ClassSums sums) {
    List<ClassSummary> list = new ArrayList<>();
    for (int i = LatencyClass.COUNT - 1; i >= 0; i--) {
      if (sums.commands(i) > 0) {
        list.add(of(sums, i));
      }
    }
    return list;
  }

  private static ClassSummary of(ClassSums sums, int effectiveClass) {
    LateCause top = null;
    long most = 0;
    for (LateCause cause : LateCause.values()) {
      long count = sums.late(effectiveClass, cause);
      if (count > most) {
        most = count;
        top = cause;
      }
    }
    return new ClassSummary(
        LatencyClass.of(effectiveClass),
        sums.commands(effectiveClass),
        sums.late(effectiveClass),
        top,
        most,
        LatencyBuckets.quantileNs(sums.times(effectiveClass), P99));
  }

  @Override
  public String toString() {
    String text =
        String.format(
            Locale.ROOT,
            "class %d %s: %d commands, p99 %.0f us, %d late (%.2f %%)",
            ioClass.code(),
            ioClass.word(),
            commands,
            p99Ns / NS_PER_US,
            late,
            late * PERCENT / commands);
    LateCause top = cause;
    return top == null ? text : text + ", most by " + top.word() + " (" + causeLate + ")";
  }
}
