package io.mora.protocol.admin;

import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.policy.AnaCheck;
import io.mora.protocol.admin.policy.PolicyCheck;
import io.mora.protocol.admin.storage.PoolSpec;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules that reach across a {@link TargetSpec}; one pass, every problem reported. */
final class SpecCheck {
  /** A shard must be able to hold this many of the largest commands, or it could stall. */
  private static final int COMMANDS_PER_SHARD_MIN = 4;

  private final TargetSpec spec;
  private final List<Problem> problems = new ArrayList<>();

  SpecCheck(TargetSpec spec) {
    this.spec = spec;
  }

  List<Problem> problems() {
    shards();
    limits();
    transfer();
    discovery();
    listeners();
    hosts();
    size("subsystems", spec.subsystems().size(), TargetSpec.SUBSYSTEMS);
    int namespaces = spec.subsystems().stream().mapToInt(each -> each.namespaces().size()).sum();
    size("subsystems[].namespaces", namespaces, TargetSpec.NAMESPACES);
    problems.addAll(new SubsystemCheck(spec).problems());
    problems.addAll(PoolSpec.problems(spec));
    problems.addAll(new AnaCheck(spec).problems());
    problems.addAll(new PolicyCheck(spec).problems());
    return List.copyOf(problems);
  }

  private void shards() {
    ShardSpec shards = spec.shards();
    if (!ShardSpec.COUNT.contains(shards.count())) {
      add(
          "shards.count",
          shards.count(),
          "auto, 1 to " + ShardSpec.COUNT.max(),
          "number of shards out of range");
    }
    bytes("shards.bufferMemory", shards.bufferBytes(), ShardSpec.BUFFER_BYTES);
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < shards.cpus().size(); i++) {
      int cpu = shards.cpus().get(i);
      number("shards.cpus[" + i + "]", cpu, ShardSpec.CPU);
      if (!seen.add(cpu)) {
        add("shards.cpus[" + i + "]", cpu, "each CPU once", "CPU named twice");
      }
    }
    if (!shards.cpus().isEmpty() && shards.count() > shards.cpus().size()) {
      add(
          "shards.count",
          shards.count(),
          "auto, 1 to " + shards.cpus().size(),
          "more shards than CPUs in shards.cpus");
    }
    long needed = (long) COMMANDS_PER_SHARD_MIN * spec.limits().transfer().commandBytes();
    if (ShardSpec.BUFFER_BYTES.contains(shards.bufferBytes()) && shards.bufferBytes() < needed) {
      add(
          "shards.bufferMemory",
          Quantity.formatBytes(shards.bufferBytes()),
          "at least " + Quantity.formatBytes(needed),
          "too small for " + COMMANDS_PER_SHARD_MIN + " commands of limits.transfer.command");
    }
  }

  private void limits() {
    LimitsSpec limits = spec.limits();
    number("limits.connections", limits.connections(), LimitsSpec.CONNECTIONS);
    number(
        "limits.ioQueuesPerController",
        limits.ioQueuesPerController(),
        LimitsSpec.IO_QUEUES_PER_CONTROLLER);
    number("limits.queueDepth", limits.queueDepth(), LimitsSpec.QUEUE_DEPTH);
    duration("limits.handshakeTimeout", limits.handshakeTimeout(), LimitsSpec.HANDSHAKE_TIMEOUT_MS);
    duration("limits.shutdownTimeout", limits.shutdownTimeout(), LimitsSpec.SHUTDOWN_TIMEOUT_MS);
    number("limits.connectsPerSecond", limits.connectsPerSecond(), LimitsSpec.CONNECTS_PER_SECOND);
    LimitsSpec.PerAddress perAddress = limits.perAddress();
    String key = "limits.perAddress.";
    if (perAddress.connections() != LimitsSpec.AUTO) {
      number(key + "connections", perAddress.connections(), LimitsSpec.PerAddress.CONNECTIONS);
    }
    number(
        key + "connectsPerSecond",
        perAddress.connectsPerSecond(),
        LimitsSpec.PerAddress.CONNECTS_PER_SECOND);
    number(key + "ipv6Prefix", perAddress.ipv6PrefixBits(), LimitsSpec.PerAddress.IPV6_PREFIX_BITS);
    if (limits.hostMemoryBytes() != LimitsSpec.OFF) {
      bytes("limits.hostMemory", limits.hostMemoryBytes(), LimitsSpec.HOST_MEMORY_BYTES);
    }
  }

  private void transfer() {
    TransferSpec transfer = spec.limits().transfer();
    String key = "limits.transfer.";
    int inCapsule = transfer.inCapsuleBytes();
    if (bytes(key + "inCapsule", inCapsule, TransferSpec.IN_CAPSULE_BYTES)) {
      multiple(key + "inCapsule", inCapsule, 16);
      if (inCapsule > transfer.commandBytes()) {
        add(
            key + "inCapsule",
            Quantity.formatBytes(inCapsule),
            "at most " + Quantity.formatBytes(transfer.commandBytes()),
            "larger than limits.transfer.command");
      }
    }
    int command = transfer.commandBytes();
    if (bytes(key + "command", command, TransferSpec.COMMAND_BYTES)
        && Integer.bitCount(command) != 1) {
      add(key + "command", Quantity.formatBytes(command), "a power of two", "not a power of two");
    }
    if (bytes(key + "h2cData", transfer.h2cDataBytes(), TransferSpec.H2C_DATA_BYTES)) {
      multiple(key + "h2cData", transfer.h2cDataBytes(), 4096);
    }
  }

  private void discovery() {
    List<TransportAddress> listen = spec.discovery().listen();
    size("discovery.listen", listen.size(), TargetSpec.LISTENERS);
    advertised("discovery.advertise", spec.discovery().advertise());
    for (int i = 0; i < listen.size(); i++) {
      String key = "discovery.listen[" + i + "]";
      literal(key, listen.get(i));
      for (int other = 0; other < i; other++) {
        overlap(key, listen.get(i), "discovery.listen[" + other + "]", listen.get(other));
      }
    }
    referrals(spec.discovery().referrals());
  }

  private void referrals(List<TransportAddress> referrals) {
    size("discovery.referrals", referrals.size(), DiscoverySpec.REFERRALS);
    for (int i = 0; i < referrals.size(); i++) {
      String key = "discovery.referrals[" + i + "]";
      TransportAddress address = referrals.get(i);
      advertised(key, address.host());
      if (address.port() == 0) {
        add(key, address, "port 1 to 65535", "hosts cannot connect to port 0");
      }
      if (referrals.subList(0, i).contains(address)) {
        add(key, address, "each address and port once", "referral named twice");
      }
      if (spec.discovery().listen().contains(address)) {
        add(key, address, "another discovery service", "a referral to this target itself");
      }
    }
  }

  private void listeners() {
    List<ListenerSpec> listeners = spec.listeners();
    size("listeners", listeners.size(), TargetSpec.LISTENERS);
    if (listeners.isEmpty() && spec.discovery().listen().isEmpty()) {
      add("listeners", "", "at least one address", "nothing to listen on");
    }
    for (int i = 0; i < listeners.size(); i++) {
      String key = "listeners[" + i + "]";
      TransportAddress address = listeners.get(i).address();
      literal(key + ".address", address);
      advertised(key + ".advertise", listeners.get(i).advertise());
      for (int other = 0; other < i; other++) {
        overlap(key, address, "listeners[" + other + "]", listeners.get(other).address());
      }
      for (int other = 0; other < spec.discovery().listen().size(); other++) {
        String name = "discovery.listen[" + other + "]";
        overlap(key, address, name, spec.discovery().listen().get(other));
      }
      references(key, listeners.get(i));
    }
  }

  private void references(String key, ListenerSpec listener) {
    Set<Nqn> seen = new HashSet<>();
    for (int i = 0; i < listener.subsystems().size(); i++) {
      Nqn nqn = listener.subsystems().get(i);
      String at = key + ".subsystems[" + i + "]";
      if (spec.subsystems().stream().noneMatch(s -> s.nqn().equals(nqn))) {
        add(at, nqn, names(spec.subsystems()), "no such subsystem is defined");
      }
      if (!seen.add(nqn)) {
        add(at, nqn, "each subsystem once", "subsystem named twice");
      }
    }
  }

  private static String names(List<SubsystemSpec> subsystems) {
    List<String> names = subsystems.stream().limit(8).map(s -> s.nqn().toString()).toList();
    return names.isEmpty() ? "none, as subsystems is empty" : String.join(", ", names);
  }

  private void hosts() {
    size("hosts", spec.hosts().size(), TargetSpec.HOSTS);
    Set<Nqn> seen = new HashSet<>();
    for (int i = 0; i < spec.hosts().size(); i++) {
      Nqn nqn = spec.hosts().get(i).nqn();
      if (!seen.add(nqn)) {
        add("hosts[" + i + "].nqn", nqn, "each host once", "host declared twice");
      }
    }
  }

  private void literal(String key, TransportAddress address) {
    if (!address.isLiteral()) {
      add(
          key,
          address.host(),
          "an IPv4 or IPv6 address",
          "a listener needs an address, not a name");
    }
  }

  /** TRADDR of a discovery entry: an address a host can connect to. */
  private void advertised(String key, String advertise) {
    if (!advertise.isEmpty()
        && !(NetUtil.isValidIpV4Address(advertise) || NetUtil.isValidIpV6Address(advertise))) {
      add(key, advertise, "an IPv4 or IPv6 address", "hosts are told an address, not a name");
    } else if (!advertise.isEmpty() && new TransportAddress(advertise, 0).isWildcard()) {
      add(key, advertise, "an address hosts can connect to", "a wildcard is no destination");
    }
  }

  /** Two addresses that cannot both be bound: a wildcard takes every address of the port. */
  private void overlap(
      String key, TransportAddress address, String otherKey, TransportAddress other) {
    if (address.port() != other.port() || address.port() == 0) {
      return;
    }
    boolean same =
        address.isLiteral()
            && other.isLiteral()
            && address.socketAddress().equals(other.socketAddress());
    boolean wild =
        (address.isWildcard() && covers(address, other))
            || (other.isWildcard() && covers(other, address));
    if (same || wild) {
      String hint =
          otherKey.startsWith("discovery") && !key.startsWith("discovery")
              ? "; an I/O listener serves discovery by itself"
              : "";
      add(key, address, "each address and port once", "overlaps " + otherKey + hint);
    }
  }

  /** The IPv6 wildcard also takes IPv4. */
  private static boolean covers(TransportAddress wildcard, TransportAddress address) {
    return wildcard.isIpv6() || address.isIpv4();
  }

  private void size(String key, int size, Range range) {
    if (!range.contains(size)) {
      add(key, size + " entries", "at most " + range.max() + " entries", "too many entries");
    }
  }

  private void number(String key, long value, Range range) {
    if (!range.contains(value)) {
      add(key, value, range.min() + " to " + range.max(), "out of range");
    }
  }

  private void duration(String key, Duration value, Range rangeMs) {
    if (value.compareTo(Duration.ofMillis(rangeMs.min())) < 0
        || value.compareTo(Duration.ofMillis(rangeMs.max())) > 0) {
      String allowed =
          Quantity.formatDuration(Duration.ofMillis(rangeMs.min()))
              + " to "
              + Quantity.formatDuration(Duration.ofMillis(rangeMs.max()));
      add(key, Quantity.formatDuration(value), allowed, "out of range");
    }
  }

  private boolean bytes(String key, long value, Range range) {
    if (range.contains(value)) {
      return true;
    }
    String allowed = Quantity.formatBytes(range.min()) + " to " + Quantity.formatBytes(range.max());
    add(key, Quantity.formatBytes(value), allowed, "out of range");
    return false;
  }

  private void multiple(String key, long value, int of) {
    if (value % of != 0) {
      add(key, Quantity.formatBytes(value), "a multiple of " + of, "not a multiple of " + of);
    }
  }

  private void add(String key, Object value, String allowed, String message) {
    problems.add(Problem.of(key, value, allowed, message));
  }
}
