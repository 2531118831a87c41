package io.mora.target.announce;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The addresses at which others reach what listens here. */
final class LocalAddresses {
  private static final Logger LOG = LoggerFactory.getLogger(LocalAddresses.class);

  /** A machine with more is announced at the first of them. */
  static final int ADDRESSES_MAX = 16;

  private LocalAddresses() {}

  /** Ports by address; a wildcard is every address of a network that has multicast. */
  static Map<InetAddress, Set<Integer>> expand(Set<InetSocketAddress> services) {
    Map<InetAddress, Set<Integer>> ports = new HashMap<>();
    for (InetSocketAddress service : services) {
      InetAddress address = service.getAddress();
      List<InetAddress> at =
          address.isAnyLocalAddress()
              ? ofNetworks(address instanceof Inet6Address)
              : List.of(address);
      for (InetAddress each : at) {
        if (ports.containsKey(each) || ports.size() < ADDRESSES_MAX) {
          ports.computeIfAbsent(each, any -> new TreeSet<>()).add(service.getPort());
        }
      }
    }
    return ports;
  }

  /** The IPv6 wildcard takes IPv4 too. */
  private static List<InetAddress> ofNetworks(boolean ipv6) {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(LocalAddresses::hasMulticast)
          .flatMap(each -> Collections.list(each.getInetAddresses()).stream())
          .filter(each -> !(each instanceof Inet6Address) || ipv6 && !each.isLinkLocalAddress())
          .toList();
    } catch (SocketException e) {
      LOG.warn("No networks are found to announce discovery in: {}", e.toString());
      return List.of();
    }
  }

  private static boolean hasMulticast(NetworkInterface network) {
    try {
      return network.isUp() && network.supportsMulticast() && !network.isLoopback();
    } catch (SocketException e) {
      return false;
    }
  }
}
