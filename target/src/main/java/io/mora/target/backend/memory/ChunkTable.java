package io.mora.target.backend.memory;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Where the chunks are, by offset, up to {@link MemoryBackend#SIZE_BYTES_MAX} whatever the size of
 * the namespace: three levels, of which only the first is always there. Any thread.
 */
final class ChunkTable {
  /*
   * Nothing here is ever copied or moved, so that a namespace grows and shrinks without a shard that
   * enters a chunk having to know: the size is a matter of the geometry alone.
   *
   * A chunk taken out by a deallocation may still be written by a shard that had looked it up. That
   * write overlaps the deallocation in range and in time and so counts as having come before it.
   * Taken-out chunks are never used again; the collector frees them.
   */
  private static final int LEAF_CHUNKS = 4096;
  private static final long LEAF_BYTES = (long) Chunk.BYTES * LEAF_CHUNKS;
  private static final int BRANCH_LEAVES = 1024;
  private static final long BRANCH_BYTES = LEAF_BYTES * BRANCH_LEAVES;
  private static final int BRANCHES = (int) (MemoryBackend.SIZE_BYTES_MAX / BRANCH_BYTES);

  /** Chunks that are neighbours. */
  private static final class Leaf extends AtomicReferenceArray<@Nullable Chunk> {
    private static final long serialVersionUID = 1L;

    Leaf() {
      super(LEAF_CHUNKS);
    }
  }

  /** Leaves that are neighbours. */
  private static final class Branch extends AtomicReferenceArray<@Nullable Leaf> {
    private static final long serialVersionUID = 1L;

    Branch() {
      super(BRANCH_LEAVES);
    }
  }

  private final AtomicReferenceArray<@Nullable Branch> branches =
      new AtomicReferenceArray<>(BRANCHES);
  private final AtomicLong residentBytes = new AtomicLong();

  /** Memory of all chunks. */
  long residentBytes() {
    return residentBytes.get();
  }

  private @Nullable Leaf leafAt(long offset) {
    Branch branch = branches.get((int) (offset / BRANCH_BYTES));
    return branch == null ? null : branch.get(leafIndex(offset));
  }

  private static int leafIndex(long offset) {
    return (int) (offset % BRANCH_BYTES / LEAF_BYTES);
  }

  private static int chunkIndex(long offset) {
    return (int) (offset % LEAF_BYTES / Chunk.BYTES);
  }

  @Nullable Chunk chunkAt(long offset) {
    Leaf leaf = leafAt(offset);
    return leaf == null ? null : leaf.get(chunkIndex(offset));
  }

  /** Length of the hole at an offset without a chunk: a leaf's or a chunk's. */
  long holeBytes(long offset) {
    return leafAt(offset) == null ? LEAF_BYTES : Chunk.BYTES;
  }

  /** The chunk of an offset, made if need be; null when there is no memory left. */
  @Nullable Chunk madeChunkAt(long offset) {
    Leaf leaf = madeLeafAt(offset);
    if (leaf == null) {
      return null;
    }
    int index = chunkIndex(offset);
    Chunk chunk = leaf.get(index);
    if (chunk != null) {
      return chunk;
    }
    Chunk made;
    try {
      made = new Chunk();
    } catch (OutOfMemoryError e) {
      return null;
    }
    if (leaf.compareAndSet(index, null, made)) {
      residentBytes.addAndGet(Chunk.BYTES);
      return made;
    }
    return leaf.get(index);
  }

  private @Nullable Leaf madeLeafAt(long offset) {
    int at = (int) (offset / BRANCH_BYTES);
    Branch branch = branches.get(at);
    if (branch == null) {
      branches.compareAndSet(at, null, new Branch());
      branch = branches.get(at);
    }
    if (branch == null) {
      return null;
    }
    Leaf leaf = branch.get(leafIndex(offset));
    if (leaf == null) {
      branch.compareAndSet(leafIndex(offset), null, new Leaf());
      leaf = branch.get(leafIndex(offset));
    }
    return leaf;
  }

  void dropChunkAt(long offset) {
    Leaf leaf = leafAt(offset);
    if (leaf != null && leaf.getAndSet(chunkIndex(offset), null) != null) {
      residentBytes.addAndGet(-Chunk.BYTES);
    }
  }

  /** Drops all chunks that begin from one offset on and before another; a control thread. */
  void dropChunks(long fromBytes, long toBytes) {
    long offset = (fromBytes + Chunk.BYTES - 1) / Chunk.BYTES * Chunk.BYTES;
    while (offset < toBytes) {
      dropChunkAt(offset);
      long hole = holeBytes(offset);
      offset += hole - offset % hole;
    }
  }

  /** Drops everything; nothing is under way. */
  void clear() {
    for (int i = 0; i < branches.length(); i++) {
      branches.set(i, null);
    }
    residentBytes.set(0);
  }
}
