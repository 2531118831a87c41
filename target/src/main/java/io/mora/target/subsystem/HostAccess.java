package io.mora.target.subsystem;

import java.util.Set;

/**
 * Who may connect to a subsystem, or see a namespace; immutable.
 *
 * @param anyHost every host NQN is let in
 * @param hostNqns the host NQNs let in otherwise; compared bytewise
 */
public record HostAccess(boolean anyHost, Set<String> hostNqns) {
  /** Every host. */
  public static final HostAccess ANY = new HostAccess(true, Set.of());

  public HostAccess {
    hostNqns = Set.copyOf(hostNqns);
  }

  public boolean allows(String hostNqn) {
    return anyHost || hostNqns.contains(hostNqn);
  }
}
