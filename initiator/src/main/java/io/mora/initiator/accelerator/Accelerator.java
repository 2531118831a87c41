package io.mora.initiator.accelerator;

import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.buffer.RegisteredBuffer;
import io.mora.initiator.buffer.RegisteredBuffers;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device that computes with what is read, such as a GPU: hands data on to its memory and tells
 * when it is really there.
 *
 * <pre>{@code
 * if (CudaDriver.missing() == null) {
 *   try (Accelerator gpu = Accelerator.over(CudaDriver.open(0), AcceleratorOptions.DEFAULT);
 *       DeviceMemory cache = gpu.allocate(64 << 20)) {
 *     gpu.read(pages, slba, 16, PAGE, cache, 0)
 *         .thenAccept(done -> launch(cache))
 *         .toCompletableFuture()
 *         .join(); // Before the memory is closed.
 *   }
 * }
 * }</pre>
 *
 * <p>Data goes from the socket into a staging buffer that the driver has pinned once, and from
 * there the device fetches it. {@link Completion#consumed} is told when the last byte is on the
 * device, and not when the copy was asked for: {@code consumedGap} of the association's signals is
 * the gap from storage to accelerator.
 *
 * <p>A thread of its own makes the driver's calls; stages that end with a copy end there, and must
 * not block it. Any thread may call.
 */
public final class Accelerator implements AutoCloseable {
  /** How long {@link #close} waits for copies that are under way. */
  private static final long CLOSE_MS = 10_000;

  /** And then for its thread, which was told to stop. */
  private static final long STOP_MS = 1000;

  /** Those whose driver may still be reading from their memory, which must not be collected. */
  private static final Queue<Accelerator> LEFT = new ConcurrentLinkedQueue<>();

  private static final Logger LOG = LoggerFactory.getLogger(Accelerator.class);

  private final AcceleratorDriver driver;
  private final PinnedMemory pinned;
  private final RegisteredBuffers buffers;
  private final int bufferBytes;
  private final CopyLoop copies;
  private final Thread thread;
  private final long closeMs;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Accelerator(AcceleratorDriver driver, AcceleratorOptions options, long closeMs) {
    this.driver = driver;
    this.closeMs = closeMs;
    this.pinned = new PinnedMemory(driver);
    this.bufferBytes = options.bufferBytes();
    this.buffers = RegisteredBuffers.allocate(bufferBytes, options.buffers(), pinned);
    this.copies = new CopyLoop(driver, options.copiesMax());
    this.thread = new Thread(copies, "mora-accelerator");
    thread.setDaemon(true);
  }

  /**
   * Takes a driver over, which is closed with this, or at once if this fails; pins the staging
   * buffers, which may take a while.
   */
  public static Accelerator over(AcceleratorDriver driver, AcceleratorOptions options) {
    return over(driver, options, CLOSE_MS);
  }

  static Accelerator over(AcceleratorDriver driver, AcceleratorOptions options, long closeMs) {
    Accelerator accelerator = null;
    try {
      accelerator = new Accelerator(driver, options, closeMs);
      accelerator.pinAll();
      accelerator.thread.start();
      return accelerator;
    } catch (RuntimeException | Error e) {
      letGo(accelerator, driver, e);
      throw e;
    }
  }

  private static void letGo(
      @Nullable Accelerator begun, AcceleratorDriver driver, Throwable because) {
    try {
      if (begun != null) {
        begun.buffers.close();
        begun.pinned.close();
      }
      driver.close();
    } catch (RuntimeException more) {
      because.addSuppressed(more);
    }
  }

  /** Pinning is dear: all at once and before anybody waits. */
  private void pinAll() {
    List<RegisteredBuffer> all = new ArrayList<>();
    for (RegisteredBuffer each = buffers.take(); each != null; each = buffers.take()) {
      all.add(each);
    }
    pinned.settle();
    all.forEach(RegisteredBuffer::close);
  }

  /** For people: the device. */
  public String name() {
    return driver.name();
  }

  /**
   * Memory of the device.
   *
   * @throws AcceleratorException if it has not so much
   */
  public DeviceMemory allocate(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes " + bytes + ": at least 1");
    }
    return new DeviceMemory(driver, driver.allocate(bytes), bytes);
  }

  /** A staging buffer for reads of the caller's own, to {@link #handOff}; null if all are taken. */
  public @Nullable RegisteredBuffer take() {
    return buffers.take();
  }

  /**
   * Reads blocks into a device's memory.
   *
   * <p>Fails as the read, with {@link AcceleratorException} where the device does, and with {@link
   * RejectedExecutionException} while all staging buffers are in use or too many copies wait.
   *
   * @param at byte of the memory where the data goes
   * @return the read's end, told when its data is on the device
   */
  public CompletionStage<Completion> read(
      RemoteNamespace from, long slba, int blocks, Intent intent, DeviceMemory to, long at) {
    long length = (long) blocks * from.blockBytes();
    if (blocks < 1 || length > bufferBytes) {
      throw new IllegalArgumentException(
          blocks + " blocks: 1 to " + bufferBytes / from.blockBytes() + ", a staging buffer's");
    }
    RegisteredBuffer buffer = buffers.take();
    if (buffer == null) {
      return CompletableFuture.failedFuture(
          new RejectedExecutionException("every staging buffer of the accelerator is in use"));
    }
    CompletableFuture<Completion> whole = new CompletableFuture<>();
    try {
      ByteBuffer bytes = buffer.bytes().limit((int) length);
      from.read(slba, blocks, bytes, intent)
          .thenCompose(done -> handOff(done, bytes, to, at))
          .whenComplete((done, failure) -> end(whole, buffer, done, failure));
    } catch (RuntimeException e) {
      buffer.close(); // A range outside of the namespace: a mistake of the caller.
      throw e;
    }
    return whole;
  }

  private static void end(
      CompletableFuture<Completion> whole,
      RegisteredBuffer buffer,
      @Nullable Completion done,
      @Nullable Throwable failure) {
    buffer.close();
    if (failure != null) {
      Throwable cause = failure.getCause();
      boolean wrapped = failure instanceof CompletionException && cause != null;
      whole.completeExceptionally(wrapped ? cause : failure);
    } else {
      whole.complete(done);
    }
  }

  /**
   * Hands on what a read brought, a prefetch's for instance ({@code Prefetch.claim}, which leaves
   * this to this); then marks it consumed.
   *
   * @param from direct, from position to limit; not to be touched until this ended. Of the buffers
   *     of {@link #take}, or slower
   * @param at byte of the memory where the data goes
   * @return the same completion, when the data is on the device
   */
  public CompletionStage<Completion> handOff(
      Completion done, ByteBuffer from, DeviceMemory to, long at) {
    if (!from.isDirect()) {
      throw new IllegalArgumentException("a buffer on the heap: a device fetches from direct ones");
    }
    ByteBuffer bytes = from.slice();
    to.use(at, bytes.remaining());
    CompletableFuture<Completion> there = new CompletableFuture<>();
    boolean taken =
        copies.submit(
            bytes,
            to.address() + at,
            (failure, over) -> {
              try {
                if (failure == null) {
                  done.consumed();
                  there.complete(done);
                } else {
                  there.completeExceptionally(failure);
                }
              } finally {
                if (over) { // Else the device may yet write to it: it is never given back.
                  to.used();
                }
              }
            });
    if (!taken) {
      to.used();
      there.completeExceptionally(
          new RejectedExecutionException(
              "too many copies to the accelerator wait, or it is closed"));
    }
    return there;
  }

  public AcceleratorSignals signals() {
    return new AcceleratorSignals(
        copies.copies(),
        copies.bytes(),
        copies.failed(),
        copies.refused(),
        copies.underWay(),
        copies.longestNs(),
        pinned.count(),
        buffers.signals());
  }

  /**
   * Takes nothing more, waits for copies under way for ten seconds, interrupted or not, then lets
   * go of the driver; a second call does nothing. Memory of the device is its owners' to close,
   * before.
   *
   * <p>If the driver has not ended them by then they fail, and it is left open with all that is
   * pinned, for it may be at work there; so a hung driver costs its memory, once.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    copies.end();
    boolean interrupted = join(closeMs);
    if (thread.isAlive()) {
      thread.interrupt();
      interrupted |= join(STOP_MS);
    }
    if (thread.isAlive() || copies.leftSome()) {
      LOG.error(
          "{}: copies not done in {} ms; its driver stays open, its memory pinned",
          driver.name(),
          closeMs);
      LEFT.add(this);
      pinned.leave();
      buffers.close();
      copies.failWaiting();
    } else {
      buffers.close();
      pinned.close();
      driver.close();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the thread's end for so long in any case; whether that was interrupted. */
  private boolean join(long ms) {
    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
    boolean interrupted = false;
    for (long leftNs = endNs - System.nanoTime(); thread.isAlive() && leftNs > 0; ) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, leftNs);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      leftNs = endNs - System.nanoTime();
    }
    return interrupted;
  }
}
