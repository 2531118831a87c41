package io.mora.target.controller.admin;

import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.data.Structure;
import io.mora.protocol.data.log.DiscoveryLogEntry;
import io.mora.protocol.data.log.DiscoveryLogEntry.Field;
import io.mora.protocol.data.log.DiscoveryLogPage;
import io.mora.target.controller.Controller;
import io.mora.target.controller.HostConnection;
import io.mora.target.subsystem.Port;
import io.mora.target.subsystem.Subsystem;
import io.mora.target.subsystem.SubsystemRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The discovery log as one host may see it: the subsystems it has access to, on the ports that
 * serve them, at addresses it can reach, and the discovery services elsewhere that are configured.
 * The page is kept as long as the generation stands, so that a host reading it in pieces reads one
 * page.
 */
final class DiscoveryPage {
  private static final int ADRFAM_IPV4 = 1;
  private static final int ADRFAM_IPV6 = 2;

  /** Smallest admin queue a host should ask for. */
  private static final int ASQSZ = 32;

  private final Controller controller;
  private final SubsystemRegistry registry;
  private final InetAddress local;
  private @Nullable ByteBuf page;
  private long generation;

  DiscoveryPage(Controller controller, SubsystemRegistry registry, HostConnection connection) {
    this.controller = controller;
    this.registry = registry;
    this.local = connection.localAddress().getAddress();
  }

  ByteBuf page() {
    SubsystemRegistry.Snapshot snapshot = registry.snapshot();
    ByteBuf current = page;
    if (current == null || generation != snapshot.generation()) {
      current = encode(snapshot);
      page = current;
      generation = snapshot.generation();
    }
    return current;
  }

  private ByteBuf encode(SubsystemRegistry.Snapshot snapshot) {
    List<DiscoveryLogEntry> entries = new ArrayList<>();
    String host = controller.identity().hostNqn().value();
    for (Port port : snapshot.ports()) {
      for (Subsystem subsystem : snapshot.byNqn().values()) {
        if (port.serves(subsystem) && visible(subsystem, host, port)) {
          entries.add(entry(port, subsystem));
        }
      }
    }
    snapshot.referrals().forEach(referral -> entries.add(referral(referral)));
    var log = new DiscoveryLogPage(snapshot.generation(), 0, entries);
    ByteBuf buf = Unpooled.buffer(log.lengthBytes(), log.lengthBytes());
    log.encode(buf, 0);
    return buf.writerIndex(log.lengthBytes());
  }

  /** A discovery subsystem is listed on its own ports only: on every I/O port it would be noise. */
  private static boolean visible(Subsystem subsystem, String host, Port port) {
    return subsystem.isDiscovery() ? port.discoveryOnly() : subsystem.access().allows(host);
  }

  private DiscoveryLogEntry entry(Port port, Subsystem subsystem) {
    boolean discovery = subsystem.isDiscovery();
    String address = port.traddr().isEmpty() ? local.getHostAddress() : port.traddr();
    boolean ipv6 =
        port.traddr().isEmpty() ? local instanceof Inet6Address : address.indexOf(':') >= 0;
    return builder(address, ipv6, port.trsvcid())
        .set(
            Field.SUBTYPE,
            discovery ? DiscoveryLogEntry.CURRENT_DISCOVERY : DiscoveryLogEntry.NVM_SUBSYSTEM)
        .set(Field.TREQ, secureChannel(port) | DiscoveryLogEntry.TREQ_FLOW_DISABLE)
        .set(Field.SECTYPE, port.tls() == TlsPolicy.NONE ? 0 : DiscoveryLogEntry.SECTYPE_TLS13)
        .set(Field.PORTID, port.portId())
        .set(Field.EFLAGS, discovery ? DiscoveryLogEntry.EFLAGS_EPCSD : 0)
        .set(Field.SUBNQN, subsystem.nqn().value())
        .build();
  }

  private static int secureChannel(Port port) {
    return port.tls() == TlsPolicy.REQUIRED
        ? DiscoveryLogEntry.TREQ_SECURE_REQUIRED
        : DiscoveryLogEntry.TREQ_SECURE_NOT_REQUIRED;
  }

  /** Another discovery service, of which nothing more is known than where it is. */
  private static DiscoveryLogEntry referral(TransportAddress at) {
    return builder(at.host(), at.isIpv6(), at.port())
        .set(Field.SUBTYPE, DiscoveryLogEntry.REFERRAL)
        .set(Field.SUBNQN, Nqn.DISCOVERY.value())
        .build();
  }

  private static Structure.Builder<Field, DiscoveryLogEntry> builder(
      String address, boolean ipv6, int port) {
    return DiscoveryLogEntry.builder()
        .set(Field.TRTYPE, DiscoveryLogEntry.TRTYPE_TCP)
        .set(Field.ADRFAM, ipv6 ? ADRFAM_IPV6 : ADRFAM_IPV4)
        .set(Field.CNTLID, DiscoveryLogEntry.DYNAMIC)
        .set(Field.ASQSZ, ASQSZ)
        .set(Field.TRSVCID, Integer.toString(port))
        .set(Field.TRADDR, address);
  }
}
