package io.mora.initiator.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A queue's commands by identifier; on its loop's thread, but for {@link #inUse}.
 *
 * <p>Identifiers are 0 to size - 1. The highest are reserved: they are never handed out, so that
 * Connect, Keep Alive and events never wait behind anybody.
 */
final class CommandTable {
  /*
   * Identifiers are handed out oldest first: one that was just free again rests longest, and an
   * answer that comes twice meets nobody.
   */
  private final PendingCommand[] slots;
  private final int[] free;
  private int freeAt;
  private int freeCount;
  private final AtomicInteger inUse = new AtomicInteger();

  CommandTable(int size, int reserved) {
    slots = new PendingCommand[size];
    free = new int[size - reserved];
    for (int i = 0; i < size; i++) {
      slots[i] = new PendingCommand();
      slots[i].cid = i;
    }
    for (int i = 0; i < free.length; i++) {
      free[i] = i;
    }
    freeCount = free.length;
  }

  int size() {
    return slots.length;
  }

  /** Of the identifiers not reserved, from any thread. */
  int inUse() {
    return inUse.get();
  }

  boolean hasFree() {
    return freeCount > 0;
  }

  PendingCommand at(int cid) {
    return slots[cid];
  }

  /** The command reserved as number 0, 1, ... from the top. */
  PendingCommand reserved(int number) {
    return slots[slots.length - 1 - number];
  }

  /** The command that was sent with this identifier and not answered, or null. */
  @Nullable PendingCommand sent(int cid) {
    if (cid >= slots.length) {
      return null;
    }
    PendingCommand command = slots[cid];
    return command.state == PendingCommand.SENT ? command : null;
  }

  /** Gives an identifier to a command; returns the one that had it before. One must be free. */
  PendingCommand put(PendingCommand command) {
    int cid = next();
    PendingCommand before = slots[cid];
    slots[cid] = command;
    command.cid = cid;
    return before;
  }

  /** A command with a free identifier, or null. */
  @Nullable PendingCommand take() {
    return freeCount == 0 ? null : slots[next()];
  }

  private int next() {
    int cid = free[freeAt];
    freeAt = freeAt + 1 == free.length ? 0 : freeAt + 1;
    freeCount--;
    inUse.lazySet(free.length - freeCount);
    return cid;
  }

  /** The command ended. */
  void release(PendingCommand command) {
    command.state = PendingCommand.IDLE;
    if (command.cid < free.length) {
      int at = freeAt + freeCount;
      free[at >= free.length ? at - free.length : at] = command.cid;
      freeCount++;
      inUse.lazySet(free.length - freeCount);
    }
  }

  /** The commands that wait for another connection, in the order they were first sent. */
  PendingCommand[] held() {
    List<PendingCommand> held = new ArrayList<>();
    for (PendingCommand command : slots) {
      if (command.state == PendingCommand.HELD) {
        held.add(command);
      }
    }
    held.sort(Comparator.comparingLong(command -> command.order));
    return held.toArray(new PendingCommand[0]);
  }

  /** Marks every late command that was sent; returns one of them, or null. */
  @Nullable PendingCommand markLate(long nowNs) {
    PendingCommand late = null;
    for (PendingCommand command : slots) {
      boolean open =
          command.state == PendingCommand.SENT || command.state == PendingCommand.DRAINING;
      if (open && command.deadlineNs - nowNs <= 0) {
        command.timedOut = true;
        late = command;
      }
    }
    return late;
  }
}
