package io.mora.tests.kit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Netty's leak detection at its most thorough while open, and what it finds. Only buffers allocated
 * meanwhile are watched.
 */
public final class LeakWatch implements AutoCloseable {
  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
  private static final int COLLECTIONS = 5;

  private final Level before = ResourceLeakDetector.getLevel();

  public LeakWatch() {
    ResourceLeakDetector.setLevel(Level.PARANOID);
    ByteBufUtil.setLeakListener((type, records) -> LEAKS.add(type + records));
    collect();
    LEAKS.clear();
  }

  /**
   * Looks for buffers that nobody can release any more.
   *
   * @return what is known about each, empty if there is none
   */
  public Queue<String> leaks() {
    collect();
    return LEAKS;
  }

  /** A leak is reported when its owner was collected and another buffer is then allocated. */
  private static void collect() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      ByteBuf probe = ByteBufAllocator.DEFAULT.directBuffer(16);
      probe.release();
    }
  }

  @Override
  public void close() {
    ResourceLeakDetector.setLevel(before);
  }
}
