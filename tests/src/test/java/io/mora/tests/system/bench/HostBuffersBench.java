package io.mora.tests.system.bench;

import io.mora.target.shard.AlignedBufferPool;
import io.mora.target.shard.BufferPool;
import io.mora.target.shard.HostBuffers;
import io.mora.target.shard.IoBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a host's bound of buffers adds to a command: as {@link BufferPoolBench}, by way of its host;
 * and what a large write pays for its promise. tests/bench/parts runs it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class HostBuffersBench {
  private static final long POOL_BYTES = 64L << 20;
  private static final int BYTES = 4096;

  @Param({"off", "on"})
  public String hostMemory = "off";

  @Param({"1", "128"})
  public int depth = 128;

  private final AlignedBufferPool pool = new AlignedBufferPool(POOL_BYTES, () -> {}, 8);
  private final BufferPool.Waiter waiter =
      new BufferPool.Waiter() {
        @Override
        public void buffersAvailable() {
          throw new IllegalStateException("nobody waits");
        }
      };
  private HostBuffers host = HostBuffers.unbounded(pool);
  private IoBuffer[] lent = new IoBuffer[0];
  private int next;

  @Setup
  public void setup() {
    if (hostMemory.equals("on")) {
      host = new HostBuffers(pool, POOL_BYTES / 2, BYTES);
    }
    lent = new IoBuffer[depth];
    for (int i = 0; i < depth; i++) {
      lent[i] = take();
    }
  }

  @TearDown
  public void tearDown() {
    for (IoBuffer each : lent) {
      host.give(each);
    }
    pool.close();
  }

  private IoBuffer take() {
    return Objects.requireNonNull(host.take(waiter, BYTES, depth > 1), "there is room");
  }

  @Benchmark
  public IoBuffer giveAndTake() {
    host.give(lent[next]);
    IoBuffer taken = take();
    lent[next] = taken;
    next = next + 1 == depth ? 0 : next + 1;
    return taken;
  }

  @Benchmark
  public boolean promiseAndRelease() {
    boolean promised = host.promise(waiter, BYTES, depth > 1);
    host.release(BYTES);
    return promised;
  }
}
