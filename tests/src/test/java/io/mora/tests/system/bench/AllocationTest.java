package io.mora.tests.system.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.net.TransportKind;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bytes the threads of the data path allocate for a 4 KiB command once everything is warm. Bounds
 * are about twice what was measured (docs/performance.md), to catch a lambda or a box per command.
 */
@Tag("loopback")
class AllocationTest {
  private static final int WARM_UP = 30_000;
  private static final int MEASURED = 30_000;
  private static final int BLOCK = 4096;
  private static final long SIZE = 16L << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest(name = "{0}, depth {1}, writes {2}")
  @CsvSource({
    "IO_URING, 1, false",
    "IO_URING, 32, false",
    "IO_URING, 32, true",
    "EPOLL, 1, false",
    "EPOLL, 32, false",
    "EPOLL, 32, true"
  })
  void aCommandAllocatesLittle(TransportKind kind, int depth, boolean writes)
      throws InterruptedException {
    assumeTrue(kind.available(), () -> kind + ": " + kind.unavailableReason());
    try (TargetFixture target =
            TargetFixture.start(Served.on(1).with(kind).withMemory(SIZE, BLOCK));
        Initiator initiator =
            Initiator.create(InitiatorOptions.builder().transport(kind).loops(1).build())) {
      ConnectOptions options =
          InitiatorFixture.persistent(target.address()).queues(1).queueDepth(128).build();
      RemoteNamespace namespace = Waiting.get(initiator.connect(options)).namespace(1);
      Load load = new Load(namespace, depth, writes);
      load.run(WARM_UP);
      long shard = thread("mora-shard-0");
      long host = load.threadId;
      long shardBefore = THREADS.getThreadAllocatedBytes(shard);
      long hostBefore = THREADS.getThreadAllocatedBytes(host);
      load.run(MEASURED);
      double shardBytes =
          (THREADS.getThreadAllocatedBytes(shard) - shardBefore) / (double) MEASURED;
      double hostBytes = (THREADS.getThreadAllocatedBytes(host) - hostBefore) / (double) MEASURED;
      System.out.printf(
          "allocation: %s depth %d %s: target %.0f B, initiator %.0f B a command%n",
          kind, depth, writes ? "write" : "read", shardBytes, hostBytes);
      assertThat(shardBytes).as("target").isLessThan(bound(depth));
      assertThat(hostBytes).as("initiator").isLessThan(bound(depth));
    }
  }

  private static double bound(int depth) {
    return depth == 1 ? 1000 : 500;
  }

  private static long thread(String name) {
    for (long id : THREADS.getAllThreadIds()) {
      var info = THREADS.getThreadInfo(id);
      if (info != null && info.getThreadName().equals(name)) {
        return id;
      }
    }
    throw new AssertionError("no thread " + name);
  }

  /** A closed loop of commands by callback; itself allocates nothing a command. */
  private static final class Load implements IoCallback {
    private final RemoteNamespace namespace;
    private final ByteBuffer[] buffers;
    private final boolean writes;
    private volatile CountDownLatch done = new CountDownLatch(0);
    private volatile long threadId;
    private int left;
    private int under;

    Load(RemoteNamespace namespace, int depth, boolean writes) {
      this.namespace = namespace;
      this.writes = writes;
      buffers = new ByteBuffer[depth];
      for (int i = 0; i < depth; i++) {
        buffers[i] = ByteBuffer.allocateDirect(BLOCK);
      }
    }

    void run(int commands) throws InterruptedException {
      CountDownLatch end = new CountDownLatch(1);
      done = end;
      synchronized (this) {
        left = commands - buffers.length;
        under = buffers.length;
      }
      for (int i = 0; i < buffers.length; i++) {
        issue(i);
      }
      assertThat(end.await(Waiting.LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private void issue(int slot) {
      ByteBuffer buffer = buffers[slot].clear();
      long lba = slot * 7L;
      boolean taken =
          writes
              ? namespace.write(lba, 1, buffer, IoOptions.PLAIN, this, slot)
              : namespace.read(lba, 1, buffer, IoOptions.PLAIN, this, slot);
      assertThat(taken).isTrue();
    }

    @Override
    public void completed(long context, int status, IoResult result) {
      boolean again;
      boolean last;
      synchronized (this) {
        again = left > 0;
        left -= again ? 1 : 0;
        under -= again ? 0 : 1;
        last = under == 0;
      }
      if (status != 0) {
        throw new IllegalStateException("status " + status);
      }
      if (again) {
        issueNext((int) context);
      } else if (last) {
        threadId = Thread.currentThread().getId();
        done.countDown();
      }
    }

    private void issueNext(int slot) {
      ByteBuffer buffer = buffers[slot].clear();
      if (writes) {
        namespace.write(slot * 7L, 1, buffer, IoOptions.PLAIN, this, slot);
      } else {
        namespace.read(slot * 7L, 1, buffer, IoOptions.PLAIN, this, slot);
      }
    }
  }
}
