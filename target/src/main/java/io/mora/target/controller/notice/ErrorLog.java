package io.mora.target.controller.notice;

import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.ReadWrite;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.metrics.IoTotals;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The last failed commands of a controller, for log page 01h. The home shard's thread, but for
 * {@link #reserve}.
 */
public final class ErrorLog {
  /** Entries kept: ELPE + 1. The oldest goes first. */
  public static final int ENTRIES_MAX = 128;

  /** Entries on their way from other shards; more are counted but not kept. */
  private static final int PENDING_MAX = 64;

  private static final int NONE = 0xFFFF;

  private final Deque<Entry> entries = new ArrayDeque<>();
  private final AtomicInteger pending = new AtomicInteger();
  private long count;
  private boolean ofMedia;
  private Runnable whenMedia = () -> {};

  /** Sets what is run when the medium has lost something. */
  public void onMediaError(Runnable action) {
    whenMedia = action;
  }

  /** The medium has lost something since the controller was made. */
  public boolean hasMediaErrors() {
    return ofMedia;
  }

  public void add(Entry entry) {
    if (entries.size() == ENTRIES_MAX) {
      entries.removeFirst();
    }
    entries.addLast(entry.numbered(++count));
    if (IoTotals.isMediaError(entry.status())) {
      ofMedia = true;
      whenMedia.run();
    }
  }

  /** Takes a place for an entry of another shard; false when too many are on their way. */
  public boolean reserve() {
    if (pending.incrementAndGet() > PENDING_MAX) {
      pending.decrementAndGet();
      return false;
    }
    return true;
  }

  public void addReserved(Entry entry) {
    pending.decrementAndGet();
    add(entry);
  }

  /** Errors since the controller was made. */
  public long count() {
    return count;
  }

  /** Newest first. */
  public List<Entry> newestFirst() {
    List<Entry> list = new ArrayList<>(entries.size());
    for (Iterator<Entry> it = entries.descendingIterator(); it.hasNext(); ) {
      list.add(it.next());
    }
    return list;
  }

  /**
   * @param number 1-based number of the error, ascending
   * @param status packed status
   * @param location byte of the SQE at fault, or -1
   */
  public record Entry(
      long number, int sqid, int cid, int opcode, int status, int location, Block block) {
    public static Entry of(int qid, CommandSlot slot) {
      int opcode = slot.opcode();
      boolean hasBlock =
          qid != 0 && opcode != NvmOpcode.FLUSH && opcode != NvmOpcode.DATASET_MANAGEMENT;
      long lba = hasBlock ? ReadWrite.slba(slot.sqe, 0) : 0;
      Block block = new Block(slot.nsid(), lba);
      return new Entry(0, qid, slot.cid, opcode, slot.status, slot.errorLocation, block);
    }

    /** An error of the controller's own doing: SQID and CID FFFFh say that no command had it. */
    public static Entry ofNoCommand(int opcode, int status, int nsid) {
      return new Entry(0, NONE, NONE, opcode, status, -1, new Block(nsid, 0));
    }

    Entry numbered(long newNumber) {
      return new Entry(newNumber, sqid, cid, opcode, status, location, block);
    }

    /** Which block of which namespace. */
    public record Block(int nsid, long lba) {}
  }
}
