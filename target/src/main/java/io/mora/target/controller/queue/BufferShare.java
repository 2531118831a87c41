package io.mora.target.controller.queue;

import io.mora.target.shard.BufferPool;
import io.mora.target.shard.IoBuffer;
import io.mora.target.shard.Shard;
import org.jspecify.annotations.Nullable;

/**
 * A queue pair's share of its shard's buffers: bounded, so that a host that does not take its
 * replies or does not send its data holds up nobody else. Commands over the bound wait here in
 * order of arrival, in two lines: that of the latency classes, which may use the pool's reserve and
 * is served first, and that of the others.
 *
 * <p>Data in a capsule has a pool of its own and no bound but the queue's depth: see {@link
 * Shard#capsuleBuffers}.
 */
final class BufferShare {
  /** A queue pair holds at most one part in so many, or two of the largest commands. */
  private static final int POOL_PART = 8;

  private final QueuePair queuePair;
  private final BufferPool pool;
  private final BufferPool capsulePool;
  private final long limitBytes;
  private final Line first = new Line(true);
  private final Line others = new Line(false);
  private final CapsuleWaiter capsuleWaiter = new CapsuleWaiter();

  /** The command whose data the connection would deliver next; there is never a second. */
  private @Nullable CommandSlot capsule;

  private boolean closed;

  BufferShare(QueuePair queuePair, Shard shard, Limits limits) {
    this.queuePair = queuePair;
    this.pool = shard.buffers();
    this.capsulePool = shard.capsuleBuffers();
    long part = Math.max(2L * limits.maxTransferBytes(), pool.limitBytes() / POOL_PART);
    this.limitBytes = Math.min(limits.queueBufferBytes(), part);
  }

  private Line line(CommandSlot slot) {
    return slot.ahead ? first : others;
  }

  /** Gets the slot a buffer for the data in its capsule, likewise. */
  void obtainForCapsule(CommandSlot slot, int lengthBytes) {
    slot.wantedBytes = lengthBytes;
    slot.buffer = capsulePool.take(lengthBytes);
    if (slot.buffer != null) {
      queuePair.bufferReady(slot);
    } else {
      slot.moveTo(SlotState.NEED_BUFFER, queuePair.turn().nowNs());
      capsule = slot;
      capsulePool.await(capsuleWaiter);
    }
  }

  /** Gets the slot a buffer, now or later, and then calls {@link QueuePair#bufferReady}. */
  void obtain(CommandSlot slot, int lengthBytes) {
    slot.wantedBytes = lengthBytes;
    line(slot).obtain(slot);
  }

  /** Ends the loans of a slot. */
  void giveBack(CommandSlot slot) {
    Line line = line(slot);
    IoBuffer buffer = slot.buffer;
    if (buffer != null) {
      slot.buffer = null;
      if (slot.inCapsuleLength > 0) {
        capsulePool.give(buffer);
      } else {
        line.give(buffer);
      }
    }
    IoBuffer second = slot.second;
    if (second != null) {
      slot.second = null;
      line.give(second);
    }
    first.drain();
    others.drain();
  }

  /** A second buffer for a command that has one; it may exceed the share, never the pool. */
  @Nullable IoBuffer takeSecond(CommandSlot slot, int lengthBytes) {
    Line line = line(slot);
    IoBuffer buffer = line.fromPool(lengthBytes);
    if (buffer != null) {
      line.lentBytes += buffer.capacity;
    }
    return buffer;
  }

  /** Takes a slot out of its line. */
  void withdraw(CommandSlot slot) {
    line(slot).withdraw(slot);
  }

  void close() {
    closed = true;
    first.close();
    others.close();
    capsule = null;
    capsulePool.cancel(capsuleWaiter);
  }

  /** Who waits for the same memory, in order of arrival. */
  private final class Line {
    private final boolean ahead;
    private final Waiter waiter;
    private @Nullable CommandSlot head;
    private @Nullable CommandSlot tail;
    private long lentBytes;
    private boolean poolEmpty;
    private boolean draining;

    Line(boolean ahead) {
      this.ahead = ahead;
      this.waiter = new Waiter(this, ahead);
    }

    void obtain(CommandSlot slot) {
      if (head == null && take(slot)) {
        queuePair.bufferReady(slot);
        return;
      }
      slot.moveTo(SlotState.NEED_BUFFER, queuePair.turn().nowNs());
      slot.nextWaiting = null;
      CommandSlot last = tail;
      if (last == null) {
        head = slot;
      } else {
        last.nextWaiting = slot;
      }
      tail = slot;
      awaitPool();
    }

    void withdraw(CommandSlot slot) {
      CommandSlot before = null;
      for (CommandSlot at = head; at != null; before = at, at = at.nextWaiting) {
        if (at != slot) {
          continue;
        }
        if (before == null) {
          head = at.nextWaiting;
        } else {
          before.nextWaiting = at.nextWaiting;
        }
        if (tail == at) {
          tail = before;
        }
        return;
      }
    }

    @Nullable IoBuffer fromPool(int lengthBytes) {
      return ahead ? pool.takeFirst(lengthBytes) : pool.take(lengthBytes);
    }

    private boolean take(CommandSlot slot) {
      int want = slot.wantedBytes;
      poolEmpty = false;
      if (lentBytes > 0 && lentBytes + want > limitBytes) {
        return false;
      }
      IoBuffer buffer = fromPool(want);
      if (buffer == null) {
        poolEmpty = true;
        return false;
      }
      lentBytes += buffer.capacity;
      slot.buffer = buffer;
      return true;
    }

    void give(IoBuffer buffer) {
      lentBytes -= buffer.capacity;
      pool.give(buffer);
    }

    private void awaitPool() {
      if (poolEmpty && !waiter.waiting) {
        waiter.waiting = true;
        pool.await(waiter);
      }
    }

    void drain() {
      if (draining || closed || head == null) {
        return;
      }
      draining = true;
      try {
        CommandSlot slot = head;
        while (slot != null && take(slot)) {
          head = slot.nextWaiting;
          slot.nextWaiting = null;
          if (head == null) {
            tail = null;
          }
          queuePair.bufferReady(slot);
          slot = head;
        }
      } finally {
        draining = false;
      }
      if (head != null) {
        awaitPool();
      }
    }

    void close() {
      head = null;
      tail = null;
      pool.cancel(waiter);
    }
  }

  private final class CapsuleWaiter extends BufferPool.Waiter {
    @Override
    public void buffersAvailable() {
      CommandSlot slot = capsule;
      if (slot != null) {
        capsule = null;
        obtainForCapsule(slot, slot.wantedBytes);
      }
    }
  }

  private static final class Waiter extends BufferPool.Waiter {
    private final Line line;
    private boolean waiting;

    Waiter(Line line, boolean ahead) {
      super(ahead);
      this.line = line;
    }

    @Override
    public void buffersAvailable() {
      waiting = false;
      line.drain();
    }
  }
}
