package io.mora.qos.host;

/**
 * One host on one shard: its place in line, its weight, and what the shard has leased of its {@link
 * HostBudget}. The shard's thread only.
 */
public final class HostShare {
  private final HostBudget budget;
  private final Lease operations;
  private final Lease bytes;

  HostShare(HostBudget budget) {
    this.budget = budget;
    operations = new Lease(budget.operations());
    bytes = new Lease(budget.bytes());
  }

  /**
   * Asks for a place among the latency classes.
   *
   * @param operations how many, usually 1
   * @param byteCount data they move together
   * @return false when the host is over its rate: nothing was taken
   */
  public boolean take(long operations, long byteCount, long nowNs) {
    if (!this.operations.has(operations, nowNs) || !bytes.has(byteCount, nowNs)) {
      return false;
    }
    this.operations.use(operations);
    bytes.use(byteCount);
    return true;
  }

  public int index() {
    return budget.index();
  }

  public int weight() {
    return budget.weight();
  }

  public HostBudget budget() {
    return budget;
  }
}
