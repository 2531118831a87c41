package io.mora.initiator.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.mora.initiator.Association;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.Rig;
import io.mora.initiator.fake.FakeDisk;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoOptions;
import io.mora.protocol.net.TransportKind;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Goal: a warm call allocates nothing of ours. Method: the thread's allocated bytes are read before
 * and after many calls of 4 KiB; what is left is Netty's (buffer handles, channel bookkeeping).
 */
class SyncAllocationTest {
  private static final int WARM = 10_000;
  private static final int MEASURED = 10_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @CsvSource({
    "NIO,1,false,512",
    "NIO,1,true,512",
    "EPOLL,1,false,512",
    "EPOLL,1,true,512",
    "EPOLL,16,false,512"
  })
  void aWarmCallAllocatesLittle(TransportKind transport, int depth, boolean write, long bytesMax)
      throws IOException {
    Level level = ResourceLeakDetector.getLevel();
    assumeTrue(level.compareTo(Level.SIMPLE) <= 0, "leak detection at " + level + " allocates");
    assumeTrue(transport.available(), () -> "no " + transport);
    try (Rig rig = new Rig(transport)) {
      rig.controller.successFlag = true;
      Association association = rig.connect(rig.options().threadQueues(1).build());
      try (ThreadQueue mine = association.openThreadQueue(ThreadQueue.SPIN_NS_MAX)) {
        SyncNamespace namespace = mine.on(association.namespace(1));
        run(mine, namespace, depth, write, WARM);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        run(mine, namespace, depth, write, MEASURED);
        long each = (THREADS.getCurrentThreadAllocatedBytes() - before) / MEASURED;
        System.out.printf(
            "%s, depth %d, %s: %d bytes a call%n",
            transport.configName(), depth, write ? "write" : "read", each);
        assertThat(each).as("%s, depth %d", transport, depth).isLessThan(bytesMax);
      }
    }
  }

  private static void run(
      ThreadQueue mine, SyncNamespace namespace, int depth, boolean write, int count) {
    ByteBuffer[] pages = new ByteBuffer[depth];
    for (int i = 0; i < depth; i++) {
      pages[i] = ByteBuffer.allocateDirect(8 * FakeDisk.BLOCK);
    }
    int[] failed = new int[1];
    IoCallback told = (context, status, io) -> failed[0] += status;
    RemoteNamespace submitting = namespace.submitting();
    for (int done = 0; done < count; done += depth) {
      if (depth == 1) {
        failed[0] +=
            (write ? namespace.write(0, 8, pages[0]) : namespace.read(0, 8, pages[0])).status();
        continue;
      }
      for (int i = 0; i < depth; i++) {
        submitting.read(0, 8, pages[i], IoOptions.PLAIN, told, i);
      }
      mine.awaitAll();
    }
    assertThat(failed[0]).isZero();
  }
}
