package io.mora.target.config;

import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.DiscoverySpec;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.Quantity;
import io.mora.protocol.admin.ShardSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.TransferSpec;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.protocol.admin.policy.AnaGroupState;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.admin.policy.Trust;
import io.mora.protocol.intent.LatencyClass;
import io.mora.target.config.key.AdminKey;
import io.mora.target.config.key.ConfigKey;
import io.mora.target.config.key.PolicyKey;
import io.mora.target.config.key.ServerKey;
import io.mora.target.config.key.SubsystemKey;
import io.mora.target.config.yaml.ConfigNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a {@link TargetSpec} of a section tree, collecting what is wrong on the way. */
final class ConfigReader {
  private static final String AUTO = "auto";
  private static final String OFF = "off";

  private final String file;
  private final Path folder;
  private final List<Problem> problems;

  ConfigReader(String file, Path folder, List<Problem> problems) {
    this.file = file;
    this.folder = folder;
    this.problems = problems;
  }

  TargetSpec read(ConfigNode.Mapping root) {
    SectionReader top = new SectionReader(this, root, "", true);
    List<ListenerSpec> listeners = new ArrayList<>();
    top.sections(ServerKey.LISTENERS).forEach(section -> listeners.add(listener(section)));
    List<HostSpec> hosts = new ArrayList<>();
    top.sections(PolicyKey.HOSTS).forEach(section -> hosts.add(PolicyReader.host(section, folder)));
    List<SubsystemSpec> subsystems = new ArrayList<>();
    for (SectionReader section : top.sections(SubsystemKey.SUBSYSTEMS)) {
      subsystems.add(new SubsystemReader(section, folder).read());
    }
    return new TargetSpec(
        shards(top.section(ServerKey.SHARDS)),
        limits(top.section(ServerKey.LIMITS)),
        discovery(top.section(ServerKey.DISCOVERY), listeners),
        listeners,
        hosts,
        subsystems,
        PolicyReader.intent(top.section(PolicyKey.LATENCY_INTENT)),
        PolicyReader.qos(top.section(PolicyKey.QOS)));
  }

  /** The part that is not of the target. */
  AdminSpec admin(ConfigNode.Mapping root) {
    return AdminSection.read(
        new SectionReader(this, root, "", true).section(AdminKey.ADMIN), folder);
  }

  /** A node as a section; an empty one if it is missing or is none. */
  SectionReader section(@Nullable ConfigNode node, String path, int parentLine) {
    if (node instanceof ConfigNode.Mapping mapping) {
      return new SectionReader(this, mapping, path, true);
    }
    if (node == null || (node instanceof ConfigNode.Scalar scalar && scalar.empty())) {
      int line = node == null ? parentLine : node.line();
      return new SectionReader(this, ConfigNode.Mapping.empty(line), path, true);
    }
    add(node.line(), path, node.describe(), "keys and values", "not a section");
    return new SectionReader(this, ConfigNode.Mapping.empty(node.line()), path, false);
  }

  void add(int line, String key, String value, String allowed, String message) {
    problems.add(new Problem(file, line, key, value, allowed, message));
  }

  private ShardSpec shards(SectionReader shards) {
    Integer count =
        shards.value(
            ServerKey.SHARDS_COUNT, text -> text.equals(AUTO) ? ShardSpec.AUTO : count(text));
    boolean everyCpu = shards.text(ServerKey.SHARDS_CPUS).equals(AUTO);
    List<Integer> cpus =
        everyCpu ? List.of() : shards.list(ServerKey.SHARDS_CPUS, SectionReader::parseInt);
    return new ShardSpec(
        count == null ? ShardSpec.AUTO : count,
        shards.word(ServerKey.SHARDS_TRANSPORT, ShardSpec.TransportChoice.AUTO),
        cpus,
        shards.bool(ServerKey.SHARDS_PIN, true),
        shards.bytes(ServerKey.SHARDS_BUFFER_MEMORY, ShardSpec.BUFFER_BYTES.defaultValue()));
  }

  private static int count(String text) {
    int count = SectionReader.parseInt(text);
    if (count == ShardSpec.AUTO) {
      throw new IllegalArgumentException("out of range");
    }
    return count;
  }

  private static LimitsSpec limits(SectionReader limits) {
    LimitsSpec byDefault = LimitsSpec.DEFAULT;
    return new LimitsSpec(
        limits.integer(ServerKey.LIMITS_CONNECTIONS, byDefault.connections()),
        limits.integer(ServerKey.LIMITS_IO_QUEUES, byDefault.ioQueuesPerController()),
        limits.integer(ServerKey.LIMITS_QUEUE_DEPTH, byDefault.queueDepth()),
        limits.duration(ServerKey.LIMITS_HANDSHAKE_TIMEOUT, byDefault.handshakeTimeout()),
        limits.duration(ServerKey.LIMITS_SHUTDOWN_TIMEOUT, byDefault.shutdownTimeout()),
        transfer(limits.section(ServerKey.LIMITS_TRANSFER)),
        limits.integer(ServerKey.LIMITS_CONNECTS, byDefault.connectsPerSecond()),
        perAddress(limits.section(ServerKey.LIMITS_PER_ADDRESS)),
        hostMemory(limits));
  }

