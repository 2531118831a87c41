package io.mora.initiator.buffer;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of long-lived buffers, aligned to 4 KiB, the last given back used first because it
 * is the warmest.
 *
 * <pre>{@code
 * try (RegisteredBuffers pool = RegisteredBuffers.allocate(64 << 10, 256)) {
 *   RegisteredBuffer buffer = pool.take();
 *   if (buffer != null) { // else as many are in use as there are
 *     pages.read(slba, 16, buffer.bytes()).whenComplete((c, failure) -> buffer.close());
 *   }
 * }
 * }</pre>
 *
 * <p>Assumes: a buffer is given back by one thread, once. Guarantees: nobody has a buffer that
 * somebody else has; what was written before it was given back is seen by who takes it. Progress:
 * lock-free; the registrar is called by who takes a buffer.
 */
public final class RegisteredBuffers implements AutoCloseable {
  public static final int ALIGNMENT = 4096;
  public static final int COUNT_MAX = 1 << 20;

  private static final long BYTES_MAX = 1L << 40;
  private static final int NONE = -1;
  private static final int TAKEN = -2;
  private static final long INDEX_MASK = 0xFFFF_FFFFL;

  private final RegisteredBuffer[] buffers;
  private final BufferRegistrar registrar;

  /** Index below each free buffer in the stack, NONE at its end, TAKEN for those in use. */
  private final AtomicIntegerArray below;

  /** Top of the stack of free ones in the low half; the high half counts, against ABA. */
  private final AtomicLong top = new AtomicLong();

  private final AtomicLong takes = new AtomicLong();
  private final AtomicLong returns = new AtomicLong();
  private final AtomicLong reuses = new AtomicLong();
  private final AtomicLong hits = new AtomicLong();
  private final AtomicLong registrations = new AtomicLong();
  private final AtomicLong stale = new AtomicLong();
  private final AtomicLong exhausted = new AtomicLong();
  private volatile boolean closed;

  private RegisteredBuffers(int bufferBytes, int count, BufferRegistrar registrar) {
    this.registrar = registrar;
    this.buffers = new RegisteredBuffer[count];
    this.below = new AtomicIntegerArray(count);
    int stride = (bufferBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    for (int i = 0; i < count; i++) {
      ByteBuffer memory =
          ByteBuffer.allocateDirect(stride + ALIGNMENT)
              .alignedSlice(ALIGNMENT)
              .slice(0, bufferBytes);
      buffers[i] = new RegisteredBuffer(this, i, memory);
      below.set(i, i - 1); // -1, the end, under the first
    }
    top.set(count - 1);
  }

  /**
   * A pool that registers its memory nowhere.
   *
   * @param bufferBytes of each buffer
   */
  public static RegisteredBuffers allocate(int bufferBytes, int count) {
    return allocate(bufferBytes, count, BufferRegistrar.NONE);
  }

  /** A pool whose buffers are registered when first taken, and again when that has lapsed. */
  public static RegisteredBuffers allocate(int bufferBytes, int count, BufferRegistrar registrar) {
    if (bufferBytes < 1 || bufferBytes > Integer.MAX_VALUE - 2 * ALIGNMENT) {
      throw new IllegalArgumentException(
          "bufferBytes " + bufferBytes + ": 1 to " + (Integer.MAX_VALUE - 2 * ALIGNMENT));
    }
    if (count < 1 || count > COUNT_MAX || (long) count * bufferBytes > BYTES_MAX) {
      throw new IllegalArgumentException(
          "count " + count + ": 1 to " + COUNT_MAX + ", " + BYTES_MAX + " bytes in all");
    }
    return new RegisteredBuffers(bufferBytes, count, registrar);
  }

  /** A buffer, cleared but with whatever it held; null if all are taken or the pool is closed. */
  public @Nullable RegisteredBuffer take() {
    int index = closed ? NONE : pop();
    if (index == NONE) {
      exhausted.getAndIncrement();
      return null;
    }
    RegisteredBuffer buffer = buffers[index];
    takes.getAndIncrement();
    if (buffer.usedBefore) {
      reuses.getAndIncrement();
    }
    try {
      register(buffer);
    } catch (RuntimeException | Error e) {
      release(buffer);
      throw e;
    }
    buffer.usedBefore = true;
    buffer.bytes().clear();
    return buffer;
  }

  private void register(RegisteredBuffer buffer) {
    if (buffer.registration >= 0) {
      if (registrar.isValid(buffer.registration)) {
        hits.getAndIncrement();
        return;
      }
      stale.getAndIncrement();
    }
    buffer.registration = registrar.register(buffer.bytes());
    if (buffer.registration >= 0) {
      registrations.getAndIncrement();
    }
  }

  private int pop() {
    while (true) {
      long now = top.get();
      int index = (int) now;
      if (index == NONE) {
        return NONE;
      }
      int under = below.get(index);
      // Another may have taken it meanwhile; then the count differs and this fails.
      if (top.compareAndSet(now, next(now, under))) {
        below.set(index, TAKEN);
        return index;
      }
    }
  }

  void release(RegisteredBuffer buffer) {
    int index = buffer.index();
    if (!below.compareAndSet(index, TAKEN, NONE)) {
      throw new IllegalStateException("buffer " + index + " was given back already");
    }
    returns.getAndIncrement();
    if (closed) {
      unregister(buffer);
      return; // Never to be taken again.
    }
    while (true) {
      long now = top.get();
      below.set(index, (int) now);
      if (top.compareAndSet(now, next(now, index))) {
        break;
      }
    }
    if (closed) {
      unregisterFree(); // It was closed meanwhile, and may have been before this one was there.
    }
  }

  private static long next(long now, int index) {
    return (now & ~INDEX_MASK) + (1L << 32) | index & INDEX_MASK;
  }

  public BufferSignals signals() {
    long taken = takes.get();
    long free = buffers.length - Math.max(0, taken - returns.get());
    return new BufferSignals(
        buffers.length,
        (int) Math.max(0, free),
        taken,
        reuses.get(),
        hits.get(),
        registrations.get(),
        stale.get(),
        exhausted.get());
  }

  /** No more are handed out; registrations end, of buffers in use when they are given back. */
  @Override
  public void close() {
    closed = true;
    unregisterFree();
  }

  private void unregisterFree() {
    int index = pop();
    while (index != NONE) {
      unregister(buffers[index]);
      index = pop();
    }
  }

  private void unregister(RegisteredBuffer buffer) {
    long registration = buffer.registration;
    buffer.registration = BufferRegistrar.NOT_REGISTERED;
    if (registration >= 0 && registrar.isValid(registration)) {
      registrar.unregister(registration);
    }
  }
}
