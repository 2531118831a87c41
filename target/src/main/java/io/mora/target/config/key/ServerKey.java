package io.mora.target.config.key;

import static io.mora.protocol.admin.Quantity.formatBytes;
import static io.mora.protocol.admin.Quantity.formatDuration;
import static io.mora.target.config.key.ConfigKey.bounds;
import static io.mora.target.config.key.ConfigKey.byteBounds;
import static io.mora.target.config.key.ConfigKey.durationBounds;

import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.DiscoverySpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.ShardSpec;
import io.mora.protocol.admin.TransferSpec;
import java.time.Duration;

/** Keys of what serves: shards, limits, discovery, listeners. */
public enum ServerKey implements ConfigKey {
  SHARDS("shards", "section", "", "", "The event loops that serve."),
  SHARDS_COUNT(
      "shards.count",
      "number or auto",
      "auto",
      "auto, 1 to " + ShardSpec.COUNT.max(),
      "Number of shards. auto is one for each CPU used; at most the CPUs named in `cpus`."),
  SHARDS_TRANSPORT(
      "shards.transport",
      "word",
      "auto",
      "auto, io_uring, epoll, nio",
      "How loops wait for sockets and disks. auto takes epoll, with io_uring for disks, where the"
          + " machine has them; else io_uring for both; else nio."),
  SHARDS_CPUS(
      "shards.cpus",
      "list of numbers or auto",
      "auto",
      "auto, CPUs " + bounds(ShardSpec.CPU),
      "CPUs that shards are placed on in turn. auto is every CPU the process may use."),
  SHARDS_PIN("shards.pin", "true or false", "true", "", "Each shard's thread stays on its CPU."),
  SHARDS_BUFFER_MEMORY(
      "shards.bufferMemory",
      "size",
      formatBytes(ShardSpec.BUFFER_BYTES.defaultValue()),
      byteBounds(ShardSpec.BUFFER_BYTES) + ", 4 times limits.transfer.command or more",
      "Most memory for I/O data of one shard. Commands wait while it is lent out."),
  LIMITS(
      "limits",
      "section",
      "",
      "",
      "What the target bounds. A running target keeps its limits: a change needs a restart."),
  LIMITS_CONNECTIONS(
      "limits.connections",
      "number",
      "" + LimitsSpec.CONNECTIONS.defaultValue(),
      bounds(LimitsSpec.CONNECTIONS),
      "Open TCP connections of all hosts together. One more is closed at once."),
  LIMITS_IO_QUEUES(
      "limits.ioQueuesPerController",
      "number",
      "" + LimitsSpec.IO_QUEUES_PER_CONTROLLER.defaultValue(),
      bounds(LimitsSpec.IO_QUEUES_PER_CONTROLLER),
      "I/O queues a controller grants. A Linux host asks for one a CPU and takes what it gets."),
  LIMITS_QUEUE_DEPTH(
      "limits.queueDepth",
      "number",
      "" + LimitsSpec.QUEUE_DEPTH.defaultValue(),
      bounds(LimitsSpec.QUEUE_DEPTH),
      "Entries of a queue. A host that asks for more is told to ask for less."),
  LIMITS_HANDSHAKE_TIMEOUT(
      "limits.handshakeTimeout",
      "duration",
      formatDuration(Duration.ofMillis(LimitsSpec.HANDSHAKE_TIMEOUT_MS.defaultValue())),
      durationBounds(LimitsSpec.HANDSHAKE_TIMEOUT_MS),
      "A connection that has not sent ICReq, and then Connect, within this time each is closed."),
  LIMITS_SHUTDOWN_TIMEOUT(
      "limits.shutdownTimeout",
      "duration",
      formatDuration(Duration.ofMillis(LimitsSpec.SHUTDOWN_TIMEOUT_MS.defaultValue())),
      durationBounds(LimitsSpec.SHUTDOWN_TIMEOUT_MS),
      "A stop waits this long for commands in flight before it cuts connections."),
  LIMITS_CONNECTS(
      "limits.connectsPerSecond",
      "number",
      "" + LimitsSpec.CONNECTS_PER_SECOND.defaultValue(),
      bounds(LimitsSpec.CONNECTS_PER_SECOND),
      "Connections that may come in a second, after a rest as many at once as may be open; 0 is"
          + " any number. One more is closed before a byte of it is read; reconnecting hosts come again."),
  LIMITS_HOST_MEMORY(
      "limits.hostMemory",
      "size or off",
      "off",
      "off, " + byteBounds(LimitsSpec.HOST_MEMORY_BYTES),
      "Of `shards.bufferMemory` of each shard, what one host may hold by all its connections. More"
          + " of its commands wait; an eighth is for its admin commands, a quarter of the rest for"
          + " large writes, an eighth of what is left for classes 5 to 7. For targets of several"
          + " tenants; off, and as much as `bufferMemory`, is no bound."),
  LIMITS_PER_ADDRESS(
      "limits.perAddress",
      "section",
      "",
      "",
      "What one IPv4 address, or one IPv6 network, may have of the connections."),
  PER_ADDRESS_CONNECTIONS(
      "limits.perAddress.connections",
      "number or auto",
      "auto",
      "auto, " + bounds(LimitsSpec.PerAddress.CONNECTIONS),
      "Open connections; one more is closed at once. auto is seven eighths of"
          + " `limits.connections`: one machine does not shut out the others."),
  PER_ADDRESS_CONNECTS(
      "limits.perAddress.connectsPerSecond",
      "number",
      "" + LimitsSpec.PerAddress.CONNECTS_PER_SECOND.defaultValue(),
      bounds(LimitsSpec.PerAddress.CONNECTS_PER_SECOND),
      "As `limits.connectsPerSecond`, of one."),
  PER_ADDRESS_IPV6(
      "limits.perAddress.ipv6Prefix",
      "number",
      "" + LimitsSpec.PerAddress.IPV6_PREFIX_BITS.defaultValue(),
      bounds(LimitsSpec.PerAddress.IPV6_PREFIX_BITS),
      "IPv6 addresses that begin with the same so many bits count as one: a machine has all"
          + " addresses of its /64. Where all hosts are in one /64 and the bounds are for each, 128."
          + " Link-local addresses count each by itself."),
  LIMITS_TRANSFER("limits.transfer", "section", "", "", "Bounds of one command's data."),
  TRANSFER_IN_CAPSULE(
      "limits.transfer.inCapsule",
      "size",
      formatBytes(TransferSpec.IN_CAPSULE_BYTES.defaultValue()),
      byteBounds(TransferSpec.IN_CAPSULE_BYTES) + ", a multiple of 16",
      "Data that may travel inside an I/O command (IOCCSZ). A larger write takes a round trip"
          + " for its R2T."),
  TRANSFER_COMMAND(
      "limits.transfer.command",
      "size",
      formatBytes(TransferSpec.COMMAND_BYTES.defaultValue()),
      byteBounds(TransferSpec.COMMAND_BYTES) + ", a power of two",
      "Data of one command (MDTS). Hosts split larger I/O."),
  TRANSFER_H2C_DATA(
      "limits.transfer.h2cData",
      "size",
      formatBytes(TransferSpec.H2C_DATA_BYTES.defaultValue()),
      byteBounds(TransferSpec.H2C_DATA_BYTES) + ", a multiple of 4096",
      "Data of one H2CData PDU (MAXH2CDATA). A large PDU holds up what waits behind it on the"
          + " connection."),
  DISCOVERY("discovery", "section", "", "", "The discovery subsystem."),
  DISCOVERY_LISTEN(
      "discovery.listen",
      "list of address:port",
      "the addresses of `listeners`, port " + TransportAddress.DISCOVERY_PORT,
      "IPv4:port, [IPv6]:port",
      "Where discovery is served beside the I/O listeners, all of which serve it too. Without a"
          + " port it is "
          + TransportAddress.DISCOVERY_PORT
          + "; an empty list is none."),
  DISCOVERY_ADVERTISE(
      "discovery.advertise",
      "address",
      "their own",
      "an IPv4 or IPv6 address",
      "Address the discovery log tells for these listeners, where hosts reach them by another."),
  DISCOVERY_REFERRALS(
      "discovery.referrals",
      "list of address:port",
      "none",
      "IPv4:port, [IPv6]:port; at most " + DiscoverySpec.REFERRALS.max(),
      "Discovery services elsewhere that the discovery log refers hosts to; hosts that follow"
          + " referrals ask there too. Without a port it is "
          + TransportAddress.DISCOVERY_PORT
          + ". May be changed while hosts are connected, which are told."),
  DISCOVERY_MDNS(
      "discovery.mdns",
      "true or false",
      "false",
      "true, false",
      "Tells the networks of the discovery listeners of them by multicast DNS (`_nvme-disc._tcp`),"
          + " for hosts that look for targets by themselves, at up to 16 addresses: those that are"
          + " named first. An address that fails, or a network that appears later, is tried again"
          + " only when what is to be announced changes, or at a restart. May be changed at any"
          + " time."),
  LISTENERS("listeners", "list", "none", "", "Where I/O is served."),
  LISTENER_ADDRESS(
      "listeners[].address",
      "address",
      "required",
      "an IPv4 or IPv6 address",
      "0.0.0.0 is every IPv4 address, :: every address."),
  LISTENER_PORT(
      "listeners[].port",
      "number",
      "" + TransportAddress.IO_PORT,
      "0 to 65535",
      "0 takes a free port, which is logged."),
  LISTENER_ADVERTISE(
      "listeners[].advertise",
      "address",
      "its own",
      "an IPv4 or IPv6 address",
      "Address the discovery log tells for this listener, where hosts reach it by another (NAT, a"
          + " virtual machine's host)."),
  LISTENER_SUBSYSTEMS(
      "listeners[].subsystems",
      "list of NQNs",
      "all",
      "NQNs under `subsystems`",
      "The subsystems reached through this listener."),
  LISTENER_CLASS(
      "listeners[].class",
      "class",
      "none",
      CLASSES,
      "Class of commands that come in through this listener and carry no intent, unless their host"
          + " or namespace has one. One port for each class serves hosts that know nothing of"
          + " classes."),
  LISTENER_ANA(
      "listeners[].ana",
      "list of groups",
      "all groups optimized",
      "group and state, as 2 non-optimized",
      "How ANA groups are reached through this listener: optimized, non-optimized, inaccessible,"
          + " persistent-loss, change. May be changed while hosts are connected, which are told."),
  LISTENER_TLS(
      "listeners[].tls",
      "word",
      "none",
      "none, allowed, concatenated, required",
      "Whether hosts speak TLS 1.3 here, by the keys under `hosts[].tls`. required: all do, by"
          + " such a key and no other. concatenated: all do, but a host with `dhchap` may come in on"
          + " plain TCP to make its key by that (secure concatenation), and can do nothing else"
          + " there. allowed: plain TCP or TLS, as each host begins; a key may be made that way here,"
          + " too. What is begun the other way is closed. Connections that are open stay as they are."),
  LISTENER_TRUST(
      "listeners[].trust",
      "word",
      "proven",
      "proven, claimed",
      "What the names of hosts are worth that come in here. proven: classes 5 to 7, whoever gives"
          + " them, `step`, `hotMetadata`, `slots` and fine timing only for hosts that have proved who"
          + " they are, or are `claimed` under `hosts`. claimed: for all; on networks where you know"
          + " who connects. Connections that are open stay as they are.");

  @SuppressWarnings("ImmutableEnumChecker") // a record of strings
  private final Text text;

  ServerKey(String pattern, String form, String byDefault, String allowed, String meaning) {
    text = new Text(pattern, form, byDefault, allowed, meaning);
  }

  @Override
  public Text text() {
    return text;
  }
}
