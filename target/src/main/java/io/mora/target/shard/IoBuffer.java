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

  /**
   * Native address of byte 0, a multiple of 4096; 0 where the JDK tells no addresses and no native
   * transport is loaded, which is where nothing needs one.
   */
  public final long address;

  public final int capacity;

  /** Where this block is in the pool's memory: the pool's own, as is all below. */
  final Slab slab;

  final int node;

  /** FREE, LENT, STOCKED or MERGED: part of a larger block or split into smaller ones. */
  State state = State.MERGED;

  /** On loan by {@link BufferPool#takeFirst}. */
  boolean first;

  @Nullable IoBuffer next;
  @Nullable IoBuffer previous;

  IoBuffer(ByteBuf buf, long address, Slab slab, int node) {
    this.buf = buf;
    this.address = address;
    this.capacity = buf.capacity();
    this.slab = slab;
    this.node = node;
  }

  enum State {
    FREE,
    LENT,
    STOCKED,
    MERGED
  }
}
