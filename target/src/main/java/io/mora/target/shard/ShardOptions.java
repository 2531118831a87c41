package io.mora.target.shard;

import io.mora.protocol.net.LoopOptions;
import io.mora.protocol.net.TransportKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many shards run, where and with what.
 *
 * @param count shards, 0 to {@value #MAX_COUNT}; 0 is one for each of {@code cpus}
 * @param transport what their loops wait with; null is the best that starts here
 * @param cpus CPUs to run on, in this order and over again when there are more shards; empty is
 *     every CPU this process may use, cores before hyperthreads, as many as it has processors
 * @param pin whether each shard stays on its CPU
 * @param bufferBytesPerShard bound of each shard's buffer pool, at least 2 MiB
 * @param ringSize see {@link LoopOptions#ringSize}
 */
public record ShardOptions(
    int count,
    @Nullable TransportKind transport,
    List<Integer> cpus,
    boolean pin,
    long bufferBytesPerShard,
    int ringSize) {
  public static final int MAX_COUNT = 256;
  public static final long DEFAULT_BUFFER_BYTES = 64L << 20;

  /** One pinned shard per CPU on the best transport. */
  public static final ShardOptions DEFAULT =
      new ShardOptions(
          0, null, List.of(), true, DEFAULT_BUFFER_BYTES, LoopOptions.DEFAULT_RING_SIZE);

  public ShardOptions {
    cpus = List.copyOf(cpus);
    if (count < 0 || count > MAX_COUNT) {
      throw new IllegalArgumentException("shard count " + count + ": 0 to " + MAX_COUNT);
    }
    if (bufferBytesPerShard < AlignedBufferPool.MIN_LIMIT_BYTES) {
      throw new IllegalArgumentException(
          "bufferBytesPerShard "
              + bufferBytesPerShard
              + ": at least "
              + AlignedBufferPool.MIN_LIMIT_BYTES);
    }
  }

  public ShardOptions withCount(int newCount) {
    return new ShardOptions(newCount, transport, cpus, pin, bufferBytesPerShard, ringSize);
  }

  public ShardOptions withTransport(@Nullable TransportKind newTransport) {
    return new ShardOptions(count, newTransport, cpus, pin, bufferBytesPerShard, ringSize);
  }

  public ShardOptions withCpus(List<Integer> newCpus) {
    return new ShardOptions(count, transport, newCpus, pin, bufferBytesPerShard, ringSize);
  }

  public ShardOptions withPin(boolean newPin) {
    return new ShardOptions(count, transport, cpus, newPin, bufferBytesPerShard, ringSize);
  }

  public ShardOptions withBufferBytesPerShard(long newBytes) {
    return new ShardOptions(count, transport, cpus, pin, newBytes, ringSize);
  }
}
