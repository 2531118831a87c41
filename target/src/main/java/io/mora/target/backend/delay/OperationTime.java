package io.mora.target.backend.delay;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * How long operations of one kind take.
 *
 * @param baseNs what every one takes
 * @param spreadNs up to so much more, uniformly
 * @param nsPerKib of its server for each KiB of data moved
 * @param sharedNsPerKib of what all operations share (the device's bandwidth) for each KiB
 * @param slowChance share of operations, 0 to 1, that take {@code slowNs} more
 * @param slowNs what a slow one takes more
 */
public record OperationTime(
    long baseNs,
    long spreadNs,
    long nsPerKib,
    long sharedNsPerKib,
    double slowChance,
    long slowNs) {
  static final long MAX_NS = TimeUnit.HOURS.toNanos(1);

  public OperationTime {
    require("baseNs", baseNs);
    require("spreadNs", spreadNs);
    require("nsPerKib", nsPerKib);
    require("sharedNsPerKib", sharedNsPerKib);
    require("slowNs", slowNs);
    if (!(slowChance >= 0 && slowChance <= 1)) {
      throw new IllegalArgumentException("slowChance " + slowChance + ": 0 to 1");
    }
  }

  private static void require(String name, long ns) {
    if (ns < 0 || ns > MAX_NS) {
      throw new IllegalArgumentException(name + " " + ns + ": 0 to " + MAX_NS);
    }
  }

  /** The same time for all, whatever their size. */
  public static OperationTime fixed(long ns) {
    return new OperationTime(ns, 0, 0, 0, 0, 0);
  }

  public OperationTime withSpread(long newSpreadNs) {
    return new OperationTime(baseNs, newSpreadNs, nsPerKib, sharedNsPerKib, slowChance, slowNs);
  }

  /** The time of a size: of the server, and of what is shared. */
  public OperationTime withSize(long newNsPerKib, long newSharedNsPerKib) {
    return new OperationTime(baseNs, spreadNs, newNsPerKib, newSharedNsPerKib, slowChance, slowNs);
  }

  public OperationTime withSlow(double newSlowChance, long newSlowNs) {
    return new OperationTime(baseNs, spreadNs, nsPerKib, sharedNsPerKib, newSlowChance, newSlowNs);
  }

  /** Every time so many times as long. */
  public OperationTime scaled(int factor) {
    return new OperationTime(
        baseNs * factor,
        spreadNs * factor,
        nsPerKib * factor,
        sharedNsPerKib * factor,
        slowChance,
        slowNs * factor);
  }

  /** A server's time for an operation; ns. */
  long serverNs(SplittableRandom random, long dataBytes) {
    long ns = baseNs + nsPerKib * dataBytes / 1024;
    if (spreadNs > 0) {
      ns += random.nextLong(spreadNs);
    }
    return slowChance > 0 && random.nextDouble() < slowChance ? ns + slowNs : ns;
  }

  /** The time that what is shared is taken for; ns. */
  long sharedNs(long dataBytes) {
    return sharedNsPerKib * dataBytes / 1024;
  }
}
