package io.mora.target.controller.queue;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The command slots of a queue pair: made when first needed, then reused for ever.
 *
 * <p>There are twice as many as the queue has entries, because a host may reuse a CID as soon as it
 * has the reply, while the slot is busy until the socket has taken it. When all are busy the
 * connection is not read from: the host does not take its replies.
 */
final class SlotTable {
  private static final int GROW_MIN = 8;

  private final QueuePair queuePair;
  private final CidTable byCid;
  private final int max;
  private @Nullable CommandSlot[] byIndex = new CommandSlot[GROW_MIN];
  private int made;
  private int live;
  private @Nullable CommandSlot free;

  SlotTable(QueuePair queuePair, int depth) {
    this.queuePair = queuePair;
    this.max = 2 * depth;
    this.byCid = new CidTable();
  }

  boolean available() {
    return live < max;
  }

  /** Slots that are not free. */
  int live() {
    return live;
  }

  CommandSlot take() {
    live++;
    CommandSlot slot = free;
    if (slot != null) {
      free = slot.nextFree;
      slot.nextFree = null;
      return slot;
    }
    if (made == byIndex.length) {
      byIndex = Arrays.copyOf(byIndex, Math.min(max, made * 2));
    }
    CommandSlot fresh = new CommandSlot(queuePair, made);
    byIndex[made++] = fresh;
    return fresh;
  }

  void give(CommandSlot slot) {
    live--;
    slot.nextFree = free;
    free = slot;
  }

  /** The slot of a TTAG, or null for one never given out. */
  @Nullable CommandSlot byTag(int ttag) {
    return ttag < made ? byIndex[ttag] : null;
  }

  @Nullable CommandSlot find(int cid) {
    return byCid.find(cid);
  }

  void add(CommandSlot slot) {
    byCid.add(slot);
  }

  void remove(CommandSlot slot) {
    byCid.remove(slot);
  }

  boolean anyLive(Predicate<CommandSlot> which) {
    for (int i = 0; i < made; i++) {
      CommandSlot slot = byIndex[i];
      if (slot != null && slot.state() != SlotState.FREE && which.test(slot)) {
        return true;
      }
    }
    return false;
  }

  void forEachLive(Consumer<CommandSlot> action) {
    for (int i = 0; i < made; i++) {
      CommandSlot slot = byIndex[i];
      if (slot != null && slot.state() != SlotState.FREE) {
        action.accept(slot);
      }
    }
  }
}
