package io.mora.target.controller.queue;

import org.jspecify.annotations.Nullable;

/**
 * The commands of a queue pair that have no reply yet, by CID.
 *
 * <p>Open addressing with linear probing over four times as many places as commands: CIDs are
 * opaque 16-bit values, so they cannot index an array of the queue's size. It grows with the
 * commands there have been at once: most queues never see their depth.
 */
final class CidTable {
  private static final int PLACES_FIRST = 32;
  private static final int PLACES_PER_COMMAND = 4;

  private @Nullable CommandSlot[] places = new CommandSlot[PLACES_FIRST];
  private int mask = PLACES_FIRST - 1;
  private int size;

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
    if (++size * PLACES_PER_COMMAND > places.length) {
      grow();
    }
    put(slot);
  }

  private void put(CommandSlot slot) {
    int i = place(slot.cid);
    while (places[i] != null) {
      i = i + 1 & mask;
    }
    places[i] = slot;
  }

  private void grow() {
    @Nullable CommandSlot[] before = places;
    places = new CommandSlot[before.length * 2];
    mask = places.length - 1;
    for (CommandSlot slot : before) {
      if (slot != null) {
        put(slot);
      }
    }
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
    size--;
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