  private static LimitsSpec.PerAddress perAddress(SectionReader section) {
    LimitsSpec.PerAddress byDefault = LimitsSpec.PerAddress.DEFAULT;
    Integer open =
        section.value(
            ServerKey.PER_ADDRESS_CONNECTIONS,
            text -> text.equals(AUTO) ? LimitsSpec.AUTO : count(text));
    return new LimitsSpec.PerAddress(
        open == null ? byDefault.connections() : open,
        section.integer(ServerKey.PER_ADDRESS_CONNECTS, byDefault.connectsPerSecond()),
        section.integer(ServerKey.PER_ADDRESS_IPV6, byDefault.ipv6PrefixBits()));
  }

  private static long hostMemory(SectionReader limits) {
    Long bytes =
        limits.value(
            ServerKey.LIMITS_HOST_MEMORY,
            text -> text.equals(OFF) ? LimitsSpec.OFF : positiveBytes(text));
    return bytes == null ? LimitsSpec.OFF : bytes;
  }

  private static long positiveBytes(String text) {
    long bytes = Quantity.parseBytes(text);
    if (bytes == LimitsSpec.OFF) {
      throw new IllegalArgumentException("out of range");
    }
    return bytes;
  }

  private static TransferSpec transfer(SectionReader transfer) {
    TransferSpec byDefault = TransferSpec.DEFAULT;
    return new TransferSpec(
        transfer.intBytes(ServerKey.TRANSFER_IN_CAPSULE, byDefault.inCapsuleBytes()),
        transfer.intBytes(ServerKey.TRANSFER_COMMAND, byDefault.commandBytes()),
        transfer.intBytes(ServerKey.TRANSFER_H2C_DATA, byDefault.h2cDataBytes()));
  }

  private static DiscoverySpec discovery(SectionReader discovery, List<ListenerSpec> listeners) {
    List<TransportAddress> listen =
        discovery.has(ServerKey.DISCOVERY_LISTEN)
            ? addresses(discovery, ServerKey.DISCOVERY_LISTEN)
            : besideListeners(listeners);
    String advertise = advertise(discovery, ServerKey.DISCOVERY_ADVERTISE);
    return new DiscoverySpec(
        listen,
        advertise,
        addresses(discovery, ServerKey.DISCOVERY_REFERRALS),
        discovery.bool(ServerKey.DISCOVERY_MDNS, false));
  }

  private static List<TransportAddress> addresses(SectionReader section, ServerKey key) {
    return section.list(key, text -> TransportAddress.parse(text, TransportAddress.DISCOVERY_PORT));
  }

  /** Every listener's address with the discovery port; the wildcard alone if it is among them. */
  private static List<TransportAddress> besideListeners(List<ListenerSpec> listeners) {
    Set<TransportAddress> addresses = new LinkedHashSet<>();
    for (ListenerSpec listener : listeners) {
      if (listener.address().port() == TransportAddress.DISCOVERY_PORT) {
        return List.of();
      }
      addresses.add(listener.address().withPort(TransportAddress.DISCOVERY_PORT));
    }
    boolean everyAddress = addresses.stream().anyMatch(a -> a.isWildcard() && a.isIpv6());
    boolean everyIpv4 = addresses.stream().anyMatch(a -> a.isWildcard() && a.isIpv4());
    addresses.removeIf(
        a ->
            (everyAddress && !(a.isWildcard() && a.isIpv6()))
                || (everyIpv4 && a.isIpv4() && !a.isWildcard()));
    return Collections.unmodifiableList(new ArrayList<>(addresses));
  }

  /** An address to tell hosts, or empty. */
  private static String advertise(SectionReader section, ConfigKey key) {
    String address =
        section.value(
            key,
            text -> {
              try {
                return new TransportAddress(text, 1).host();
              } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("not an address", e);
              }
            });
    return address == null ? "" : address;
  }

  private static ListenerSpec listener(SectionReader listener) {
    int port = listener.integer(ServerKey.LISTENER_PORT, TransportAddress.IO_PORT);
    if (port < 0 || port > 65535) {
      String allowed = ServerKey.LISTENER_PORT.allowed();
      listener.problem(ServerKey.LISTENER_PORT, String.valueOf(port), allowed, "out of range");
      port = 0;
    }
    int number = port;
    TransportAddress address =
        listener.required(
            ServerKey.LISTENER_ADDRESS,
            text -> {
              try {
                return new TransportAddress(text, number);
              } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("not an address", e);
              }
            });
    return new ListenerSpec(
        address == null ? new TransportAddress("127.0.0.1", 0) : address,
        advertise(listener, ServerKey.LISTENER_ADVERTISE),
        listener.list(ServerKey.LISTENER_SUBSYSTEMS, SubsystemReader::nqn),
        listener.latencyClass(ServerKey.LISTENER_CLASS, LatencyClass.DEFAULT),
        listener.list(ServerKey.LISTENER_ANA, AnaGroupState::parse),
        listener.word(ServerKey.LISTENER_TLS, TlsPolicy.NONE),
        listener.word(ServerKey.LISTENER_TRUST, Trust.PROVEN));
  }
}
