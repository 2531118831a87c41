package io.mora.protocol.admin.policy;

import io.mora.protocol.Nqn;
import java.util.List;

/**
 * Who reaches a namespace, and how well.
 *
 * @param anaGroup the ANA group it is in; listeners say how that is reached
 * @param hosts the only hosts of its subsystem that see it; empty is all
 * @param attached hosts see it; otherwise none does, until one that may attaches it
 */
public record NamespaceReach(int anaGroup, List<Nqn> hosts, boolean attached) {
  public static final NamespaceReach DEFAULT = new NamespaceReach(1, List.of());

  public NamespaceReach {
    hosts = List.copyOf(hosts);
  }

  public NamespaceReach(int anaGroup, List<Nqn> hosts) {
    this(anaGroup, hosts, true);
  }

  /** The same group, seen by these hosts only; by none if there are none. */
  public NamespaceReach attachedTo(List<Nqn> some) {
    return new NamespaceReach(anaGroup, some, !some.isEmpty());
  }
}
