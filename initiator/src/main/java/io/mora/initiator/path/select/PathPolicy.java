package io.mora.initiator.path.select;

/** How paths are chosen, where several serve equally well. */
public enum PathPolicy {
  /** In turn. */
  ROUND_ROBIN,
  /** The one with the fewest commands under way. */
  QUEUE_DEPTH,
  /** The quickest for the command's class, as it was lately; {@link LatencySelector}. */
  LATENCY;

  /** A selector of its own for each namespace. */
  public PathSelector selector() {
    return switch (this) {
      case ROUND_ROBIN -> new RoundRobinSelector();
      case QUEUE_DEPTH -> new QueueDepthSelector();
      case LATENCY -> new LatencySelector();
    };
  }
}
