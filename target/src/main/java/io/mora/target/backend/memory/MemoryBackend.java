package io.mora.target.backend.memory;

import io.mora.protocol.net.SendQueue;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.BackendOptions.Problem;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.Lender;
import io.mora.target.backend.LiveSize;
import io.mora.target.backend.os.ZeroPages;
import io.mora.target.shard.Shard;
import io.netty.buffer.ByteBuf;
import java.io.IOException;

/**
 * Blocks in direct memory, shared by all shards. Memory is taken in chunks where something is
 * written and returned where all of a chunk is deallocated; the rest reads as zeroes. Bounded by
 * the JVM's direct memory: beyond it a write ends with Capacity Exceeded.
 */
public final class MemoryBackend implements Backend, Lender {
  /** Largest capacity: bounds the table of chunks. */
  public static final long SIZE_BYTES_MAX = 1L << 50;

  /** Memory is taken and returned in pieces of this size. */
  public static final int CHUNK_BYTES = Chunk.BYTES;

  private final LiveSize size;
  private final ChunkTable chunks = new ChunkTable();

  public MemoryBackend(long sizeBytes, int blockSizeBytes) {
    if (sizeBytes > SIZE_BYTES_MAX) {
      throw new IllegalArgumentException("sizeBytes " + sizeBytes + ": at most " + SIZE_BYTES_MAX);
    }
    int optimalBlocks = Chunk.GRANULE_BYTES / blockSizeBytes;
    size =
        new LiveSize(
            new BackendGeometry(sizeBytes, blockSizeBytes, false, true, false, optimalBlocks));
  }

  @Override
  public String description() {
    return "memory";
  }

  @Override
  public BackendGeometry geometry() {
    return size.geometry();
  }

  @Override
  public BackendGeometry resize(long sizeBytes) throws IOException {
    if (sizeBytes > SIZE_BYTES_MAX) {
      throw new Problem("sizeBytes", sizeBytes, "at most " + SIZE_BYTES_MAX);
    }
    long before = geometry().sizeBytes();
    return size.resize(sizeBytes, newBytes -> cut(newBytes, before));
  }

  /** Forgets what lies from one offset on and before another; nobody is there any more. */
  private void cut(long fromBytes, long toBytes) {
    chunks.dropChunks(fromBytes, toBytes);
    Chunk last = chunks.chunkAt(fromBytes);
    int at = (int) (fromBytes % CHUNK_BYTES);
    while (last != null && at > 0 && at < CHUNK_BYTES) {
      int piece = Chunk.granuleEnd(at) - at;
      if (last.write(at, ZeroPages.buffer(), 0, piece)) {
        at += piece;
      } else {
        // On loan to a socket until its flush, or a block before the end is being written.
        Thread.onSpinWait();
      }
    }
  }

  /** Memory held for blocks; any thread. */
  public long residentBytes() {
    return chunks.residentBytes();
  }

  @Override
  public BackendQueue queue(Shard shard) {
    MemoryQueue queue = new MemoryQueue(size, chunks, this, shard);
    size.opened(shard, queue);
    return queue;
  }

  @Override
  public void close() {
    chunks.clear();
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
      Chunk chunk = chunks.chunkAt(offset);
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
      Chunk chunk = chunks.chunkAt(offset);
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
