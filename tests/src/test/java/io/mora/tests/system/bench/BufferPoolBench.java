package io.mora.tests.system.bench;

import io.mora.target.shard.AlignedBufferPool;
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
 * What a command pays for its buffer: the oldest of those on loan is given back and another taken,
 * as at a queue of that depth. tests/bench/parts runs it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class BufferPoolBench {
  static final long POOL_BYTES = 64L << 20;

  @Param({"4096", "131072"})
  public int bytes = 4096;

  @Param({"1", "128"})
  public int depth = 128;

  final AlignedBufferPool pool = new AlignedBufferPool(POOL_BYTES, () -> {}, 8);
  private IoBuffer[] lent = new IoBuffer[0];
  private int next;

  @Setup
  public void setup() {
    lent = new IoBuffer[depth];
    for (int i = 0; i < depth; i++) {
      lent[i] = take();
    }
  }

  @TearDown
  public void tearDown() {
    for (IoBuffer each : lent) {
      give(each);
    }
    pool.close();
  }

  IoBuffer take() {
    return Objects.requireNonNull(pool.take(bytes), "the pool is large enough");
  }

  void give(IoBuffer buffer) {
    pool.give(buffer);
  }

  @Benchmark
  public IoBuffer giveAndTake() {
    give(lent[next]);
    IoBuffer taken = take();
    lent[next] = taken;
    next = next + 1 == depth ? 0 : next + 1;
    return taken;
  }
}
