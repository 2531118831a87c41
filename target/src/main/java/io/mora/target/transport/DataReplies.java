package io.mora.target.transport;

import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.shard.IoBuffer;
import org.jspecify.annotations.Nullable;

/** Replies with data that wait to be written, in order; linked through their slots. */
final class DataReplies {
  private @Nullable CommandSlot head;
  private @Nullable CommandSlot tail;

  @Nullable CommandSlot first() {
    return head;
  }

  /** Before all others. */
  void addFirst(CommandSlot slot, IoBuffer data, int length) {
    start(slot, data, length);
    slot.nextSending = head;
    head = slot;
    if (tail == null) {
      tail = slot;
    }
  }

  private static void start(CommandSlot slot, IoBuffer data, int length) {
    slot.replyData = data;
    slot.replyLength = length;
    slot.replySent = 0;
    slot.nextSending = null;
  }

  void add(CommandSlot slot, IoBuffer data, int length) {
    start(slot, data, length);
    CommandSlot last = tail;
    if (last == null) {
      head = slot;
    } else {
      last.nextSending = slot;
    }
    tail = slot;
  }

  IoBuffer data(CommandSlot slot) {
    IoBuffer data = slot.replyData;
    if (data == null) {
      throw new IllegalStateException("no data to send: " + slot);
    }
    return data;
  }

  /** Removes the first. */
  void remove() {
    CommandSlot first = head;
    if (first != null) {
      head = first.nextSending;
      if (head == null) {
        tail = null;
      }
      first.nextSending = null;
      first.replyData = null;
    }
  }
}
