package io.mora.target.controller.admin;

import io.mora.protocol.command.Sqe;
import io.mora.protocol.status.Status;
import io.mora.target.controller.queue.CommandSlot;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;

/**
 * Asynchronous events of a controller: requests that wait for an event, events that wait for a
 * request. An event type that was reported stays masked until its log page is read.
 */
public final class AsyncEvents {
  /** Requests a host may leave outstanding: AERL + 1. */
  public static final int REQUESTS_MAX = 4;

  /** Event types, bits 2:0 of DW0. */
  public static final int NOTICE = 2;

  static final int IO_COMMAND_SPECIFIC = 6;

  private static final int TYPES = 8;

  /** Vendor events, of which each kind waits for itself: another says something else. */
  private static final int VENDOR = 7;

  private static final int VENDOR_KINDS = 4;

  private final ArrayDeque<CommandSlot> requests = new ArrayDeque<>(REQUESTS_MAX);

  /** At most one event a type waits: a later one of the same type says nothing new. */
  private final int[] waiting = new int[VENDOR + VENDOR_KINDS];

  private final int[] reported = new int[TYPES];
  private final boolean[] masked = new boolean[TYPES];

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
    int type = dw0 & 7;
    waiting[type == VENDOR ? VENDOR + (dw0 >>> 8 & VENDOR_KINDS - 1) : type] = dw0;
    report();
  }

  /** The log page of an event was read without RAE: its type may be reported again. */
  void acknowledge(int lid) {
    for (int type = 0; type < TYPES; type++) {
      if (masked[type] && (reported[type] >>> 16 & 0xFF) == lid) {
        masked[type] = false;
      }
    }
    report();
  }

  private void report() {
    for (int at = 0; at < waiting.length && !requests.isEmpty(); at++) {
      int type = Math.min(at, VENDOR);
      if (waiting[at] != 0 && !masked[type]) {
        CommandSlot slot = requests.remove();
        slot.result = waiting[at];
        reported[type] = waiting[at];
        waiting[at] = 0;
        masked[type] = true;
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
    Arrays.fill(waiting, 0);
    Arrays.fill(masked, false);
  }
}
