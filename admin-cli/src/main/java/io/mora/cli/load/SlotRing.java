package io.mora.cli.load;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Free slots, handed from the thread that completes I/Os to the one that starts them.
 *
 * <p>Assumes one thread that puts and one that takes. Guarantees that what was written before a put
 * is seen after its take. Neither ever waits.
 */
final class SlotRing {
  private final AtomicIntegerArray slots;
  private final AtomicLong puts = new AtomicLong();
  private final AtomicLong takes = new AtomicLong();

  SlotRing(int capacity) {
    slots = new AtomicIntegerArray(capacity);
  }

  /** Adds a slot; there are never more than the capacity. */
  void put(int slot) {
    long at = puts.get();
    slots.setPlain((int) (at % slots.length()), slot);
    puts.setRelease(at + 1);
  }

  /** The slot free for the longest time, or -1. */
  int take() {
    long at = takes.get();
    if (at == puts.getAcquire()) {
      return -1;
    }
    int slot = slots.getPlain((int) (at % slots.length()));
    takes.setRelease(at + 1);
    return slot;
  }

  int size() {
    return (int) (puts.getAcquire() - takes.getAcquire());
  }
}
