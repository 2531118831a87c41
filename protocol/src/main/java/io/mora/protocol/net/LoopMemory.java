package io.mora.protocol.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Memory that a loop's connections share because each needs it for less than a turn: slabs for
 * headers, buffers to receive into, the list of pieces of a gathering write. The loop's thread
 * only.
 *
 * <p>So an idle connection holds none of it, and what is used is still in the cache.
 */
public final class LoopMemory {
  /** Most pieces in one system call (IOV_MAX). */
  static final int PIECES_MAX = 1024;

  private static final int PIECE_BYTES = 2 * Long.BYTES;

  /** Slabs of the loop's own, 4 MiB; what a turn needs beyond them comes of the allocator. */
  private static final int SLABS_KEPT = 256;

  /** Slabs with a socket that are looked at, when one is needed, for having come back. */
  private static final int AWAITED_LOOKS = 4;

  private static final int RECEIVE_SHIFT_MIN = 11;
  private static final int RECEIVE_SHIFT_MAX = 20;

  private final boolean direct;

  /** Receiving is over when the call returns. */
  private final boolean synchronous;

  private final ByteBuffer vectors;
  private final long vectorsAddress;
  private final ArrayDeque<HeaderSlab> slabs = new ArrayDeque<>();
  private final ArrayDeque<HeaderSlab> awaited = new ArrayDeque<>();
  private int made;
  private final @Nullable ByteBuf[] receive = new @Nullable ByteBuf[RECEIVE_SHIFT_MAX + 1];

  LoopMemory(TransportKind transport) {
    this.direct = transport == TransportKind.EPOLL;
    this.synchronous = transport != TransportKind.IO_URING;
    this.vectors =
        ByteBuffer.allocateDirect(direct ? PIECES_MAX * PIECE_BYTES : 0)
            .order(ByteOrder.nativeOrder());
    this.vectorsAddress = direct ? Buffer.memoryAddress(vectors) : 0;
  }

  /** Whether writes and reads are done when the call returns, on memory known by its address. */
  boolean isDirect() {
    return direct;
  }

  /** Whether receiving is over when the call returns, so that any memory may be received into. */
  boolean isSynchronous() {
    return synchronous;
  }

  // --- headers

  /** A slab for the headers of a turn; all of it is the caller's until {@link #give}. */
  public HeaderSlab slab(ByteBufAllocator alloc) {
    return slab(alloc, HeaderSlab.BYTES);
  }

  /** Likewise, with room for at least so many bytes. */
  public HeaderSlab slab(ByteBufAllocator alloc, int leastBytes) {
    if (leastBytes > HeaderSlab.BYTES) {
      return new HeaderSlab(alloc.directBuffer(leastBytes), 0, false);
    }
    HeaderSlab slab = slabs.pollLast();
    if (slab == null) {
      slab = comeBack();
    }
    if (slab == null) {
      slab = direct && made < SLABS_KEPT ? own() : borrowed(alloc);
    }
    slab.used = 0;
    slab.next = null;
    return slab;
  }

  /** One that a socket has let go of; those before it go behind, so that none hides the others. */
  private @Nullable HeaderSlab comeBack() {
    for (int looks = Math.min(AWAITED_LOOKS, awaited.size()); looks > 0; looks--) {
      HeaderSlab slab = awaited.removeFirst();
      if (slab.buf.refCnt() == 1) {
        return slab;
      }
      awaited.addLast(slab);
    }
    return null;
  }

  private HeaderSlab own() {
    made++;
    ByteBuffer memory = ByteBuffer.allocateDirect(HeaderSlab.BYTES);
    return new HeaderSlab(Unpooled.wrappedBuffer(memory), Buffer.memoryAddress(memory), true);
  }

  private HeaderSlab borrowed(ByteBufAllocator alloc) {
    ByteBuf buf = alloc.directBuffer(HeaderSlab.BYTES, HeaderSlab.BYTES);
    long address = 0;
    if (direct) {
      address =
          buf.hasMemoryAddress()
              ? buf.memoryAddress()
              : Buffer.memoryAddress(buf.nioBuffer(0, HeaderSlab.BYTES));
    }
    return new HeaderSlab(buf, address, false);
  }

  /** Takes a slab back; pieces of it may still be with a socket. */
  public void give(HeaderSlab slab) {
    slab.next = null;
    if (!slab.own) {
      slab.buf.release();
    } else if (slab.buf.refCnt() == 1) {
      slabs.addLast(slab);
    } else {
      awaited.addLast(slab);
    }
  }

  // --- receiving

  /** A buffer of at least so many bytes to receive into, retained; null if it is in use. */
  @Nullable ByteBuf receive(int bytes) {
    int shift = Math.max(RECEIVE_SHIFT_MIN, 32 - Integer.numberOfLeadingZeros(bytes - 1));
    if (!synchronous || shift > RECEIVE_SHIFT_MAX) {
      return null;
    }
    ByteBuf known = receive[shift];
    if (known == null) {
      try {
        known = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(1 << shift));
      } catch (OutOfMemoryError e) {
        return null; // The allocator may still have some.
      }
      receive[shift] = known;
    }
    return known.refCnt() == 1 ? known.retain().clear() : null;
  }

  // --- gathering writes

  long vectorsAddress() {
    return vectorsAddress;
  }

  void vector(int index, long address, int lengthBytes) {
    int at = index * PIECE_BYTES;
    vectors.putLong(at, address);
    vectors.putLong(at + Long.BYTES, lengthBytes);
  }
}
