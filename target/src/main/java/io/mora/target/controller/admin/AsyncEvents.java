package io.mora.target.controller.admin;

import io.mora.protocol.command.Sqe;
import io.mora.protocol.status.Status;
import io.mora.target.controller.queue.CommandSlot;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Asynchronous events of a controller: requests that wait for an event, events that wait for a
 * request. What was reported stays masked until its log page is read: a notice by itself, of other
 * types the whole type. The home shard only.
 */
public final class AsyncEvents {
  /** Requests a host may leave outstanding: AERL + 1. */
  public static final int REQUESTS_MAX = 4;

  /** Event types, bits 2:0 of DW0. */
  static final int HEALTH = 1;

  public static final int NOTICE = 2;

  static final int IO_COMMAND_SPECIFIC = 6;

  private static final int TYPE_MASK = 0x07;

  /** Type and information: an event of the same says nothing new. */
  private static final int KIND_MASK = 0xFF07;

  /** Kinds of event that wait; there are fewer. A new one beyond is lost. */
  private static final int KINDS_MAX = 16;

  private final ArrayDeque<CommandSlot> requests = new ArrayDeque<>(REQUESTS_MAX);
  private final ArrayDeque<Integer> waiting = new ArrayDeque<>(KINDS_MAX);

  /** As they were told. */
  private final ArrayDeque<Integer> masked = new ArrayDeque<>(KINDS_MAX);

  void request(CommandSlot slot) {
    if (requests.size() == REQUESTS_MAX) {
      slot.fail(Status.ASYNC_EVENT_LIMIT_EXCEEDED | Status.DNR, Sqe.OPC);
      slot.queuePair.finish(slot);
      return;
    }
    requests.add(slot);
    report();
  }

  /** Raises an event: bits 2:0 type, 15:8 information, 23:16 log page to read. */
  public void raise(int dw0) {
    waiting.removeIf(each -> (each & KIND_MASK) == (dw0 & KIND_MASK));
    if (waiting.size() < KINDS_MAX) {
      waiting.add(dw0);
    }
    report();
  }

  /** The log page of an event was read without RAE: its like may be reported again. */
  void acknowledge(int lid) {
    masked.removeIf(told -> (told >>> 16 & 0xFF) == lid);
    report();
  }

  private boolean isMasked(int dw0) {
    int of = (dw0 & TYPE_MASK) == NOTICE ? KIND_MASK : TYPE_MASK;
    for (int told : masked) {
      if ((told & of) == (dw0 & of)) {
        return true;
      }
    }
    return false;
  }

  private void report() {
    for (Iterator<Integer> it = waiting.iterator(); it.hasNext() && !requests.isEmpty(); ) {
      int dw0 = it.next();
      if (!isMasked(dw0)) {
        it.remove();
        masked.add(dw0);
        CommandSlot slot = requests.remove();
        slot.result = dw0;
        slot.queuePair.finish(slot);
      }
    }
  }

  /** Ends a waiting request by Abort; false if there is none of that CID. */
  boolean abort(int cid) {
    for (Iterator<CommandSlot> it = requests.iterator(); it.hasNext(); ) {
      CommandSlot slot = it.next();
      if (slot.cid == cid) {
        it.remove();
        slot.status = Status.ABORT_REQUESTED;
        slot.queuePair.finish(slot);
        return true;
      }
    }
    return false;
  }

  /** Controller reset: requests go without a reply, events are forgotten. */
  void reset() {
    while (!requests.isEmpty()) {
      CommandSlot slot = requests.remove();
      slot.queuePair.discard(slot);
    }
    waiting.clear();
    masked.clear();
  }
}
