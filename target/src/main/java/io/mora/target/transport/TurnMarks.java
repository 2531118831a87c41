package io.mora.target.transport;

import java.util.Arrays;

/** How many slots and bytes each flushed turn holds, oldest first; a growing ring of pairs. */
final class TurnMarks {
  private long[] ring = new long[16];
  private int head;
  private int size;

  void add(int slots, long bytes) {
    if (size * 2 == ring.length) {
      grow();
    }
    int at = (head + size) * 2 % ring.length;
    ring[at] = slots;
    ring[at + 1] = bytes;
    size++;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Bytes of the oldest turn. */
  long bytes() {
    return ring[head * 2 + 1];
  }

  /** Forgets the oldest turn and returns its slots. */
  int remove() {
    int slots = (int) ring[head * 2];
    head = (head + 1) % (ring.length / 2);
    size--;
    return slots;
  }

  private void grow() {
    long[] larger = Arrays.copyOf(ring, ring.length * 2);
    for (int i = 0; i < size; i++) {
      int from = (head + i) * 2 % ring.length;
      larger[i * 2] = ring[from];
      larger[i * 2 + 1] = ring[from + 1];
    }
    ring = larger;
    head = 0;
  }
}
