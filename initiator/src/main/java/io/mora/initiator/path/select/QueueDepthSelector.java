package io.mora.initiator.path.select;

import java.util.concurrent.atomic.AtomicInteger;

/** The fewest commands under way; those with as many in turn. */
final class QueueDepthSelector implements PathSelector {
  private final AtomicInteger next = new AtomicInteger();

  @Override
  public int select(PathLoad[] paths, int latencyClass, long nowNs) {
    int first = paths.length == 1 ? 0 : Math.floorMod(next.getAndIncrement(), paths.length);
    int best = first;
    for (int i = 1; i < paths.length; i++) {
      int at = (first + i) % paths.length;
      if (paths[at].outstanding() < paths[best].outstanding()) {
        best = at;
      }
    }
    return best;
  }
}
