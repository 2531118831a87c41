package io.mora.target.backend.os;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Zeroes shared by everybody: never written, page-aligned, off the heap. Any thread, by absolute
 * index only.
 */
public final class ZeroPages {
  /** Length of the zeroes, and so the largest piece in which zeroes are written. */
  public static final int LENGTH_BYTES = 1 << 20;

  private static final int PAGE_BYTES = 4096;

  private static final ByteBuffer ZEROES =
      ByteBuffer.allocateDirect(LENGTH_BYTES + PAGE_BYTES)
          .alignedSlice(PAGE_BYTES)
          .slice(0, LENGTH_BYTES)
          .asReadOnlyBuffer();

  private ZeroPages() {}

  /** The zeroes, position 0, limit {@link #LENGTH_BYTES}; duplicate before moving indices. */
  public static ByteBuffer buffer() {
    return ZEROES;
  }

  /** Native address of the zeroes; needs {@link LibC#available}. */
  public static long address() {
    return Address.VALUE;
  }

  /** Zeroes part of a buffer, by absolute index. */
  public static void fill(ByteBuf target, int at, int lengthBytes) {
    ByteBuffer bytes = target.internalNioBuffer(at, lengthBytes);
    int base = bytes.position();
    for (int done = 0; done < lengthBytes; done += LENGTH_BYTES) {
      bytes.put(base + done, ZEROES, 0, Math.min(LENGTH_BYTES, lengthBytes - done));
    }
  }

  private static final class Address {
    static final long VALUE = LibC.address(ZEROES);
  }
}
