package io.mora.target.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.net.IoLoop;
import io.mora.protocol.net.LoopOptions;
import io.mora.protocol.net.TransportKind;
import io.mora.target.shard.BufferPool;
import io.mora.target.shard.IoBuffer;
import io.mora.target.shard.Shard;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A backend with two shards of a transport; closes all of it, checking nothing is left. */
public final class Rig implements AutoCloseable {
  private static final int SHARDS = 2;
  private static final int WAIT_SECONDS = 30;

  public final Backend backend;
  private final List<Shard> shards = new ArrayList<>();
  private final List<BackendQueue> queues = new ArrayList<>();

  public Rig(Backend backend, TransportKind transport) throws Exception {
    this.backend = backend;
    for (int i = 0; i < SHARDS; i++) {
      int index = i;
      IoLoop loop =
          IoLoop.start(
              transport,
              LoopOptions.DEFAULT.withFileRing(),
              body -> new FastThreadLocalThread(body, "rig-" + transport + "-" + index));
      Shard shard = new Shard(i, loop, new NoBuffers(), new NoBuffers());
      shards.add(shard);
      queues.add(onShard(i, () -> backend.queue(shard)));
    }
  }

  public Shard shard(int index) {
    return shards.get(index);
  }

  public BackendQueue queue(int index) {
    return queues.get(index);
  }

  /** Runs on a shard's thread and waits for the answer. */
  public <T> T onShard(int index, Callable<T> work) throws Exception {
    CompletableFuture<T> answer = new CompletableFuture<>();
    shards
        .get(index)
        .execute(
            () -> {
              try {
                answer.complete(work.call());
              } catch (Throwable t) {
                answer.completeExceptionally(t);
              }
            });
    return answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  /** Submits on a shard; the caller waits on the request. */
  public <R extends TestRequest> R submit(int index, R request) {
    shards.get(index).execute(() -> queues.get(index).submit(request));
    return request;
  }

  public int run(TestRequest request) throws Exception {
    return submit(0, request).await();
  }

  public byte[] read(int index, long offsetBytes, int lengthBytes) throws Exception {
    TestRequest request = submit(index, TestRequest.of(IoRequest.READ, offsetBytes, lengthBytes));
    assertThat(request.await()).isZero();
    return request.bytes();
  }

  public byte[] read(long offsetBytes, int lengthBytes) throws Exception {
    return read(0, offsetBytes, lengthBytes);
  }

  public void write(long offsetBytes, byte[] bytes) throws Exception {
    assertThat(run(TestRequest.write(offsetBytes, bytes))).isZero();
  }

  public int run(int op, long offsetBytes, long lengthBytes) throws Exception {
    return run(TestRequest.of(op, offsetBytes, lengthBytes));
  }

  @Override
  public void close() {
    try {
      closeAll();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void closeAll() throws Exception {
    for (int i = 0; i < queues.size(); i++) {
      BackendQueue queue = queues.get(i);
      assertThat(onShard(i, queue::inFlight)).isZero();
      onShard(
          i,
          () -> {
            queue.close();
            return true;
          });
    }
    backend.close();
    for (Shard shard : shards) {
      assertThat(shard.loop().shutdown(10_000)).isTrue();
    }
  }

  /** Backends take no buffers. */
  private static final class NoBuffers implements BufferPool {
    @Override
    public @Nullable IoBuffer take(int capacityBytes) {
      return null;
    }

    @Override
    public @Nullable IoBuffer takeFirst(int capacityBytes) {
      return null;
    }

    @Override
    public void give(IoBuffer buffer) {}

    @Override
    public void await(Waiter waiter) {}

    @Override
    public void cancel(Waiter waiter) {}

    @Override
    public int maxCapacityBytes() {
      return 0;
    }

    @Override
    public long lentBytes() {
      return 0;
    }

    @Override
    public long limitBytes() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
