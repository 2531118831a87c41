package io.mora.protocol.net;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A ring for files on a loop whose sockets wait in epoll. The loop goes to it while something is
 * under way; while it sleeps, the ring's descriptor, which epoll watches, wakes it.
 *
 * <p>The loop's thread only. See docs/decisions/011-two-waits.md.
 */
final class FileRing implements EpollIoHandle {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final String RING = "anon_inode:[io_uring]";
  private static final int TRIES = 5;

  /** Netty keeps a ring's descriptor to itself: it is the one that is new when the ring is. */
  private static final Object MAKING = new Object();

  private final IoHandler ring;
  private final FileDescriptor descriptor;
  private @Nullable IoRegistration watch;
  private int underWay;
  private int delivered;
  private boolean unsubmitted;

  private FileRing(IoHandler ring, int descriptor) {
    this.ring = ring;
    this.descriptor = new FileDescriptor(descriptor);
  }

  /**
   * A new ring.
   *
   * @throws IllegalStateException if there is none to be had, with the reason
   */
  static FileRing open(LoopOptions options, ThreadAwareExecutor executor) {
    // Not deferred: a ring whose completions wait for its thread wakes nobody who polls it.
    IoHandlerFactory rings =
        IoUringIoHandler.newFactory(options.ringConfig().setSingleIssuer(false));
    try {
      for (int i = 0; i < TRIES; i++) {
        synchronized (MAKING) {
          Set<Integer> before = rings();
          IoHandler ring = rings.newHandler(executor);
          Set<Integer> made = rings();
          made.removeAll(before);
          if (made.size() == 1) {
            return new FileRing(ring, made.iterator().next());
          }
          ring.destroy(); // Somebody else made one, or ended one, at the same time.
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("a ring for files: " + e, e);
    }
    throw new IllegalStateException("a ring for files: its descriptor cannot be told from others");
  }

  private static Set<Integer> rings() throws IOException {
    Set<Integer> found = new HashSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path each : all) {
        if (isRing(each)) {
          found.add(Integer.parseInt(each.getFileName().toString()));
        }
      }
    }
    return found;
  }

  private static boolean isRing(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().equals(RING);
    } catch (IOException gone) {
      return false;
    }
  }

  /** The loop's first step: from now on the ring wakes it. */
  void start(IoHandler sockets) {
    ring.initialize();
    try {
      IoRegistration registered = sockets.register(this);
      registered.submit(EpollIoOps.EPOLLIN);
      watch = registered;
    } catch (Exception e) {
      throw new IllegalStateException("epoll does not watch a ring: " + e, e);
    }
  }

  /** Something was queued that the kernel has not been told of: the loop must not sleep. */
  boolean hasUnsubmitted() {
    return unsubmitted;
  }

  /**
   * Submits what is queued and delivers what is done.
   *
   * @param polling a context that forbids to sleep
   * @return events delivered
   */
  int run(IoHandlerContext polling) {
    if (underWay == 0) {
      return 0;
    }
    unsubmitted = false;
    delivered = 0;
    ring.run(polling);
    return delivered;
  }

  IoRegistration register(IoHandle handle) throws Exception {
    return new Counted((IoUringIoHandle) handle);
  }

  void prepareToDestroy() {
    IoRegistration watching = watch;
    if (watching != null) {
      watch = null;
      watching.cancel();
    }
    ring.prepareToDestroy();
  }

  void destroy() {
    ring.destroy();
  }

  @Override
  public FileDescriptor fd() {
    return descriptor;
  }

  @Override
  public void handle(IoRegistration registration, IoEvent event) {
    // It was to wake the loop, which goes to the ring before it sleeps again.
  }

  @Override
  public void close() {
    // The descriptor is the ring's.
  }

  /** A handle on the ring, and its registration: counts what is begun and what is done. */
  @SuppressWarnings("try") // what close throws is the handle's business
  private final class Counted implements IoUringIoHandle, IoRegistration {
    private static final long NOT_TAKEN = 0;

    private final IoUringIoHandle handle;
    private final IoRegistration registration;

    Counted(IoUringIoHandle handle) throws Exception {
      this.handle = handle;
      this.registration = ring.register(this);
    }

    /** An operation begins; it ends with one event. */
    @Override
    public long submit(IoOps operation) {
      long id = registration.submit(operation);
      if (id != NOT_TAKEN) {
        underWay++;
        unsubmitted = true;
      }
      return id;
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
      underWay--;
      delivered++;
      handle.handle(this, event);
    }

    @Override
    public void registered() {
      handle.registered();
    }

    @Override
    public void unregistered() {
      handle.unregistered();
    }

    @Override
    public void close() throws Exception {
      handle.close();
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
    public <T> T attachment() {
      return registration.attachment();
    }

    @Override
    public boolean isValid() {
      return registration.isValid();
    }

    @Override
    public boolean cancel() {
      return registration.cancel();
    }
  }
}
