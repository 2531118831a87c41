package io.mora.protocol.admin.policy;

import io.mora.protocol.intent.LatencyClass;

/**
 * How commands of a namespace are served.
 *
 * @param latencyClass base class of its commands; DEFAULT leaves that to listener and queue
 * @param latencyMode how latency is traded for throughput
 * @param intent intent of commands counts; otherwise it is ignored here
 * @param reach who reaches it, and how well
 */
public record NamespacePolicy(
    LatencyClass latencyClass, LatencyModeSpec latencyMode, boolean intent, NamespaceReach reach) {
  public static final NamespacePolicy DEFAULT =
      new NamespacePolicy(LatencyClass.DEFAULT, LatencyModeSpec.INHERIT, true);

  /** Reached by every host. */
  public NamespacePolicy(LatencyClass latencyClass, LatencyModeSpec latencyMode, boolean intent) {
    this(latencyClass, latencyMode, intent, NamespaceReach.DEFAULT);
  }

  public NamespacePolicy withReach(NamespaceReach newReach) {
    return new NamespacePolicy(latencyClass, latencyMode, intent, newReach);
  }
}
