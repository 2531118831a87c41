package io.mora.cli.workload;

import io.mora.cli.load.Dice;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where pages are read to: memory that is used round and round, larger than caches are. What is
 * under way for long may share its place with a later page, since nobody looks at the data. Any
 * thread.
 */
final class PageBuffers {
  private static final int ALIGNMENT = 4096;

  private final ByteBuffer all;
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param bytes at least those of the largest page
   */
  PageBuffers(int bytes, long seed) {
    all = ByteBuffer.allocateDirect(bytes);
    Dice dice = new Dice(seed);
    for (int at = 0; at + Long.BYTES <= bytes; at += Long.BYTES) {
      all.putLong(at, dice.next()); // data that nothing on the way can compress
    }
  }

  /** A place for a page. */
  ByteBuffer next(int bytes) {
    int length = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    long from = taken.getAndAdd(length);
    int places = Math.max(1, all.capacity() - bytes + 1);
    int at = (int) (from % places) / ALIGNMENT * ALIGNMENT;
    return all.slice(at, bytes);
  }
}
