package io.mora.protocol.net;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A piece of memory for the headers of a turn, on loan from {@link LoopMemory}. */
public final class HeaderSlab {
  /** Ordinary length. */
  public static final int BYTES = 16 << 10;

  /** All of it, by absolute index; pieces handed on retain it. */
  public final ByteBuf buf;

  /** Native address of byte 0; 0 where nobody needs it. */
  public final long address;

  /** For the borrower: bytes used, and its other slabs of the turn. */
  public int used;

  public @Nullable HeaderSlab next;

  /** Kept by the loop; others are the allocator's. */
  final boolean own;

  HeaderSlab(ByteBuf buf, long address, boolean own) {
    this.own = own;
    this.buf = buf;
    this.address = address;
  }
}
