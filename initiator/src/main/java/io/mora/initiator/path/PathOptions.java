package io.mora.initiator.path;

import io.mora.initiator.ConnectOptions;
import io.mora.initiator.path.hedge.HedgeOptions;
import io.mora.initiator.path.io.IoLimits;
import io.mora.initiator.path.select.PathPolicy;
import java.util.concurrent.TimeUnit;

/** How several paths are used as one. Immutable; {@link #DEFAULT} and what is made from it. */
public final class PathOptions {
  public static final int IN_FLIGHT_MAX = 65536;

  /** Of {@link #quietMs}: as the controller's keep-alive and CQT say. */
  public static final long BY_CONTROLLER = -1;

  public static final PathOptions DEFAULT =
      new PathOptions(
          new IoLimits(
              PathPolicy.LATENCY, HedgeOptions.OFF, 4096, 4096, TimeUnit.SECONDS.toNanos(30)),
          BY_CONTROLLER);

  private final IoLimits limits;
  private final long quietMs;

  private PathOptions(IoLimits limits, long quietMs) {
    this.limits = limits;
    this.quietMs = quietMs;
  }

  /** How a path is chosen among equally good ones; {@link PathPolicy#LATENCY}. */
  public PathOptions policy(PathPolicy policy) {
    return with(
        new IoLimits(
            policy,
            limits.hedge(),
            limits.inFlightMax(),
            limits.waitingMax(),
            limits.noPathTimeoutNs()));
  }

  /** Which reads may be sent twice; none. */
  public PathOptions hedge(HedgeOptions hedge) {
    return with(
        new IoLimits(
            limits.policy(),
            hedge,
            limits.inFlightMax(),
            limits.waitingMax(),
            limits.noPathTimeoutNs()));
  }

  /**
   * I/Os of a namespace at a time, and those submitted while there is no path that wait for one: 1
   * to {@value #IN_FLIGHT_MAX} each, 4096; one more is refused.
   */
  public PathOptions limits(int inFlightMax, int waitingMax) {
    require("inFlightMax", inFlightMax, 1, IN_FLIGHT_MAX);
    require("waitingMax", waitingMax, 0, IN_FLIGHT_MAX);
    return with(
        new IoLimits(
            limits.policy(), limits.hedge(), inFlightMax, waitingMax, limits.noPathTimeoutNs()));
  }

  /** How long an I/O goes without a path before it fails with NO_PATH; 30 000, 0 and more. */
  public PathOptions noPathTimeoutMs(long ms) {
    require("noPathTimeoutMs", ms, 0, ConnectOptions.TIMEOUT_MS_MAX);
    return with(
        new IoLimits(
            limits.policy(),
            limits.hedge(),
            limits.inFlightMax(),
            limits.waitingMax(),
            TimeUnit.MILLISECONDS.toNanos(ms)));
  }

  /**
   * How long after a controller was lost a write that it had not answered is sent elsewhere, for
   * who knows better than the rule: {@link #BY_CONTROLLER}, or 0 and more. Too short a time lets an
   * old write overwrite a newer one.
   */
  public PathOptions quietMs(long ms) {
    require("quietMs", ms, BY_CONTROLLER, ConnectOptions.TIMEOUT_MS_MAX);
    return new PathOptions(limits, ms);
  }

  private PathOptions with(IoLimits newLimits) {
    return new PathOptions(newLimits, quietMs);
  }

  private static void require(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " " + value + ": " + min + " to " + max);
    }
  }

  IoLimits limits() {
    return limits;
  }

  long quietMs() {
    return quietMs;
  }
}
