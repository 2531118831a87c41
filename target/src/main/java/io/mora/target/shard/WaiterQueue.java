package io.mora.target.shard;

import io.mora.target.shard.BufferPool.Waiter;
import org.jspecify.annotations.Nullable;

/** Waiters in order of arrival, linked through themselves. */
final class WaiterQueue {
  private @Nullable Waiter head;
  private @Nullable Waiter tail;
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return head == null;
  }

  @Nullable Waiter first() {
    return head;
  }

  void addFirst(Waiter waiter) {
    Waiter second = head;
    waiter.queued = true;
    waiter.previous = null;
    waiter.next = second;
    head = waiter;
    if (second == null) {
      tail = waiter;
    } else {
      second.previous = waiter;
    }
    size++;
  }

  void addLast(Waiter waiter) {
    Waiter last = tail;
    waiter.queued = true;
    waiter.next = null;
    waiter.previous = last;
    tail = waiter;
    if (last == null) {
      head = waiter;
    } else {
      last.next = waiter;
    }
    size++;
  }

  @Nullable Waiter removeFirst() {
    Waiter first = head;
    if (first != null) {
      remove(first);
    }
    return first;
  }

  void clear() {
    for (Waiter first = head; first != null; first = head) {
      remove(first);
    }
  }

  /** Removes a queued waiter. */
  void remove(Waiter waiter) {
    Waiter before = waiter.previous;
    Waiter after = waiter.next;
    if (before == null) {
      head = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      tail = before;
    } else {
      after.previous = before;
    }
    waiter.next = null;
    waiter.previous = null;
    waiter.queued = false;
    size--;
  }
}
