package io.mora.target.controller.queue;

import org.jspecify.annotations.Nullable;

/**
 * The commands of a queue pair that have no reply yet, by CID.
 *
 * <p>Open addressing with linear probing over four times as many places as commands: CIDs are
 * opaque 16-bit values, so they cannot index an array of the queue's size.
 */
final class CidTable {
  private final @Nullable CommandSlot[] places;
  private final int mask;

  CidTable(int commandsMax) {
    int size = Integer.highestOneBit(Math.max(4, commandsMax * 4 - 1)) << 1;
    places = new CommandSlot[size];
    mask = size - 1;
  }

  @Nullable CommandSlot find(int cid) {
    for (int i = place(cid); ; i = i + 1 & mask) {
      CommandSlot slot = places[i];
      if (slot == null || slot.cid == cid) {
        return slot;
      }
    }
  }

  /** Adds a command whose CID is not in the table. */
  void add(CommandSlot slot) {
    int i = place(slot.cid);
    while (places[i] != null) {
      i = i + 1 & mask;
    }
    places[i] = slot;
  }

  /** Removes a command; those behind it move up so that probing finds them. */
  void remove(CommandSlot slot) {
    int hole = place(slot.cid);
    while (places[hole] != slot) {
      if (places[hole] == null) {
        return;
      }
      hole = hole + 1 & mask;
    }
    places[hole] = null;
    for (int i = hole + 1 & mask; ; i = i + 1 & mask) {
      CommandSlot moved = places[i];
      if (moved == null) {
        return;
      }
      if ((i - place(moved.cid) & mask) >= (i - hole & mask)) {
        places[hole] = moved;
        places[i] = null;
        hole = i;
      }
    }
  }

  private int place(int cid) {
    return cid * 0x9E37 >>> 4 & mask;
  }
}
