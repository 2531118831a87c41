package io.mora.target.announce;

import io.mora.protocol.Nqn;
import io.mora.qos.locality.PinnedThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces discovery services by multicast DNS, as {@code _nvme-disc._tcp}: on the network of each
 * address, its port and the NQN of discovery.
 *
 * <p>Assumes: one control thread at a time. Guarantees: calls return at once; what a network does
 * not take is logged, and nothing else comes of it. Progress: changes are made one after the other
 * on a thread of its own, which is gone when idle; each may take seconds.
 */
public final class Announcer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

  static final String TYPE = "_nvme-disc._tcp.local.";

  private static final Map<String, String> TEXT = Map.of("p", "tcp", "nqn", Nqn.DISCOVERY.value());

  /** How long a stop waits for farewells to leave. */
  private static final long CLOSE_S = 10;

  private final ThreadPoolExecutor thread =
      PinnedThreads.pool("mora-announce", 1, Integer.MAX_VALUE, 0);

  /** By the address it speaks from; that thread only. */
  private final Map<InetAddress, Link> links = new HashMap<>();

  private Set<InetSocketAddress> wanted = Set.of();

  /**
   * Announces these services from now on and no others.
   *
   * @param services where discovery is served; a wildcard is every address of this machine but
   *     those of itself alone
   */
  public synchronized void announce(Collection<InetSocketAddress> services) {
    Set<InetSocketAddress> now = Set.copyOf(services);
    if (!now.equals(wanted)) {
      wanted = now;
      thread.execute(() -> change(LocalAddresses.expand(now)));
    }
  }

  private void change(Map<InetAddress, Set<Integer>> ports) {
    for (InetAddress address : List.copyOf(links.keySet())) {
      if (!ports.getOrDefault(address, Set.of()).equals(portsAt(address))) {
        close(address);
      }
    }
    ports.forEach(
        (address, at) -> {
          if (!links.containsKey(address)) {
            open(address, at);
          }
        });
  }

  private Set<Integer> portsAt(InetAddress address) {
    Link link = links.get(address);
    return link == null ? Set.of() : link.ports;
  }

  private void open(InetAddress address, Set<Integer> ports) {
    String host = host();
    JmDNS responder = null;
    try {
      // Not the machine's own name, which another responder here may have.
      responder = JmDNS.create(address, "mora-" + host);
      for (int port : ports) {
        String name = "Mora on " + host + " port " + port;
        responder.registerService(ServiceInfo.create(TYPE, name, port, 0, 0, TEXT));
      }
      links.put(address, new Link(responder, new HashSet<>(ports)));
      LOG.info("Discovery is announced by multicast DNS at {}", address.getHostAddress());
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "Discovery is not announced by multicast DNS at {}: {}",
          address.getHostAddress(),
          e.toString());
      if (responder != null) {
        close(responder);
      }
    }
  }

  /** This machine's name, up to its first dot. */
  private static String host() {
    try {
      String name = InetAddress.getLocalHost().getHostName();
      int dot = name.indexOf('.');
      return dot > 0 ? name.substring(0, dot) : name;
    } catch (UnknownHostException e) {
      return "target";
    }
  }

  private void close(InetAddress address) {
    Link link = links.remove(address);
    if (link != null) {
      close(link.responder);
    }
  }

  private static void close(JmDNS responder) {
    try {
      responder.close();
    } catch (IOException e) {
      LOG.warn("Multicast DNS: {}", e.toString());
    }
  }

  /** Takes everything back; waits for it, but not for ever. */
  @Override
  public void close() {
    announce(List.of());
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_S, TimeUnit.SECONDS)) {
        LOG.warn("Multicast DNS: what was announced is not taken back after {} s", CLOSE_S);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Link(JmDNS responder, Set<Integer> ports) {}
}
