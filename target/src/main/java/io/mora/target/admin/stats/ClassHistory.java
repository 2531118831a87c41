package io.mora.target.admin.stats;

import io.mora.protocol.intent.LatencyClass;
import io.mora.target.metrics.ClassSums;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long commands took in the last half hour, by class, whether or not somebody looked. Takes a
 * reading every {@value #STEP_S} s and keeps {@value #KEPT} steps: at most some 2 MiB, of which a
 * class that ran nothing takes none. Control threads.
 */
public final class ClassHistory {
  /** Seconds of a step. */
  public static final int STEP_S = 5;

  /** Steps kept; a further one takes the place of the oldest. */
  public static final int KEPT = 360;

  private static final double SECOND = 1e9;

  private final StatsSource source;
  private final Deque<Step> steps = new ArrayDeque<>();
  private @Nullable Sums before;
  private int ticks;
  private long last;

  /**
   * What was done in a few seconds.
   *
   * @param number ascending, without gaps
   * @param atMs its end, in milliseconds since 1970
   * @param classes those that ran, the most urgent first
   */
  public record Step(long number, long atMs, double seconds, List<ClassStep> classes) {}

  /**
   * What a class did in a step.
   *
   * @param counts commands by time, in the buckets of log E0h
   */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  public record ClassStep(int ioClass, long late, long[] counts) {}

  public ClassHistory(StatsSource source) {
    this.source = source;
  }

  /** Once a second. */
  public void tick() {
    if (ticks++ % STEP_S == 0) {
      take(source.read().sums());
    }
  }

  /** A reading; the first is only where the next begins. */
  synchronized void take(Sums now) {
    Sums from = before;
    before = now;
    if (from == null) {
      return;
    }
    ClassSums did = new ClassSums();
    did.add(now.total());
    did.subtract(from.total());
    List<ClassStep> classes = new ArrayList<>();
    for (int i = LatencyClass.COUNT - 1; i >= 1; i--) {
      if (did.commands(i) > 0) {
        classes.add(new ClassStep(i, did.late(i), did.times(i)));
      }
    }
    if (steps.size() == KEPT) {
      steps.removeFirst();
    }
    double seconds = (now.atNs() - from.atNs()) / SECOND;
    steps.addLast(new Step(++last, now.atMs(), seconds, List.copyOf(classes)));
  }

  /** Number of the latest step; 0 before the first. */
  public synchronized long last() {
    return last;
  }

  /** Steps after one, oldest first. */
  public synchronized List<Step> after(long number) {
    return steps.stream().filter(step -> step.number() > number).toList();
  }
}
