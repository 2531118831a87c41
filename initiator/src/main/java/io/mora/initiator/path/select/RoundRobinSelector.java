package io.mora.initiator.path.select;

import java.util.concurrent.atomic.AtomicInteger;

/** One after the other. */
final class RoundRobinSelector implements PathSelector {
  private final AtomicInteger next = new AtomicInteger();

  @Override
  public int select(PathLoad[] paths, int latencyClass, long nowNs) {
    return paths.length == 1 ? 0 : Math.floorMod(next.getAndIncrement(), paths.length);
  }
}
