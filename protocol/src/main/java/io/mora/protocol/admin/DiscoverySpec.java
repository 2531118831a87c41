package io.mora.protocol.admin;

import io.mora.protocol.TransportAddress;
import java.util.List;

/**
 * Listeners that serve the discovery subsystem alone; every I/O listener serves it too.
 *
 * @param listen addresses; port 0 takes a free port
 */
public record DiscoverySpec(List<TransportAddress> listen) {
  /** Discovery on the I/O listeners only. */
  public static final DiscoverySpec NONE = new DiscoverySpec(List.of());

  public DiscoverySpec {
    listen = List.copyOf(listen);
  }
}
