package io.mora.protocol.admin;

import java.util.List;

/**
 * The loops that serve: how many, on which CPUs, with how much memory.
 *
 * @param count number of shards; {@link #AUTO} is one for each CPU used
 * @param transport how loops wait for sockets and disks
 * @param cpus CPUs that shards are placed on in turn; empty is every CPU of the process
 * @param pin each shard's thread stays on its CPU
 * @param bufferBytes most memory for I/O data of one shard; commands wait when it is lent out
 */
public record ShardSpec(
    int count, TransportChoice transport, List<Integer> cpus, boolean pin, long bufferBytes) {
  public static final int AUTO = 0;

  public static final Range COUNT = new Range(AUTO, AUTO, 256);
  public static final Range CPU = new Range(0, 0, 4095);
  public static final Range BUFFER_BYTES = new Range(8L << 20, 256L << 20, 64L << 30);

  public static final ShardSpec DEFAULT =
      new ShardSpec(AUTO, TransportChoice.AUTO, List.of(), true, BUFFER_BYTES.defaultValue());

  /** AUTO takes the first that the machine allows, in this order. */
  public enum TransportChoice {
    AUTO,
    IO_URING,
    EPOLL,
    NIO
  }

  public ShardSpec {
    cpus = List.copyOf(cpus);
  }

  public ShardSpec withCount(int newCount) {
    return new ShardSpec(newCount, transport, cpus, pin, bufferBytes);
  }

  public ShardSpec withTransport(TransportChoice newTransport) {
    return new ShardSpec(count, newTransport, cpus, pin, bufferBytes);
  }

  public ShardSpec withPin(boolean newPin) {
    return new ShardSpec(count, transport, cpus, newPin, bufferBytes);
  }
}
