package io.mora.initiator.buffer;

import java.nio.ByteBuffer;

/** A buffer taken from {@link RegisteredBuffers}; whoever took it gives it back once. */
public final class RegisteredBuffer implements AutoCloseable {
  private final RegisteredBuffers pool;
  private final int index;
  private final ByteBuffer bytes;

  // By whoever holds it; handed on with the pool's free list.
  long registration = BufferRegistrar.NOT_REGISTERED;
  boolean usedBefore;

  RegisteredBuffer(RegisteredBuffers pool, int index, ByteBuffer bytes) {
    this.pool = pool;
    this.index = index;
    this.bytes = bytes;
  }

  /** Its memory, direct and aligned to 4 KiB; position and limit are the taker's. */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** What the registrar calls it, or {@link BufferRegistrar#NOT_REGISTERED}. */
  public long registration() {
    return registration;
  }

  int index() {
    return index;
  }

  /**
   * Gives it back. No I/O may be under way in it.
   *
   * @throws IllegalStateException if it was given back already
   */
  @Override
  public void close() {
    pool.release(this);
  }
}
