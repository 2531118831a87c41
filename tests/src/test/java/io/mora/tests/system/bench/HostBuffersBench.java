package io.mora.tests.system.bench;

import io.mora.target.shard.BufferPool;
import io.mora.target.shard.HostBuffers;
import io.mora.target.shard.IoBuffer;
import java.util.Objects;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What a host's bound of buffers adds to a command: {@link BufferPoolBench} by way of its host, and
 * what a large write pays for its promise. tests/bench/parts runs it.
 */
public class HostBuffersBench extends BufferPoolBench {
  @Param({"off", "on"})
  public String hostMemory = "off";

  private final BufferPool.Waiter waiter =
      new BufferPool.Waiter() {
        @Override
        public void buffersAvailable() {
          throw new IllegalStateException("nobody waits");
        }
      };
  private HostBuffers host = HostBuffers.unbounded(pool);

  @Setup
  @Override
  public void setup() {
    if (hostMemory.equals("on")) {
      host = new HostBuffers(pool, POOL_BYTES, bytes);
    }
    super.setup();
  }

  @Override
  IoBuffer take() {
    return Objects.requireNonNull(host.take(waiter, bytes, depth > 1), "there is room");
  }

  @Override
  void give(IoBuffer buffer) {
    host.give(buffer);
  }

  @Benchmark
  public boolean promiseAndRelease() {
    boolean promised = host.promise(waiter, bytes, depth > 1);
    host.release(bytes);
    return promised;
  }
}
