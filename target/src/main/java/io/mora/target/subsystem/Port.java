package io.mora.target.subsystem;

import java.util.Set;

/**
 * A listener as hosts see it: where it is reached and what it serves. Immutable.
 *
 * @param portId PORTID in the discovery log, unique in this target
 * @param traddr address to advertise, or empty for the local address of the asking connection
 * @param trsvcid TCP port
 * @param discoveryOnly only the discovery subsystem is served
 * @param subsystems NQNs served, or empty for all
 * @param latencyClass class of commands that come in through it, 0 for none
 */
public record Port(
    int portId,
    String traddr,
    int trsvcid,
    boolean discoveryOnly,
    Set<String> subsystems,
    int latencyClass) {
  public Port {
    subsystems = Set.copyOf(subsystems);
  }

  /** True if a subsystem can be connected to through this port. */
  public boolean serves(Subsystem subsystem) {
    return subsystem.isDiscovery()
        || !discoveryOnly && (subsystems.isEmpty() || subsystems.contains(subsystem.nqn().value()));
  }
}
