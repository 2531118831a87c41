package io.mora.target.subsystem;

import java.util.Set;

/**
 * Who may connect to a subsystem; immutable.
 *
 * @param anyHost every host NQN is let in
 * @param hostNqns the host NQNs let in otherwise; compared bytewise
 */
public record HostAccess(boolean anyHost, Set<String> hostNqns) {
  public HostAccess {
    hostNqns = Set.copyOf(hostNqns);
  }

  public boolean allows(String hostNqn) {
    return anyHost || hostNqns.contains(hostNqn);
  }
}
