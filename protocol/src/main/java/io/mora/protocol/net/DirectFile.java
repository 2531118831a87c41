package io.mora.protocol.net;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.unix.Buffer;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringIoOps;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A file open for direct reads (O_DIRECT) through a ring that nothing else uses, with no loop
 * around it: what the kernel and Netty's handler cost, and nothing of ours.
 *
 * <p>One thread: the one that opened it, which is who polls.
 */
public final class DirectFile implements AutoCloseable {
  /*
   * The ring opens and closes the file too, so that no other way to a descriptor is needed. Data
   * must be page-aligned: what O_DIRECT asks for is never more on the storage we know.
   */
  private static final byte OP_OPENAT = 18;
  private static final byte OP_CLOSE = 19;
  private static final byte OP_READ = 22;

  /** Where a path begins that is not absolute; what {@link #fd} is while nothing is open. */
  private static final int AT_FDCWD = -100;

  private static final int O_CLOEXEC = 0x80000;
  private static final boolean ARM =
      System.getProperty("os.arch", "").toLowerCase(Locale.ROOT).startsWith("aarch64");
  private static final int O_DIRECT = ARM ? 0x10000 : 0x4000;
  private static final int EINVAL = 22;

  /** No timeout, which would be one more entry for each wait. */
  private static final long UNTIL_DONE = 0;

  private static final long IO_ONLY = -1;

  /** A shutdown has nothing to wait for but its own cancellations. */
  private static final long CLOSE_MS = 5_000;

  private final Done done;
  private final ManualIoEventLoop loop;
  private final IoRegistration registration;
  private int fd = AT_FDCWD;
  private int answer;
  private boolean answered;

  /** Told what became of a read. */
  public interface Done {
    /**
     * A read ended.
     *
     * @param result bytes read, or a negated errno
     */
    void done(int tag, int result);
  }

  private DirectFile(int entries, Done done) {
    this.done = done;
    this.loop =
        new ManualIoEventLoop(
            Thread.currentThread(),
            IoUringIoHandler.newFactory(
                new IoUringIoHandlerConfig().setRingSize(entries).setCqSize(2 * entries)));
    this.registration = loop.register(new Reads()).getNow();
  }

  /**
   * Opens a file for the calling thread, which reads and polls it.
   *
   * @param entries reads under way at once at most, a power of two
   * @throws IOException if there is no io_uring here, or the file cannot be opened so; with the
   *     reason
   */
  public static DirectFile open(Path path, int entries, Done done) throws IOException {
    if (!IoUring.isAvailable()) {
      throw new IOException("no io_uring here: " + TransportKind.IO_URING.unavailableReason());
    }
    DirectFile file = new DirectFile(entries, done);
    try {
      file.open(path);
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void open(Path path) throws IOException {
    byte[] name = path.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer ended = ByteBuffer.allocateDirect(name.length + 1).put(0, name);
    int result;
    try {
      result = await(OP_OPENAT, Buffer.memoryAddress(ended), O_DIRECT | O_CLOEXEC);
    } finally {
      Reference.reachabilityFence(ended);
    }
    if (result < 0) {
      throw new IOException(
          result == -EINVAL
              ? path + ": its file system refuses O_DIRECT"
              : path + ": cannot be opened with O_DIRECT, errno " + -result);
    }
    fd = result;
  }

  /** Submits an operation of a path or descriptor and waits for it. */
  private int await(byte opcode, long address, int flags) {
    answered = false;
    submit(opcode, 0, address, 0, flags, Reads.OTHER);
    while (!answered) {
      await();
    }
    return answer;
  }

  /**
   * Queues a read, which a poll submits.
   *
   * @param offset a multiple of what the storage asks for
   * @param address of page-aligned memory
   * @param tag 0 to 32766, for {@link Done}
   */
  public void read(long offset, long address, int lengthBytes, int tag) {
    submit(OP_READ, offset, address, lengthBytes, 0, (short) tag);
  }

  private void submit(byte opcode, long offset, long address, int length, int flags, short tag) {
    registration.submit(
        new IoUringIoOps(
            opcode,
            (byte) 0,
            (short) 0,
            fd,
            offset,
            address,
            length,
            flags,
            (long) tag,
            (short) 0,
            (short) 0,
            0,
            0L));
  }

  /** Submits what is queued and tells what is done, without waiting. */
  public void poll() {
    loop.runNow(IO_ONLY);
  }

  /** Likewise, but sleeps until something is done; a read is under way. */
  public void await() {
    loop.run(UNTIL_DONE, IO_ONLY);
  }

  /** Closes the file; no read is under way. */
  @Override
  public void close() {
    if (fd != AT_FDCWD) {
      await(OP_CLOSE, 0, 0);
      fd = AT_FDCWD;
    }
    registration.cancel();
    loop.shutdownGracefully(0, CLOSE_MS, TimeUnit.MILLISECONDS);
    while (!loop.isTerminated()) {
      loop.run(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private final class Reads implements IoUringIoHandle {
    static final short OTHER = Short.MAX_VALUE;

    @Override
    public void handle(IoRegistration from, IoEvent event) {
      IoUringIoEvent completion = (IoUringIoEvent) event;
      int tag = (int) completion.userData();
      if (tag == OTHER) {
        answer = completion.res();
        answered = true;
      } else {
        done.done(tag, completion.res());
      }
    }

    @Override
    public void close() {
      // The file is the ring's.
    }
  }
}
