package io.mora.initiator.path.select;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The path on which commands of a class were quickest lately.
 *
 * <p>Each class keeps its path until another was quicker by {@value #BETTER_PERCENT} % and {@value
 * #DWELL_NS} ns have passed since it last changed; a path that answers nothing ({@link
 * PathLoad#stalledNs}) is left without that wait. A path that is not chosen is tried with one
 * command each {@value PathLoad#REFRESH_NS} ns, or nobody would know that it has become quick.
 */
final class LatencySelector implements PathSelector {
  static final int BETTER_PERCENT = 20;
  static final long DWELL_NS = 100_000_000;

  private static final int NONE = -1;

  // By class: the slot chosen, and since when. Racy: two threads may both change it, to the same.
  private final AtomicIntegerArray chosen = new AtomicIntegerArray(PathLoad.CLASSES);
  private final AtomicLongArray sinceNs = new AtomicLongArray(PathLoad.CLASSES);

  LatencySelector() {
    for (int i = 0; i < PathLoad.CLASSES; i++) {
      chosen.set(i, NONE);
    }
  }

  @Override
  public int select(PathLoad[] paths, int latencyClass, long nowNs) {
    if (paths.length == 1) {
      return 0;
    }
    int at = find(paths, chosen.get(latencyClass));
    int best = best(paths, latencyClass, nowNs);
    if (at == NONE) {
      return choose(paths, best, latencyClass, nowNs);
    }
    for (int i = 0; i < paths.length; i++) {
      if (i != at && paths[i].claimRefresh(latencyClass, nowNs)) {
        return i;
      }
    }
    return best != at && isWorthIt(paths[at], paths[best], latencyClass, nowNs)
        ? choose(paths, best, latencyClass, nowNs)
        : at;
  }

  private boolean isWorthIt(PathLoad from, PathLoad to, int latencyClass, long nowNs) {
    long now = from.estimateNs(latencyClass, nowNs);
    long then = to.estimateNs(latencyClass, nowNs);
    boolean better = then < now - now / 100 * BETTER_PERCENT;
    boolean rested = nowNs - sinceNs.get(latencyClass) >= DWELL_NS;
    return better && (rested || from.isStalled(nowNs));
  }

  private int choose(PathLoad[] paths, int at, int latencyClass, long nowNs) {
    chosen.set(latencyClass, paths[at].slot());
    sinceNs.set(latencyClass, nowNs);
    return at;
  }

  private static int find(PathLoad[] paths, int slot) {
    for (int i = 0; i < paths.length; i++) {
      if (paths[i].slot() == slot) {
        return i;
      }
    }
    return NONE;
  }

  private static int best(PathLoad[] paths, int latencyClass, long nowNs) {
    int best = 0;
    for (int i = 1; i < paths.length; i++) {
      if (paths[i].estimateNs(latencyClass, nowNs) < paths[best].estimateNs(latencyClass, nowNs)) {
        best = i;
      }
    }
    return best;
  }
}
