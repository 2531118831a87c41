package io.mora.target.config;

import static io.mora.protocol.admin.Quantity.formatBytes;
import static io.mora.protocol.admin.Quantity.formatDuration;

import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.Range;
import io.mora.protocol.admin.ShardSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TransferSpec;
import java.time.Duration;

/**
 * Every key of the configuration file, in the order of its reference: what the reader knows, and
 * what docs/configuration.md says (a test compares the two).
 */
enum ConfigKey implements SectionReader.Key {
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
      "How loops wait for sockets and disks. auto takes the first of the three that the machine"
          + " allows."),
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

  LIMITS("limits", "section", "", "", "What the target bounds."),
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

  LATENCY_INTENT("latencyIntent", "section", "", "", "The latency-intent extension."),
  LATENCY_INTENT_ENABLED(
      "latencyIntent.enabled",
      "true or false",
      "false",
      "true, false",
      "Offer the extension; hosts that do not opt in see no difference."),

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

  HOSTS("hosts", "list", "none", "", "Hosts that subsystems may allow."),
  HOST_NQN("hosts[].nqn", "NQN", "required", "1 to 223 bytes", "As /etc/nvme/hostnqn has it."),
  HOST_TIMING(
      "hosts[].timing",
      "word",
      "coarse",
      "coarse, fine",
      "How exactly timing replies tell this host where its commands spent their time: rounded up"
          + " to 16 us, or to 100 ns."),

  SUBSYSTEMS("subsystems", "list", "none", "", "What is served."),
  SUBSYSTEM_NQN(
      "subsystems[].nqn",
      "NQN",
      "required",
      "nqn.yyyy-mm.reverse.domain:name",
      "The name hosts connect to."),
  SUBSYSTEM_SERIAL(
      "subsystems[].serial",
      "text",
      "derived from the NQN",
      "1 to " + SubsystemSpec.SERIAL_MAX + " characters of printable ASCII",
      "Serial number that hosts show. Do not change it while hosts are connected."),
  SUBSYSTEM_MODEL(
      "subsystems[].model",
      "text",
      SubsystemSpec.MODEL_DEFAULT,
      "1 to " + SubsystemSpec.MODEL_MAX + " characters of printable ASCII",
      "Model number that hosts show."),
  SUBSYSTEM_ALLOW_ANY_HOST(
      "subsystems[].allowAnyHost",
      "true or false",
      "false",
      "",
      "Every host may connect. Otherwise only `allowedHosts` may."),
  SUBSYSTEM_ALLOWED_HOSTS(
      "subsystems[].allowedHosts",
      "list of NQNs",
      "none",
      "NQNs under `hosts`",
      "Hosts that may connect."),
  NAMESPACES("subsystems[].namespaces", "list", "none", "", "The disks of the subsystem."),
  NAMESPACE_NSID(
      "subsystems[].namespaces[].nsid",
      "number",
      "required",
      bounds(NamespaceSpec.NSID),
      "Namespace id, unique in the subsystem."),
  NAMESPACE_UUID(
      "subsystems[].namespaces[].uuid",
      "UUID",
      "derived from NQN and nsid",
      "36 characters",
      "What hosts find the namespace by, unique everywhere."),
  NAMESPACE_NGUID(
      "subsystems[].namespaces[].nguid",
      "text",
      "the bytes of `uuid`",
      "32 hex digits, not all zero",
      "The other identifier, unique everywhere."),
  NAMESPACE_BLOCK_SIZE(
      "subsystems[].namespaces[].blockSize",
      "size",
      "" + NamespaceSpec.BLOCK_SIZE_DEFAULT,
      "512 or 4096",
      "Logical block in bytes."),
  BACKEND("subsystems[].namespaces[].backend", "section", "required", "", "Where the blocks are."),
  BACKEND_KIND(
      "subsystems[].namespaces[].backend.kind",
      "word",
      "required",
      "memory, null, file, block",
      "memory is gone when the process ends; null swallows writes and reads zeroes; file is a"
          + " regular file; block is a whole block device."),
  BACKEND_PATH(
      "subsystems[].namespaces[].backend.path",
      "path",
      "required",
      "a file or block device",
      "For file and block. Relative to the configuration file's folder unless absolute. Used once only."),
  BACKEND_SIZE(
      "subsystems[].namespaces[].backend.size",
      "size",
      "an existing file's; else required",
      byteBounds(BackendSpec.SIZE_BYTES) + ", a multiple of blockSize",
      "For memory, null and file. A missing file is made this large; an existing one must have it."),
  BACKEND_PREALLOCATE(
      "subsystems[].namespaces[].backend.preallocate",
      "true or false",
      "false",
      "",
      "For file. A new file gets all its blocks at once instead of being sparse."),
  BACKEND_DIRECT(
      "subsystems[].namespaces[].backend.direct",
      "word",
      "auto",
      "auto, required, never",
      "For file and block. Reads and writes past the page cache: where the file system can, or refuse to start, or"
          + " not."),
  BACKEND_READ_ONLY(
      "subsystems[].namespaces[].backend.readOnly",
      "true or false",
      "false",
      "",
      "For file and block. Hosts see a write-protected namespace.");

  private final String pattern;
  private final String form;
  private final String byDefault;
  private final String allowed;
  private final String meaning;

  ConfigKey(String pattern, String form, String byDefault, String allowed, String meaning) {
    this.pattern = pattern;
    this.form = form;
    this.byDefault = byDefault;
    this.allowed = allowed;
    this.meaning = meaning;
  }

  @Override
  public String pattern() {
    return pattern;
  }

  @Override
  public String form() {
    return form;
  }

  @Override
  public String byDefault() {
    return byDefault;
  }

  @Override
  public String allowed() {
    return allowed;
  }

  @Override
  public String meaning() {
    return meaning;
  }

  static String bounds(Range range) {
    return range.min() + " to " + range.max();
  }

  static String byteBounds(Range range) {
    return formatBytes(range.min()) + " to " + formatBytes(range.max());
  }

  private static String durationBounds(Range rangeMs) {
    return formatDuration(Duration.ofMillis(rangeMs.min()))
        + " to "
        + formatDuration(Duration.ofMillis(rangeMs.max()));
  }
}
