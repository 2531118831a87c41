package io.mora.target;

import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.MoraTarget.BoundListener;
import io.mora.target.controller.Associations;
import io.mora.target.controller.auth.Arrivals;
import io.mora.target.controller.queue.Limits;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.Port;
import io.mora.target.subsystem.PortAna;
import io.mora.target.transport.Listener;
import io.mora.target.transport.PortSettings;
import io.netty.channel.group.ChannelGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets a target listens on and what each serves. Control threads, one at a time. */
final class ServedPorts {
  private static final Logger LOG = LoggerFactory.getLogger(ServedPorts.class);

  /** Replies a host may leave in the socket's queue before its connection is no longer read. */
  private static final long SOCKET_QUEUE_BYTES = 8L << 20;

  private final List<ShardTurn> turns;
  private final ChannelGroup connections;
  private final Limits limits;
  private final long handshakeMs;
  private final Arrivals arrivals;
  private volatile List<Served> served = List.of();
  private int made;

  ServedPorts(TargetSpec spec, Limits limits, List<ShardTurn> turns, ChannelGroup connections) {
    this.turns = turns;
    this.connections = connections;
    this.limits = limits;
    this.handshakeMs = spec.limits().handshakeTimeout().toMillis();
    this.arrivals = new Arrivals(spec.limits());
  }

  /** What a spec wants listened on, discovery first. */
  private static List<Wanted> wanted(TargetSpec spec) {
    List<Wanted> wanted = new ArrayList<>();
    for (TransportAddress address : spec.discovery().listen()) {
      String advertise = spec.discovery().advertise();
      wanted.add(new Wanted(new ListenerSpec(address, advertise, List.of()), true));
    }
    spec.listeners().forEach(listener -> wanted.add(new Wanted(listener, false)));
    return wanted;
  }

  /**
   * Binds what is new in a spec; nothing accepts yet, and nothing that is served changes.
   *
   * @throws IOException naming the address; what was bound is closed again
   */
  Change prepare(TargetSpec spec) throws IOException {
    List<Served> unmatched = new ArrayList<>(served);
    List<Served> after = new ArrayList<>();
    Change change = new Change(after, new ArrayList<>(), new ArrayList<>(), unmatched);
    try {
      for (Wanted wanted : wanted(spec)) {
        Served now = take(unmatched, wanted);
        if (now == null) {
          Served bound = bind(wanted);
          change.added.add(bound);
          after.add(bound);
        } else if (now.wanted.equals(wanted)) {
          after.add(now);
        } else {
          Served changed =
              new Served(
                  wanted,
                  now.socket,
                  now.at,
                  port(wanted, now.port.portId(), now.at, now.port.ana()));
          change.changed.add(changed);
          after.add(changed);
        }
      }
      return change;
    } catch (IOException e) {
      change.added.forEach(each -> each.socket.close());
      throw e;
    }
  }

  private static @Nullable Served take(List<Served> from, Wanted wanted) {
    for (Served each : from) {
      if (each.wanted.discovery == wanted.discovery
          && each.wanted.spec.address().equals(wanted.spec.address())) {
        from.remove(each);
        return each;
      }
    }
    return null;
  }

  private Served bind(Wanted wanted) throws IOException {
    TransportAddress address = wanted.spec.address();
    ShardTurn turn = turns.get(made % turns.size());
    Listener socket = new Listener(turn, connections, arrivals);
    InetSocketAddress at = socket.bind(new InetSocketAddress(address.host(), address.port()));
    made++;
    LOG.info(
        "Listening on {} ({}, TLS {})",
        at,
        wanted.discovery ? "discovery" : "NVM subsystems and discovery",
        wanted.spec.tls().word());
    PortAna ana = new PortAna(wanted.spec.ana());
    return new Served(wanted, socket, at, port(wanted, made, at, ana));
  }

  private static Port port(Wanted wanted, int portId, InetSocketAddress at, PortAna ana) {
    ListenerSpec spec = wanted.spec;
    String own = at.getAddress().isAnyLocalAddress() ? "" : at.getAddress().getHostAddress();
    String traddr = spec.advertise().isEmpty() ? own : spec.advertise();
    Set<String> nqns = new HashSet<>();
    spec.subsystems().forEach(nqn -> nqns.add(nqn.value()));
    Port.Policy policy = new Port.Policy(spec.latencyClass().code(), ana, spec.tls(), spec.trust());
    return new Port(portId, traddr, at.getPort(), wanted.discovery, nqns, policy);
  }

  /** Undoes {@link #prepare}. */
  static void abandon(Change change) {
    change.added.forEach(each -> each.socket.close());
  }

  /** Makes a change take effect, once the registry has its ports: connections follow. */
  void commit(Change change, Associations associations) {
    served = List.copyOf(change.after);
    for (Served each : change.changed) {
      each.socket.accept(settings(each.port), associations);
      each.port.ana().set(each.wanted.spec.ana());
      Listener.closeUnserved(connections, each.port);
    }
    for (Served each : change.added) {
      each.socket.accept(settings(each.port), associations);
    }
    for (Served each : change.removed) {
      each.socket.close();
      Listener.closeAll(connections, each.port);
      LOG.info("No longer listening on {}", each.at);
    }
  }

  private PortSettings settings(Port port) {
    return new PortSettings(port, limits, SOCKET_QUEUE_BYTES, handshakeMs);
  }

  /** In the order of the spec, discovery first; any thread. */
  List<BoundListener> bound() {
    return served.stream().map(each -> new BoundListener(each.at, each.wanted.discovery)).toList();
  }

  /** Accepts no more. */
  void close() {
    served.forEach(each -> each.socket.close());
  }

  private record Wanted(ListenerSpec spec, boolean discovery) {}

  private record Served(Wanted wanted, Listener socket, InetSocketAddress at, Port port) {}

  /**
   * What a spec changes.
   *
   * @param after what is listened on then
   * @param added bound and not accepting yet
   * @param changed the same socket, which serves something else to who connects from now on
   * @param removed no longer listened on
   */
  record Change(
      List<Served> after, List<Served> added, List<Served> changed, List<Served> removed) {
    /** As the registry wants them. */
    List<Port> ports() {
      return after.stream().map(Served::port).toList();
    }

    boolean isEmpty() {
      return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }
  }
}
