package io.mora.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.mora.initiator.fake.FakeDisk;
import io.mora.initiator.fake.FakeIntent;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.net.TransportKind;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Goal: a warm read or write with a callback allocates next to nothing on its loop. Method: each
 * completion submits the next; the loop thread's allocated bytes are read before and after.
 */
class AllocationTest {
  private static final int WARM = 10_000;
  private static final int MEASURED = 10_000;

  /**
   * On epoll nothing is needed once everything is compiled; on a busy machine some of it is not
   * compiled yet, and what escapes nowhere is still allocated.
   */
  private static final long BYTES_MAX = 320;

  /** Elsewhere Netty's channel needs a promise and slices for each flush, some 300 bytes. */
  private static final long CHANNEL_BYTES_MAX = 512;

  @ParameterizedTest
  @CsvSource({
    "NIO,1,false,false",
    "EPOLL,1,false,false",
    "EPOLL,16,false,false",
    "EPOLL,1,true,false",
    "EPOLL,16,false,true",
    "EPOLL,1,true,true"
  })
  void aWarmCommandAllocatesLittle(
      TransportKind transport, int depth, boolean write, boolean intent)
      throws IOException, InterruptedException {
    Level level = ResourceLeakDetector.getLevel();
    assumeTrue(level.compareTo(Level.SIMPLE) <= 0, "leak detection at " + level + " allocates");
    TransportKind used = transport.available() ? transport : TransportKind.NIO;
    try (Rig rig = new Rig(used)) {
      rig.controller.successFlag = true;
      FakeIntent said = FakeIntent.on(rig.controller, 0);
      said.forget = true;
      RemoteNamespace namespace =
          rig.connect(rig.options().queues(1).latencyIntent(intent).build()).namespace(1);
      Flow flow = new Flow(namespace, depth, write);
      if (intent) {
        flow.options.intent(Intent.critical().budgetUs(100).step().flow(3).timed());
        assertThat(namespace.association().intentGrant().active()).isTrue();
      }
      flow.start();
      flow.done.await();
      long each = flow.bytes / MEASURED;
      assertThat(each)
          .as("%s, depth %d", used, depth)
          .isLessThan(used == TransportKind.EPOLL ? BYTES_MAX : CHANNEL_BYTES_MAX);
    }
  }

  /** Reads or writes of 4 KiB, some at a time, until enough were measured; on the loop. */
  private static final class Flow implements IoCallback {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final RemoteNamespace namespace;
    private final boolean write;
    private final ByteBuffer[] buffers;
    private final CountDownLatch done = new CountDownLatch(1);
    private final IoOptions options = new IoOptions();
    private int ended;
    private long bytes;

    Flow(RemoteNamespace namespace, int depth, boolean write) {
      this.namespace = namespace;
      this.write = write;
      this.buffers = new ByteBuffer[depth];
      for (int i = 0; i < depth; i++) {
        buffers[i] = ByteBuffer.allocateDirect(8 * FakeDisk.BLOCK);
      }
    }

    void start() {
      for (int i = 0; i < buffers.length; i++) {
        submit(i);
      }
    }

    private void submit(int slot) {
      boolean accepted =
          write
              ? namespace.write(0, 8, buffers[slot], options, this, slot)
              : namespace.read(0, 8, buffers[slot], options, this, slot);
      if (!accepted) {
        throw new IllegalStateException("refused");
      }
    }

    @Override
    public void completed(long slot, int status, IoResult result) {
      ended++;
      if (ended == WARM) {
        bytes = -threads.getCurrentThreadAllocatedBytes();
      } else if (ended == WARM + MEASURED) {
        bytes += threads.getCurrentThreadAllocatedBytes();
        done.countDown();
      }
      if (ended < WARM + MEASURED) {
        submit((int) slot);
      }
    }
  }
}
