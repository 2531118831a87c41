package io.mora.target.backend.delay;

import io.mora.protocol.admin.BackendSpec;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.ForwardingBackend;
import io.mora.target.shard.Shard;

/**
 * A storage made slow on purpose: one device for all shards, with so many servers, a bandwidth that
 * they share, and a time for each operation drawn from a profile; only then the operation itself.
 * What finds no free server waits, in order of arrival, so that delays add up as they do on a
 * device.
 */
public final class DelayBackend extends ForwardingBackend {
  /*
   * The delay comes before the operation: data is read as late, and written as late, as a slow
   * device would. It is for tests and experiments: on a machine without a disk worth the name it is
   * the only one whose limits are known.
   */
  private final DeviceProfile profile;
  private final Occupancy occupancy;

  public DelayBackend(Backend inner, DeviceProfile profile) {
    super("delayed", inner);
    this.profile = profile;
    this.occupancy = new Occupancy(profile.parallelism(), System.nanoTime());
  }

  /**
   * The modelled device of a configuration.
   *
   * @param seed of its random times
   */
  public static DelayBackend of(Backend inner, BackendSpec.Device device, long seed) {
    OperationTime read = time(device, device.read());
    OperationTime write = time(device, device.write());
    return new DelayBackend(
        inner, new DeviceProfile(device.parallelism(), read, write, write, seed));
  }

  private static OperationTime time(BackendSpec.Device device, BackendSpec.Direction direction) {
    double slowChance = device.slowEvery() == 0 ? 0 : 1.0 / device.slowEvery();
    long bandwidth = direction.bytesPerSecond();
    return OperationTime.fixed(direction.time().toNanos())
        .withSpread(direction.spread().toNanos())
        .withSize(
            direction.perMib().toNanos() / 1024,
            bandwidth == 0 ? 0 : 1024 * 1_000_000_000L / bandwidth)
        .withSlow(slowChance, device.slowTime().toNanos())
        .scaled(device.scale());
  }

  @Override
  public BackendQueue queue(Shard shard) {
    return new DelayQueue(inner.queue(shard), shard, profile, occupancy);
  }
}
