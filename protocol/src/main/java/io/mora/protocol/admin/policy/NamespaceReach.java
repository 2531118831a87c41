package io.mora.protocol.admin.policy;

import io.mora.protocol.Nqn;
import java.util.List;

/**
 * Who reaches a namespace, and how well.
 *
 * @param anaGroup the ANA group it is in; listeners say how that is reached
 * @param hosts the only hosts of its subsystem that see it; empty is all
 */
public record NamespaceReach(int anaGroup, List<Nqn> hosts) {
  public static final NamespaceReach DEFAULT = new NamespaceReach(1, List.of());

  public NamespaceReach {
    hosts = List.copyOf(hosts);
  }
}
