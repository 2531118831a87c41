package io.mora.protocol.admin;

import io.mora.protocol.TransportAddress;
import java.util.List;

/**
 * Listeners that serve the discovery subsystem alone; every I/O listener serves it too.
 *
 * @param listen addresses; port 0 takes a free port
 * @param advertise address told to hosts for these listeners; empty for their own
 */
public record DiscoverySpec(List<TransportAddress> listen, String advertise) {
  /** Discovery on the I/O listeners only. */
  public static final DiscoverySpec NONE = new DiscoverySpec(List.of());

  /** Listeners that advertise their own addresses. */
  public DiscoverySpec(List<TransportAddress> listen) {
    this(listen, "");
  }

  public DiscoverySpec {
    listen = List.copyOf(listen);
  }
}
