package io.mora.initiator.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.Rig;
import io.mora.initiator.fake.FakeDisk;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.net.TransportKind;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Goal: by paths an I/O allocates what it does without, on its loop. */
class PathAllocationTest {
  private static final int WARM = 10_000;
  private static final int MEASURED = 10_000;

  /** What compilers, timers of the loop and their like leave behind for each of that many. */
  private static final long NOISE_BYTES = 64;

  @Test
  void aPathCostsNoMemory() throws IOException, InterruptedException {
    Level level = ResourceLeakDetector.getLevel();
    assumeTrue(level.compareTo(Level.SIMPLE) <= 0, "leak detection at " + level + " allocates");
    TransportKind kind = TransportKind.EPOLL.available() ? TransportKind.EPOLL : TransportKind.NIO;
    try (Rig rig = new Rig(kind)) {
      rig.controller.successFlag = true;
      long bare = measure(rig.connect(rig.options().queues(1).build()).namespace(1));
      PathSet paths =
          Rig.get(
              rig.initiator.connectPaths(
                  PathOptions.DEFAULT, List.of(rig.options().queues(1).build())));
      long shared = measure(Rig.get(paths.namespace(1)));
      System.out.println(
          "bytes for each read: " + bare + " without paths, " + shared + " by paths");
      assertThat(shared).isLessThan(bare + NOISE_BYTES);
    }
  }

  private static long measure(RemoteNamespace namespace) throws InterruptedException {
    Flow flow = new Flow(namespace);
    flow.submit();
    flow.done.await();
    return flow.bytes / MEASURED;
  }

  /** Reads of 4 KiB, one after the other, on the loop. */
  private static final class Flow implements IoCallback {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final RemoteNamespace namespace;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(8 * FakeDisk.BLOCK);
    private final IoOptions options = new IoOptions();
    private final CountDownLatch done = new CountDownLatch(1);
    private int ended;
    private long bytes;

    Flow(RemoteNamespace namespace) {
      this.namespace = namespace;
    }

    void submit() {
      if (!namespace.read(0, 8, buffer, options, this, 0)) {
        throw new IllegalStateException("refused");
      }
    }

    @Override
    public void completed(long context, int status, IoResult result) {
      ended++;
      if (ended == WARM) {
        bytes = -threads.getCurrentThreadAllocatedBytes();
      } else if (ended == WARM + MEASURED) {
        bytes += threads.getCurrentThreadAllocatedBytes();
        done.countDown();
      }
      if (ended < WARM + MEASURED) {
        submit();
      }
    }
  }
}
