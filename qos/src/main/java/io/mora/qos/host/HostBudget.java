package io.mora.qos.host;

import org.jspecify.annotations.Nullable;

/**
 * What one host may take of the latency classes, over all shards: operations and bytes a second.
 * Immutable but for its buckets; any thread. A changed rate is a new budget, with new shares.
 */
public final class HostBudget {
  /** Highest {@link #weight}. */
  public static final int WEIGHT_MAX = 1000;

  private final int index;
  private final int weight;
  private final @Nullable TokenBucket operations;
  private final @Nullable TokenBucket bytes;

  /**
   * @param index tells hosts apart where shares are kept; equal ones share a place in line
   * @param weight share among hosts of a class, 1 to {@link #WEIGHT_MAX}; 100 is ordinary
   * @param operations operations of classes 5 to 7; null: no limit
   * @param bytes bytes of classes 5 to 7; null: no limit
   */
  public HostBudget(
      int index, int weight, @Nullable TokenBucket operations, @Nullable TokenBucket bytes) {
    if (weight < 1 || weight > WEIGHT_MAX) {
      throw new IllegalArgumentException("weight " + weight + ": 1 to " + WEIGHT_MAX);
    }
    this.index = index;
    this.weight = weight;
    this.operations = operations;
    this.bytes = bytes;
  }

  /** A host without limits. */
  public static HostBudget unlimited(int index, int weight) {
    return new HostBudget(index, weight, null, null);
  }

  /** A new share of it, for one shard. */
  public HostShare share() {
    return new HostShare(this);
  }

  public int index() {
    return index;
  }

  public int weight() {
    return weight;
  }

  @Nullable TokenBucket operations() {
    return operations;
  }

  @Nullable TokenBucket bytes() {
    return bytes;
  }
}
