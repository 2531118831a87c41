package io.mora.protocol.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Buffer;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file's reads share the ring of the loop's sockets, through the turn's wrapper. */
class RingFileTest {
  private static final byte READ = 22;
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 64;

  @TempDir Path folder;

  @Test
  void readsCompleteOnTheLoopAndListenersSeeThem() throws Exception {
    assumeTrue(
        TransportKind.IO_URING.available(), () -> TransportKind.IO_URING.unavailableReason());
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    byte[] content = new byte[BLOCK * BLOCKS];
    new Random(seed).nextBytes(content);
    Path path = Files.write(folder.resolve("data"), content);
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
    int fd = descriptor(path);
    IoLoop loop =
        IoLoop.start(
            TransportKind.IO_URING,
            LoopOptions.DEFAULT,
            body -> new FastThreadLocalThread(body, "ring-test"));
    ByteBuffer memory = ByteBuffer.allocateDirect(content.length);
    Disk disk = new Disk(loop);
    IoRegistration registration = loop.eventLoop().register(disk).get();
    loop.execute(
        () -> {
          loop.addTurnListener(disk);
          for (short i = 0; i < BLOCKS; i++) {
            registration.submit(read(fd, memory, i));
          }
        });
    assertThat(disk.done.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(disk.wrongThread).isZero();
    byte[] back = new byte[content.length];
    memory.get(back);
    assertThat(back).isEqualTo(content);
    registration.cancel();
    assertThat(loop.shutdown(10_000)).isTrue();
    file.close();
  }

  /** The number of this process's descriptor that is open on the path. */
  private static int descriptor(Path path) throws IOException {
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      Path link = links.filter(each -> opens(each, path)).findFirst().orElseThrow();
      return Integer.parseInt(link.getFileName().toString());
    }
  }

  private static boolean opens(Path link, Path path) {
    try {
      return Files.readSymbolicLink(link).equals(path);
    } catch (IOException e) {
      return false;
    }
  }

  private static IoUringIoOps read(int fd, ByteBuffer memory, short block) {
    long address = Buffer.memoryAddress(memory) + (long) block * BLOCK;
    return new IoUringIoOps(
        READ,
        (byte) 0,
        (short) 0,
        fd,
        (long) block * BLOCK,
        address,
        BLOCK,
        0,
        (long) block,
        (short) 0,
        (short) 0,
        0,
        0L);
  }

  private static final class Disk implements IoUringIoHandle, IoLoop.TurnListener {
    final CountDownLatch done = new CountDownLatch(1);
    private final IoLoop loop;
    private int completed;
    private int wrongThread;

    Disk(IoLoop loop) {
      this.loop = loop;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      if (!loop.inLoop()) {
        wrongThread++;
      }
      if (((IoUringIoEvent) event).res() == BLOCK) {
        completed++;
      }
    }

    @Override
    public void endOfTurn() {
      if (completed == BLOCKS) {
        done.countDown();
      }
    }

    @Override
    public void close() {}
  }
}
