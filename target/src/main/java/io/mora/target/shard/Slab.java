package io.mora.target.shard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.Buffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One {@value #BYTES}-byte piece of page-aligned direct memory and the buddy tree over it: node 1
 * is all of it, node n splits into 2n and 2n + 1, the leaves are pages. Blocks are made when first
 * needed and kept, so that a warm pool allocates nothing.
 */
final class Slab {
  static final int PAGE = 4096;
  static final int BYTES = 2 << 20;

  private static final int NODES = 2 * BYTES / PAGE;

  private final ByteBuffer memory;
  private final long address;
  private final @Nullable IoBuffer[] blocks = new @Nullable IoBuffer[NODES];

  /** Allocates and zeroes the memory: half a millisecond or so. */
  Slab() {
    this.memory = ByteBuffer.allocateDirect(BYTES + PAGE).alignedSlice(PAGE).slice(0, BYTES);
    this.address = addressOf(memory);
  }

  /** The block of a node of the tree. */
  IoBuffer block(int node) {
    IoBuffer block = blocks[node];
    if (block == null) {
      int depth = 31 - Integer.numberOfLeadingZeros(node);
      int capacity = BYTES >>> depth;
      int offset = (node - (1 << depth)) * capacity;
      ByteBuf buf = Unpooled.wrappedBuffer(memory.slice(offset, capacity));
      block = new IoBuffer(buf, address == 0 ? 0 : address + offset, this, node);
      blocks[node] = block;
    }
    return block;
  }

  private static long addressOf(ByteBuffer memory) {
    try {
      return Buffer.memoryAddress(memory);
    } catch (LinkageError e) {
      return 0;
    }
  }
}
