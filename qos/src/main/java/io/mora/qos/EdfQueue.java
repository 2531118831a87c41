package io.mora.qos;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Entries by rank, earliest deadline, class and step, then arrival: stable, O(log n) for each
 * operation, removal of any entry included.
 *
 * <p>A heap of four children over an array that doubles when it must and never shrinks; its length
 * is bounded by how many entries their owner has.
 */
final class EdfQueue {
  private static final int CHILDREN = 4;
  private static final int START_LENGTH = 16;
  private static final int TIE_SHIFT = 58;

  private ScheduledIo[] heap = new ScheduledIo[START_LENGTH];
  private int size;

  /** What decides between equal deadlines: the higher class, then STEP, then arrival. */
  static long tie(int lane, boolean stepCritical, long arrival) {
    long upward = (IoClass.CRITICAL - lane) * 2L + (stepCritical ? 0 : 1);
    return upward << TIE_SHIFT | arrival;
  }

  int size() {
    return size;
  }

  /** The one to go first, or null. */
  @Nullable ScheduledIo first() {
    return size == 0 ? null : heap[0];
  }

  void add(ScheduledIo io) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    up(io, size++);
  }

  /** Takes out an entry that is in here. */
  void remove(ScheduledIo io) {
    int hole = io.at;
    assert heap[hole] == io : "not in this queue";
    ScheduledIo last = heap[--size];
    clear(size);
    if (hole < size) {
      if (before(last, io)) {
        up(last, hole);
      } else {
        down(last, hole);
      }
    }
  }

  @SuppressWarnings("NullAway") // beyond size the array may hold anything
  private void clear(int index) {
    heap[index] = null;
  }

  private void up(ScheduledIo io, int hole) {
    int at = hole;
    while (at > 0) {
      int parent = (at - 1) / CHILDREN;
      ScheduledIo above = heap[parent];
      if (!before(io, above)) {
        break;
      }
      put(above, at);
      at = parent;
    }
    put(io, at);
  }

  private void down(ScheduledIo io, int hole) {
    int at = hole;
    while (true) {
      int child = at * CHILDREN + 1;
      if (child >= size) {
        break;
      }
      int best = child;
      int end = Math.min(child + CHILDREN, size);
      for (int i = child + 1; i < end; i++) {
        if (before(heap[i], heap[best])) {
          best = i;
        }
      }
      if (!before(heap[best], io)) {
        break;
      }
      put(heap[best], at);
      at = best;
    }
    put(io, at);
  }

  private void put(ScheduledIo io, int index) {
    heap[index] = io;
    io.at = index;
  }

  /** Whether a goes before b. Deadlines are on a clock that may wrap. */
  static boolean before(ScheduledIo a, ScheduledIo b) {
    if (a.rank != b.rank) {
      return a.rank < b.rank;
    }
    long apart = a.deadlineNs - b.deadlineNs;
    return apart != 0 ? apart < 0 : a.tie < b.tie;
  }
}
