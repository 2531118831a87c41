package io.mora.protocol.admin;

import io.mora.protocol.TransportAddress;
import java.util.List;

/**
 * Listeners that serve the discovery subsystem alone; every I/O listener serves it too.
 *
 * @param listen addresses; port 0 takes a free port
 * @param advertise address told to hosts for these listeners; empty for their own
 * @param referrals discovery services elsewhere that hosts are told of
 * @param mdns the network is told of these listeners by multicast DNS
 */
public record DiscoverySpec(
    List<TransportAddress> listen,
    String advertise,
    List<TransportAddress> referrals,
    boolean mdns) {
  public static final Range REFERRALS = new Range(0, 0, 64);

  /** Discovery on the I/O listeners only. */
  public static final DiscoverySpec NONE = new DiscoverySpec(List.of());

  /** Listeners that advertise their own addresses. */
  public DiscoverySpec(List<TransportAddress> listen) {
    this(listen, "");
  }

  /** Without referrals and multicast DNS. */
  public DiscoverySpec(List<TransportAddress> listen, String advertise) {
    this(listen, advertise, List.of(), false);
  }

  public DiscoverySpec {
    listen = List.copyOf(listen);
    referrals = List.copyOf(referrals);
  }

  /** With other referrals. */
  public DiscoverySpec withReferrals(List<TransportAddress> newReferrals) {
    return new DiscoverySpec(listen, advertise, newReferrals, mdns);
  }

  /** With multicast DNS or without. */
  public DiscoverySpec withMdns(boolean on) {
    return new DiscoverySpec(listen, advertise, referrals, on);
  }
}
