package io.mora.target.backend.memory;

import io.mora.protocol.net.SendQueue;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.Lender;
import io.mora.target.backend.os.ZeroPages;
import io.mora.target.shard.Shard;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Blocks in direct memory, shared by all shards. Memory is taken in chunks where something is
 * written and returned where all of a chunk is deallocated; the rest reads as zeroes. Bounded by
 * the JVM's direct memory: beyond it a write ends with Capacity Exceeded.
 */
public final class MemoryBackend implements Backend, Lender {
  /*
   * A chunk taken out by a deallocation may still be written by a shard that had looked it up. That
   * write overlaps the deallocation in range and in time and so counts as having come before it.
   * Taken-out chunks are never used again; the collector frees them.
   */

  /** Largest capacity: bounds the table that is allocated at once. */
  public static final long SIZE_BYTES_MAX = 1L << 50;

  /** Memory is taken and returned in pieces of this size. */
  public static final int CHUNK_BYTES = Chunk.BYTES;

  private static final int LEAF_CHUNKS = 4096;
  private static final long LEAF_BYTES = (long) CHUNK_BYTES * LEAF_CHUNKS;

  private final BackendGeometry geometry;
  private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable Chunk>> leaves;
  private final AtomicLong residentBytes = new AtomicLong();

  public MemoryBackend(long sizeBytes, int blockSizeBytes) {
    if (sizeBytes > SIZE_BYTES_MAX) {
      throw new IllegalArgumentException("sizeBytes " + sizeBytes + ": at most " + SIZE_BYTES_MAX);
    }
    geometry =
        new BackendGeometry(
            sizeBytes, blockSizeBytes, false, true, false, Chunk.GRANULE_BYTES / blockSizeBytes);
    leaves = new AtomicReferenceArray<>((int) ((sizeBytes + LEAF_BYTES - 1) / LEAF_BYTES));
  }

  @Override
  public String description() {
    return "memory";
  }

  @Override
  public BackendGeometry geometry() {
    return geometry;
  }

  /** Memory held for blocks; any thread. */
  public long residentBytes() {
    return residentBytes.get();
  }

  @Override
  public BackendQueue queue(Shard shard) {
    return new MemoryQueue(this, shard);
  }

  @Override
  public void close() {
    for (int i = 0; i < leaves.length(); i++) {
      leaves.set(i, null);
    }
    residentBytes.set(0);
  }

  private @Nullable AtomicReferenceArray<@Nullable Chunk> leafAt(long offset) {
    return leaves.get((int) (offset / LEAF_BYTES));
  }

  /** Length of the hole at an offset without a chunk: a leaf's or a chunk's. */
  long holeBytes(long offset) {
    return leafAt(offset) == null ? LEAF_BYTES : CHUNK_BYTES;
  }

  private static int chunkIndex(long offset) {
    return (int) (offset % LEAF_BYTES / CHUNK_BYTES);
  }

  @Nullable Chunk chunkAt(long offset) {
    AtomicReferenceArray<@Nullable Chunk> leaf = leafAt(offset);
    return leaf == null ? null : leaf.get(chunkIndex(offset));
  }

  /** The chunk of an offset, made if need be; null when there is no memory left. */
  @Nullable Chunk madeChunkAt(long offset) {
    AtomicReferenceArray<@Nullable Chunk> leaf = leafAt(offset);
    if (leaf == null) {
      int index = (int) (offset / LEAF_BYTES);
      leaves.compareAndSet(index, null, new AtomicReferenceArray<>(LEAF_CHUNKS));
      leaf = leaves.get(index);
    }
    if (leaf == null) {
      return null;
    }
    Chunk chunk = leaf.get(chunkIndex(offset));
    if (chunk != null) {
      return chunk;
    }
    Chunk made;
    try {
      made = new Chunk();
    } catch (OutOfMemoryError e) {
      return null;
    }
    if (leaf.compareAndSet(chunkIndex(offset), null, made)) {
      residentBytes.addAndGet(CHUNK_BYTES);
      return made;
    }
    return leaf.get(chunkIndex(offset));
  }

  void dropChunkAt(long offset) {
    AtomicReferenceArray<@Nullable Chunk> leaf = leafAt(offset);
    if (leaf != null && leaf.getAndSet(chunkIndex(offset), null) != null) {
      residentBytes.addAndGet(-CHUNK_BYTES);
    }
  }

  // --- lending

  @Override
  public Lender lender() {
    return this;
  }

  @Override
  public boolean lend(
      long offsetBytes, int lengthBytes, SendQueue to, ByteBuf standIn, int standInAt) {
    int piece;
    for (int done = 0; done < lengthBytes; done += piece) {
      long offset = offsetBytes + done;
      int at = (int) (offset % CHUNK_BYTES);
      piece = Math.min(lengthBytes - done, CHUNK_BYTES - at);
      Chunk chunk = chunkAt(offset);
      if (chunk == null) {
        to.lend(Zeroes.INSTANCE, at, Zeroes.ADDRESS + at, piece, standIn, standInAt + done);
      } else if (chunk.borrow(at, piece)) {
        to.lend(chunk, at, chunk.address() + at, piece, standIn, standInAt + done);
      } else {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean copy(long offsetBytes, int lengthBytes, ByteBuf target, int targetAt) {
    int piece;
    for (int done = 0; done < lengthBytes; done += piece) {
      long offset = offsetBytes + done;
      int at = (int) (offset % CHUNK_BYTES);
      piece = Math.min(lengthBytes - done, CHUNK_BYTES - at);
      Chunk chunk = chunkAt(offset);
      if (chunk == null) {
        ZeroPages.fill(target, targetAt + done, piece);
      } else if (chunk.borrow(at, piece)) {
        chunk.copyTo(at, target, targetAt + done, piece);
        chunk.giveBack(at, piece);
      } else {
        return false;
      }
    }
    return true;
  }
}
