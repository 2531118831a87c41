package io.mora.target.backend.delay;

import io.mora.target.backend.IoRequest;

/**
 * A device.
 *
 * @param parallelism operations it serves at once, for all shards together, 1 to {@value
 *     #PARALLELISM_MAX}
 * @param other for FLUSH, WRITE_ZEROES and DEALLOCATE
 * @param seed of every draw: on one shard the same operations in the same order take the same times
 */
public record DeviceProfile(
    int parallelism, OperationTime read, OperationTime write, OperationTime other, long seed) {
  /** Most operations served at once. */
  public static final int PARALLELISM_MAX = 1024;

  public DeviceProfile {
    if (parallelism < 1 || parallelism > PARALLELISM_MAX) {
      throw new IllegalArgumentException(
          "parallelism " + parallelism + ": 1 to " + PARALLELISM_MAX);
    }
  }

  /** The same fixed time for every operation. */
  public static DeviceProfile fixed(int parallelism, long ns) {
    OperationTime all = OperationTime.fixed(ns);
    return new DeviceProfile(parallelism, all, all, all, 0);
  }

  OperationTime of(int op) {
    return switch (op) {
      case IoRequest.READ -> read;
      case IoRequest.WRITE -> write;
      default -> other;
    };
  }
}
