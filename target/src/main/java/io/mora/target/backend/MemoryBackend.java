package io.mora.target.backend;

import io.mora.protocol.status.Status;
import io.mora.target.backend.os.ZeroPages;
import io.mora.target.shard.Shard;
import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Blocks in direct memory, shared by all shards. Memory is taken in chunks where something is
 * written and returned where all of a chunk is deallocated; the rest reads as zeroes. Bounded by
 * the JVM's direct memory: beyond it a write ends with Capacity Exceeded.
 */
public final class MemoryBackend implements Backend {
  /*
   * Atomicity. Memory is divided into granules of 4096 bytes, each with a version: odd while a
   * writer copies in. A reader copies out and keeps the copy only if the version was even and the
   * same before and after (a sequence lock, as in StampedLock).
   *
   * Assumes: copies go through the buffers' bulk operations, on the shards' threads.
   * Guarantees: a reader sees each granule, hence each block, as one write left it; two writers of
   * one granule leave one's bytes whole. More than a granule is not one unit (AWUN and AWUPF are
   * one block).
   * Progress: nobody spins on another thread. Who meets an odd version puts the request off to the
   * next turn of its own loop.
   *
   * A chunk taken out by a deallocation may still be written by a shard that had looked it up. That
   * write overlaps the deallocation in range and in time and so counts as having come before it.
   * Taken-out chunks are never used again; the collector frees them.
   */

  /** Largest capacity: bounds the table that is allocated at once. */
  public static final long SIZE_BYTES_MAX = 1L << 50;

  static final int CHUNK_BYTES = 256 << 10;
  static final int GRANULE_BYTES = 4096;
  private static final int LEAF_CHUNKS = 4096;
  private static final long LEAF_BYTES = (long) CHUNK_BYTES * LEAF_CHUNKS;

  /** Granules, chunks or leaves a request may touch before the loop gets its turn. */
  private static final int STEPS_PER_TURN = 4096;

  /** Copies a reader makes in a turn before it lets a busy writer be. */
  private static final int READ_TRIES = 4;

  private static final VarHandle VERSION = MethodHandles.arrayElementVarHandle(int[].class);

  private final BackendGeometry geometry;
  private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable Chunk>> leaves;
  private final AtomicLong residentBytes = new AtomicLong();

