package io.mora.target.admin.stats;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What was done lately. While somebody asks, a reading is kept for each second; after {@value
 * #IDLE_S} s without a question none is taken any more. Control threads.
 */
public final class StatsWindow {
  /** Longest window that can be told. */
  public static final int LONGEST_S = 60;

  /** Seconds without a question after which nothing is kept. */
  static final int IDLE_S = 15;

  private static final long SECOND = 1_000_000_000;

  private final StatsSource source;
  private final Deque<Sums> kept = new ArrayDeque<>();
  private long askedNs;
  private boolean asked;

  public StatsWindow(StatsSource source) {
    this.source = source;
  }

  /** Once a second. */
  public synchronized void tick() {
    if (!asked) {
      return;
    }
    if (System.nanoTime() - askedNs > IDLE_S * SECOND) {
      asked = false;
      kept.clear();
      return;
    }
    keep(source.read().sums());
  }

  private void keep(Sums sums) {
    kept.addLast(sums);
    while (kept.size() > LONGEST_S + 1) {
      kept.removeFirst();
    }
  }

  /**
   * The last seconds.
   *
   * @param seconds what it covers; 0 when nothing was kept yet: then the sums are since the start
   */
  public record Lately(double seconds, Sums sums, Sums total) {}

  /**
   * What was done in about the last seconds; the first question, and those soon after it, get a
   * shorter time.
   */
  public synchronized Lately last(int seconds) {
    Sums now = source.read().sums();
    askedNs = System.nanoTime();
    asked = true;
    Sums from = null;
    for (Sums each : kept) {
      boolean young = now.atNs() - each.atNs() <= seconds * SECOND + SECOND / 2;
      if (young && each.atNs() != now.atNs()) {
        from = each;
        break;
      }
    }
    if (kept.isEmpty()) {
      keep(now);
    }
    return lately(now, from);
  }

  private static Lately lately(Sums now, @Nullable Sums from) {
    if (from == null) {
      return new Lately(0, now, now);
    }
    return new Lately((now.atNs() - from.atNs()) / (double) SECOND, now.since(from), now);
  }
}
