package io.mora.target.subsystem;

import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.admin.policy.Trust;
import java.util.List;
import java.util.Set;

/**
 * A listener as hosts see it: where it is reached and what it serves. Immutable.
 *
 * @param portId PORTID in the discovery log, unique in this target
 * @param traddr address to advertise, or empty for the local address of the asking connection
 * @param trsvcid TCP port
 * @param discoveryOnly only the discovery subsystem is served
 * @param subsystems NQNs served, or empty for all
 * @param policy how what comes in through it is treated
 */
public record Port(
    int portId,
    String traddr,
    int trsvcid,
    boolean discoveryOnly,
    Set<String> subsystems,
    Policy policy) {
  public Port {
    subsystems = Set.copyOf(subsystems);
  }

  /** A port of no class through which everything is reached well. */
  public Port(
      int portId, String traddr, int trsvcid, boolean discoveryOnly, Set<String> subsystems) {
    this(
        portId,
        traddr,
        trsvcid,
        discoveryOnly,
        subsystems,
        new Policy(0, new PortAna(List.of()), TlsPolicy.NONE, Trust.PROVEN));
  }

  /** Whether it speaks TLS. */
  public TlsPolicy tls() {
    return policy.tls;
  }

  /** How namespaces are reached through it. */
  public PortAna ana() {
    return policy.ana;
  }

  /**
   * @param latencyClass class of commands that come in through it, 0 for none
   * @param ana how namespaces are reached; the same object as long as the port is
   * @param tls whether it speaks TLS
   * @param trust whether names are believed of hosts that come in through it
   */
  public record Policy(int latencyClass, PortAna ana, TlsPolicy tls, Trust trust) {}

  /** True if a subsystem can be connected to through this port. */
  public boolean serves(Subsystem subsystem) {
    return subsystem.isDiscovery()
        || !discoveryOnly && (subsystems.isEmpty() || subsystems.contains(subsystem.nqn().value()));
  }
}
