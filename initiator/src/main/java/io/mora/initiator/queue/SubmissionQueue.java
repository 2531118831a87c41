package io.mora.initiator.queue;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Bounded queue of commands on their way to a loop: many producers, one consumer.
 *
 * <p>Assumes: {@link #peek}, {@link #take} on one thread; whoever claims publishes, soon.
 * Guarantees: commands come out in the order of their claims, each once, and what was written
 * before publish is seen after peek. Progress: claim is lock-free, publish and take are wait-free;
 * a producer that stops between claim and publish holds up those behind it.
 */
final class SubmissionQueue {
  /*
   * Vyukov's bounded queue: each cell's sequence tells whose turn it is. Commands are not passed
   * by but live in the cells: the consumer takes one out against one it has no use for, so that
   * nothing is copied and nothing allocated.
   */
  private final PendingCommand[] cells;
  private final AtomicLongArray sequences;
  private final int mask;
  private final AtomicLong tail = new AtomicLong();
  private final AtomicLong head = new AtomicLong();

  /**
   * @param capacity rounded up to a power of two
   */
  SubmissionQueue(int capacity) {
    int size = Integer.highestOneBit(Math.max(2, capacity) - 1) << 1;
    cells = new PendingCommand[size];
    sequences = new AtomicLongArray(size);
    mask = size - 1;
    for (int i = 0; i < size; i++) {
      cells[i] = new PendingCommand();
      sequences.set(i, i);
    }
  }

  int capacity() {
    return cells.length;
  }

  /** Claimed and not taken yet. */
  int size() {
    return (int) Math.max(0, tail.get() - head.get());
  }

  /** The next cell's command to fill in and publish, or null if the queue is full. */
  @Nullable PendingCommand claim() {
    while (true) {
      long position = tail.get();
      int at = (int) position & mask;
      long turn = sequences.getAcquire(at) - position;
      if (turn < 0) {
        return null;
      }
      if (turn == 0 && tail.compareAndSet(position, position + 1)) {
        PendingCommand command = cells[at];
        command.ringPosition = position;
        command.direct = false;
        return command;
      }
    }
  }

  /** Hands over; a full fence follows, so that the consumer's flags read next are no older. */
  void publish(PendingCommand command) {
    long position = command.ringPosition;
    sequences.set((int) position & mask, position + 1);
  }

  /** The first command, or null; the consumer's thread. */
  @Nullable PendingCommand peek() {
    long position = head.getPlain();
    int at = (int) position & mask;
    return sequences.getAcquire(at) == position + 1 ? cells[at] : null;
  }

  /** Takes the command last peeked and leaves another in its place; the consumer's thread. */
  void take(PendingCommand instead) {
    long position = head.getPlain();
    int at = (int) position & mask;
    cells[at] = instead;
    sequences.setRelease(at, position + cells.length);
    head.lazySet(position + 1);
  }
}