  public MemoryBackend(long sizeBytes, int blockSizeBytes) {
    if (sizeBytes > SIZE_BYTES_MAX) {
      throw new IllegalArgumentException("sizeBytes " + sizeBytes + ": at most " + SIZE_BYTES_MAX);
    }
    geometry =
        new BackendGeometry(
            sizeBytes, blockSizeBytes, false, true, false, GRANULE_BYTES / blockSizeBytes);
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
    return new Queue(shard);
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

  private static int chunkIndex(long offset) {
    return (int) (offset % LEAF_BYTES / CHUNK_BYTES);
  }

  private @Nullable Chunk chunkAt(long offset) {
    AtomicReferenceArray<@Nullable Chunk> leaf = leafAt(offset);
    return leaf == null ? null : leaf.get(chunkIndex(offset));
  }

  /** The chunk of an offset, made if need be; null when there is no memory left. */
  private @Nullable Chunk madeChunkAt(long offset) {
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

  private void dropChunkAt(long offset) {
    AtomicReferenceArray<@Nullable Chunk> leaf = leafAt(offset);
    if (leaf != null && leaf.getAndSet(chunkIndex(offset), null) != null) {
      residentBytes.addAndGet(-CHUNK_BYTES);
    }
  }

  /** Memory of one chunk, with a version for each granule. */
  private static final class Chunk {
    private final ByteBuffer memory = ByteBuffer.allocateDirect(CHUNK_BYTES);
    private final int[] versions = new int[CHUNK_BYTES / GRANULE_BYTES];

    /** Copies into one granule; false when another writer is at it. */
    boolean write(int at, ByteBuffer source, int sourceAt, int lengthBytes) {
      int granule = at / GRANULE_BYTES;
      int version = (int) VERSION.getVolatile(versions, granule);
      if ((version & 1) != 0 || !VERSION.compareAndSet(versions, granule, version, version + 1)) {
        return false;
      }
      VarHandle.storeStoreFence();
      memory.put(at, source, sourceAt, lengthBytes);
      VERSION.setRelease(versions, granule, version + 2);
      return true;
    }

    /** Copies out of one granule; false when a writer was at it each time. */
    boolean read(int at, ByteBuffer target, int targetAt, int lengthBytes) {
      int granule = at / GRANULE_BYTES;
      for (int i = 0; i < READ_TRIES; i++) {
        int version = (int) VERSION.getAcquire(versions, granule);
        if ((version & 1) == 0) {
          target.put(targetAt, memory, at, lengthBytes);
          VarHandle.loadLoadFence();
          if (version == (int) VERSION.getOpaque(versions, granule)) {
            return true;
          }
        }
      }
      return false;
    }
  }

  private final class Queue implements BackendQueue {
    private final Shard shard;
    private final IoRequest.Fifo putOff = new IoRequest.Fifo();
    private final Runnable resume = this::resume;
    private boolean resuming;

    Queue(Shard shard) {
      this.shard = shard;
    }

    @Override
    public void submit(IoRequest request) {
      int refusal = geometry.refusal(request);
      if (refusal != Status.SUCCESS) {
        request.complete(refusal);
        return;
      }
      request.backendProgress = 0;
      advance(request);
    }

    private void resume() {
      resuming = false;
      for (int n = putOff.size(); n > 0; n--) {
        IoRequest request = putOff.poll();
        if (request != null) {
          advance(request);
        }
      }
    }

    private void advance(IoRequest request) {
      boolean done =
          switch (request.op) {
            case IoRequest.READ -> read(request);
            case IoRequest.WRITE -> write(request);
            case IoRequest.FLUSH -> true;
            default -> zero(request);
          };
      if (done) {
        boolean full = request.backendProgress < 0;
        request.complete(full ? Status.CAPACITY_EXCEEDED | Status.DNR : Status.SUCCESS);
        return;
      }
      putOff.add(request);
      if (!resuming) {
        resuming = true;
        shard.execute(resume);
      }
    }

    /** True when all is read, false to be put off. */
    private boolean read(IoRequest request) {
      ByteBuf data = Objects.requireNonNull(request.data);
      int length = (int) request.lengthBytes;
      ByteBuffer target = data.internalNioBuffer(request.dataAt, length);
      int base = target.position();
      int done = (int) request.backendProgress;
      for (int steps = 0; done < length; steps++) {
        long offset = request.offsetBytes + done;
        int at = (int) (offset % CHUNK_BYTES);
        Chunk chunk = chunkAt(offset);
        int piece = Math.min(length - done, (chunk == null ? CHUNK_BYTES : granuleEnd(at)) - at);
        if (chunk == null) {
          target.put(base + done, ZeroPages.buffer(), 0, piece);
        } else if (steps >= STEPS_PER_TURN || !chunk.read(at, target, base + done, piece)) {
          request.backendProgress = done;
          return false;
        }
        done += piece;
      }
      return true;
    }

    /** True when all is written, or progress says -1 for no memory; false to be put off. */
    private boolean write(IoRequest request) {
      ByteBuf data = Objects.requireNonNull(request.data);
      int length = (int) request.lengthBytes;
      ByteBuffer source = data.internalNioBuffer(request.dataAt, length);
      int base = source.position();
      int done = (int) request.backendProgress;
      for (int steps = 0; done < length; steps++) {
        long offset = request.offsetBytes + done;
        int at = (int) (offset % CHUNK_BYTES);
        int piece = Math.min(length - done, granuleEnd(at) - at);
        Chunk chunk = madeChunkAt(offset);
        if (chunk == null) {
          request.backendProgress = -1;
          return true;
        }
        if (steps >= STEPS_PER_TURN || !chunk.write(at, source, base + done, piece)) {
          request.backendProgress = done;
          return false;
        }
        done += piece;
      }
      return true;
    }

    /** Zeroes without holding memory for it: whole chunks go, parts are overwritten. */
    private boolean zero(IoRequest request) {
      long length = request.lengthBytes;
      long done = request.backendProgress;
      for (int steps = 0; done < length; steps++) {
        long offset = request.offsetBytes + done;
        long left = length - done;
        int at = (int) (offset % CHUNK_BYTES);
        Chunk chunk = chunkAt(offset);
        long piece;
        if (chunk == null) {
          long hole = leafAt(offset) == null ? LEAF_BYTES : CHUNK_BYTES;
          piece = Math.min(left, hole - offset % hole);
        } else if (at == 0 && left >= CHUNK_BYTES) {
          piece = CHUNK_BYTES;
          dropChunkAt(offset);
        } else {
          piece = Math.min(left, granuleEnd(at) - at);
          if (!chunk.write(at, ZeroPages.buffer(), 0, (int) piece)) {
            request.backendProgress = done;
            return false;
          }
        }
        done += piece;
        if (steps >= STEPS_PER_TURN && done < length) {
          request.backendProgress = done;
          return false;
        }
      }
      return true;
    }

    @Override
    public int inFlight() {
      return putOff.size();
    }

    @Override
    public void close() {}
  }

  private static int granuleEnd(int at) {
    return (at & -GRANULE_BYTES) + GRANULE_BYTES;
  }
}
