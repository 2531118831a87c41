package io.mora.target.subsystem;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.policy.NamespaceReach;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who may connect to a subsystem, or see a namespace; immutable.
 *
 * @param anyHost every host NQN is let in
 * @param hostNqns the host NQNs let in otherwise; compared bytewise
 */
public record HostAccess(boolean anyHost, Set<String> hostNqns) {
  /** Every host. */
  public static final HostAccess ANY = new HostAccess(true, Set.of());

  /** Who sees a namespace: those that are named, or, if none is, every host; or nobody. */
  public static HostAccess of(NamespaceReach reach) {
    return reach.attached() && reach.hosts().isEmpty()
        ? ANY
        : new HostAccess(
            false, reach.hosts().stream().map(Nqn::value).collect(Collectors.toUnmodifiableSet()));
  }

  public HostAccess {
    hostNqns = Set.copyOf(hostNqns);
  }

  public boolean allows(String hostNqn) {
    return anyHost || hostNqns.contains(hostNqn);
  }
}
