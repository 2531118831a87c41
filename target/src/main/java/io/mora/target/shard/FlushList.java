package io.mora.target.shard;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections with something to write, in order; those that cannot wait once more beside. */
final class FlushList {
  private static final Logger LOG = LoggerFactory.getLogger(FlushList.class);

  private final int shard;
  private @Nullable Flushable head;
  private @Nullable Flushable tail;
  private @Nullable Flushable urgentHead;
  private @Nullable Flushable urgentTail;

  FlushList(int shard) {
    this.shard = shard;
  }

  boolean isEmpty() {
    return head == null;
  }

  void add(Flushable flushable) {
    if (flushable.dirty) {
      return;
    }
    flushable.dirty = true;
    flushable.nextDirty = null;
    Flushable last = tail;
    if (last == null) {
      head = flushable;
    } else {
      last.nextDirty = flushable;
    }
    tail = flushable;
  }

  void addUrgent(Flushable flushable) {
    if (flushable.urgent) {
      return;
    }
    flushable.urgent = true;
    flushable.nextUrgent = null;
    Flushable last = urgentTail;
    if (last == null) {
      urgentHead = flushable;
    } else {
      last.nextUrgent = flushable;
    }
    urgentTail = flushable;
  }

  void forget(Flushable flushable) {
    Flushable before = null;
    for (Flushable at = head; at != null; before = at, at = at.nextDirty) {
      if (at == flushable) {
        if (before == null) {
          head = at.nextDirty;
        } else {
          before.nextDirty = at.nextDirty;
        }
        if (tail == at) {
          tail = before;
        }
        break;
      }
    }
    flushable.nextDirty = null;
    flushable.dirty = false;
    forgetUrgent(flushable);
  }

  private void forgetUrgent(Flushable flushable) {
    Flushable before = null;
    for (Flushable at = urgentHead; at != null; before = at, at = at.nextUrgent) {
      if (at == flushable) {
        if (before == null) {
          urgentHead = at.nextUrgent;
        } else {
          before.nextUrgent = at.nextUrgent;
        }
        if (urgentTail == at) {
          urgentTail = before;
        }
        break;
      }
    }
    flushable.nextUrgent = null;
    flushable.urgent = false;
  }

  /** Writes what cannot wait; false if there was nothing. */
  boolean flushUrgent() {
    Flushable next = urgentHead;
    if (next == null) {
      return false;
    }
    urgentHead = null;
    urgentTail = null;
    while (next != null) {
      Flushable flushable = next;
      next = flushable.nextUrgent;
      flushable.nextUrgent = null;
      flushable.urgent = false;
      try {
        flushable.flushUrgent();
      } catch (RuntimeException | Error e) {
        broken(flushable, e);
      }
    }
    return true;
  }

  /** Writes everything that may be written; who is not done joins the list again. */
  void flush() {
    Flushable next = head;
    head = null;
    tail = null;
    while (next != null) {
      Flushable flushable = next;
      next = flushable.nextDirty;
      flushable.nextDirty = null;
      flushable.dirty = false;
      try {
        flushable.flushNow();
      } catch (RuntimeException | Error e) {
        broken(flushable, e);
      }
    }
  }

  /** A defect in one connection must not silence those behind it in the list. */
  private void broken(Flushable flushable, Throwable cause) {
    LOG.error("shard {}: replies could not be written", shard, cause);
    flushable.failed();
  }
}
