package io.mora.protocol.admin.policy;

import io.mora.protocol.intent.LatencyClass;

/**
 * How commands of a namespace are served.
 *
 * @param latencyClass base class of its commands; DEFAULT leaves that to listener and queue
 * @param latencyMode how latency is traded for throughput
 * @param intent intent of commands counts; otherwise it is ignored here
 */
public record NamespacePolicy(
    LatencyClass latencyClass, LatencyModeSpec latencyMode, boolean intent) {
  public static final NamespacePolicy DEFAULT =
      new NamespacePolicy(LatencyClass.DEFAULT, LatencyModeSpec.INHERIT, true);
}
