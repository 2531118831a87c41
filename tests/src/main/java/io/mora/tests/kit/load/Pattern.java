package io.mora.tests.kit.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a test writes into a block: 8-byte words that depend on the block, the write and the place,
 * so that a block that is old, torn, shifted or somebody else's is told from the right one. Stamp 0
 * stands for zeroes.
 */
public final class Pattern {
  public static final long ZEROES = 0;

  private Pattern() {}

  /** Fills blocks from the buffer's position on; indices stay. */
  public static void fill(ByteBuffer buffer, long lba, int blocks, int blockBytes, long stamp) {
    ByteBuffer words = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int at = buffer.position();
    for (int block = 0; block < blocks; block++) {
      for (int offset = 0; offset < blockBytes; offset += Long.BYTES) {
        words.putLong(at, word(lba + block, stamp, offset));
        at += Long.BYTES;
      }
    }
  }

  /** True if the block at an index of the buffer is the one that this stamp wrote to this place. */
  public static boolean matches(ByteBuffer buffer, int at, long lba, int blockBytes, long stamp) {
    ByteBuffer words = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    for (int offset = 0; offset < blockBytes; offset += Long.BYTES) {
      if (words.getLong(at + offset) != word(lba, stamp, offset)) {
        return false;
      }
    }
    return true;
  }

  /** The stamp that a whole block carries, or -1 if no single write left it so. */
  public static long stampOf(ByteBuffer buffer, int at, long lba, int blockBytes) {
    long first = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong(at);
    long stamp = first == 0 ? ZEROES : first;
    return matches(buffer, at, lba, blockBytes, stamp) ? stamp : -1;
  }

  private static long word(long lba, long stamp, int offset) {
    if (stamp == ZEROES) {
      return 0;
    }
    if (offset == 0) {
      return stamp;
    }
    long mixed = (stamp * 0x9E3779B97F4A7C15L) ^ (lba * 0xC2B2AE3D27D4EB4FL) ^ offset;
    mixed = (mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L;
    return mixed ^ (mixed >>> 32);
  }
}
