package io.mora.target.announce;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The addresses at which others reach what listens here. */
final class LocalAddresses {
  private static final Logger LOG = LoggerFactory.getLogger(LocalAddresses.class);

  /** A machine with more is announced at the first of them, in the order of their bytes. */
  static final int ADDRESSES_MAX = 16;

  /** By family and bytes, so that it is the same ones every time. */
  private static final Comparator<InetSocketAddress> ORDER =
      Comparator.<InetSocketAddress, byte[]>comparing(
              each -> each.getAddress().getAddress(), LocalAddresses::compare)
          .thenComparingInt(InetSocketAddress::getPort);

  private LocalAddresses() {}

  /**
   * Ports by address; a wildcard is every address of a network that has multicast, and gets what
   * addresses that were named leave of {@link #ADDRESSES_MAX}.
   */
  static Map<InetAddress, Set<Integer>> expand(Set<InetSocketAddress> services) {
    return expand(services, LocalAddresses::ofNetworks);
  }

  /**
   * @param networks addresses of this machine, with those of IPv6 or without
   */
  static Map<InetAddress, Set<Integer>> expand(
      Set<InetSocketAddress> services, Function<Boolean, List<InetAddress>> networks) {
    List<InetSocketAddress> named = new ArrayList<>();
    List<InetSocketAddress> reached = new ArrayList<>();
    for (InetSocketAddress service : services) {
      InetAddress address = service.getAddress();
      if (address.isAnyLocalAddress()) {
        for (InetAddress each : networks.apply(address instanceof Inet6Address)) {
          reached.add(new InetSocketAddress(each, service.getPort()));
        }
      } else {
        named.add(service);
      }
    }
    named.sort(ORDER);
    reached.sort(ORDER);
    named.addAll(reached);
    Map<InetAddress, Set<Integer>> ports = new LinkedHashMap<>();
    for (InetSocketAddress each : named) {
      if (ports.containsKey(each.getAddress()) || ports.size() < ADDRESSES_MAX) {
        ports.computeIfAbsent(each.getAddress(), any -> new TreeSet<>()).add(each.getPort());
      }
    }
    return ports;
  }

  private static int compare(byte[] a, byte[] b) {
    return a.length == b.length ? Arrays.compareUnsigned(a, b) : a.length - b.length;
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
