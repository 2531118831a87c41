package io.mora.target.shard;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A page-aligned direct buffer on loan from a {@link BufferPool}. Its shard's thread only.
 *
 * <p>{@link #buf} is used by absolute index; a socket write takes a retained slice of it and the
 * loan ends ({@link BufferPool#give}) when that write is done.
 */
public final class IoBuffer {
  /** All of the memory; reference count held by the pool. */
  public final ByteBuf buf;

  /** Native address of byte 0, a multiple of 4096. */
  public final long address;

  public final int capacity;

  /** Size class index in the pool, and free-list link: the pool's own. */
  final int sizeClass;

  @Nullable IoBuffer next;

  IoBuffer(ByteBuf buf, long address, int sizeClass) {
    this.buf = buf;
    this.address = address;
    this.capacity = buf.capacity();
    this.sizeClass = sizeClass;
  }
}
