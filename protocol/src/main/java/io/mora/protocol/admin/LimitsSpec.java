package io.mora.protocol.admin;

import java.time.Duration;

/**
 * What a target bounds for all hosts together and for each.
 *
 * @param connections open TCP connections; one more is closed at once
 * @param ioQueuesPerController I/O queues granted by Set Features 07h
 * @param queueDepth entries of a queue (CAP.MQES + 1); a host asks for at most that
 * @param handshakeTimeout a connection that has not sent ICReq, and then Connect, within this time
 *     each is closed
 * @param shutdownTimeout a stop waits this long for commands in flight before it cuts connections
 * @param transfer bounds of one command's data
 * @param connectsPerSecond connections that may come in a second, 0 for any number; one more is
 *     closed at once. After a rest as many come at once as may be open
 * @param perAddress what of it one IPv4 address, or IPv6 network, may have
 * @param hostMemoryBytes buffers of one shard that one host may hold; more of its commands wait.
 *     {@link #OFF} is no bound
 */
public record LimitsSpec(
    int connections,
    int ioQueuesPerController,
    int queueDepth,
    Duration handshakeTimeout,
    Duration shutdownTimeout,
    TransferSpec transfer,
    int connectsPerSecond,
    PerAddress perAddress,
    long hostMemoryBytes) {
  public static final Range CONNECTIONS = new Range(2, 4096, 65536);
  public static final Range IO_QUEUES_PER_CONTROLLER = new Range(1, 64, 1024);
  public static final Range QUEUE_DEPTH = new Range(32, 128, 1024);
  public static final Range HANDSHAKE_TIMEOUT_MS = new Range(100, 10_000, 120_000);
  public static final Range SHUTDOWN_TIMEOUT_MS = new Range(0, 10_000, 600_000);
  public static final Range CONNECTS_PER_SECOND = new Range(0, 4_000, 1_000_000);
  public static final Range HOST_MEMORY_BYTES = new Range(4L << 20, 128L << 20, 64L << 30);

  /** Of {@link PerAddress#connections}: derived from another bound. */
  public static final int AUTO = 0;

  /** Of {@link #hostMemoryBytes}: there is none. */
  public static final long OFF = 0;

  public static final LimitsSpec DEFAULT =
      new LimitsSpec(
          (int) CONNECTIONS.defaultValue(),
          (int) IO_QUEUES_PER_CONTROLLER.defaultValue(),
          (int) QUEUE_DEPTH.defaultValue(),
          Duration.ofMillis(HANDSHAKE_TIMEOUT_MS.defaultValue()),
          Duration.ofMillis(SHUTDOWN_TIMEOUT_MS.defaultValue()),
          TransferSpec.DEFAULT,
          (int) CONNECTS_PER_SECOND.defaultValue(),
          PerAddress.DEFAULT,
          OFF);

  /** What is of addresses, of seconds and of hosts is as in {@link #DEFAULT}. */
  public LimitsSpec(
      int connections,
      int ioQueuesPerController,
      int queueDepth,
      Duration handshakeTimeout,
      Duration shutdownTimeout,
      TransferSpec transfer) {
    this(
        connections,
        ioQueuesPerController,
        queueDepth,
        handshakeTimeout,
        shutdownTimeout,
        transfer,
        (int) CONNECTS_PER_SECOND.defaultValue(),
        PerAddress.DEFAULT,
        OFF);
  }

  /**
   * What comes from one IPv4 address, or from one IPv6 network.
   *
   * @param connections open at a time; {@link #AUTO} is all but an eighth of all
   * @param connectsPerSecond in a second, 0 for any number; after a rest as many at once as may be
   *     open
   * @param ipv6PrefixBits IPv6 addresses that begin with the same bits, so many, are counted as one
   */
  public record PerAddress(int connections, int connectsPerSecond, int ipv6PrefixBits) {
    private static final int RESERVE_PART = 8;

    /** The default is what {@link #AUTO} is of the default of all. */
    public static final Range CONNECTIONS =
        new Range(1, allBut(LimitsSpec.CONNECTIONS.defaultValue()), 65536);

    public static final Range CONNECTS_PER_SECOND = new Range(0, 1_000, 1_000_000);

    /** A machine has all addresses of its network, which is 64 bits long nearly everywhere. */
    public static final Range IPV6_PREFIX_BITS = new Range(32, 64, 128);

    public static final PerAddress DEFAULT =
        new PerAddress(AUTO, (int) CONNECTS_PER_SECOND.defaultValue());

    /** IPv6 networks are as in {@link #DEFAULT}. */
    public PerAddress(int connections, int connectsPerSecond) {
      this(connections, connectsPerSecond, (int) IPV6_PREFIX_BITS.defaultValue());
    }

    private static long allBut(long all) {
      return Math.max(1, all - all / RESERVE_PART);
    }

    /** Connections it may have open, of so many of all. */
    public int connectionsOf(int all) {
      return connections == AUTO ? (int) allBut(all) : connections;
    }
  }

  public LimitsSpec withHandshakeTimeout(Duration newTimeout) {
    return new LimitsSpec(
        connections,
        ioQueuesPerController,
        queueDepth,
        newTimeout,
        shutdownTimeout,
        transfer,
        connectsPerSecond,
        perAddress,
        hostMemoryBytes);
  }

  public LimitsSpec withTransfer(TransferSpec newTransfer) {
    return new LimitsSpec(
        connections,
        ioQueuesPerController,
        queueDepth,
        handshakeTimeout,
        shutdownTimeout,
        newTransfer,
        connectsPerSecond,
        perAddress,
        hostMemoryBytes);
  }

  public LimitsSpec withHostMemoryBytes(long bytes) {
    return new LimitsSpec(
        connections,
        ioQueuesPerController,
        queueDepth,
        handshakeTimeout,
        shutdownTimeout,
        transfer,
        connectsPerSecond,
        perAddress,
        bytes);
  }

  /** As many open and in a second, of all and of one address. */
  public LimitsSpec withArrivals(int open, int perSecond, PerAddress ofOne) {
    return new LimitsSpec(
        open,
        ioQueuesPerController,
        queueDepth,
        handshakeTimeout,
        shutdownTimeout,
        transfer,
        perSecond,
        ofOne,
        hostMemoryBytes);
  }
}
