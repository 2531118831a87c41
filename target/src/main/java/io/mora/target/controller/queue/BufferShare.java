package io.mora.target.controller.queue;

import io.mora.target.shard.BufferPool;
import io.mora.target.shard.IoBuffer;
import io.mora.target.shard.Shard;
import org.jspecify.annotations.Nullable;

/**
 * A queue pair's share of its shard's buffers: bounded, so that a host that does not take its
 * replies or does not send its data holds up nobody else. Commands over the bound wait here in
 * order of arrival.
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
  private final Waiter waiter = new Waiter();
  private final CapsuleWaiter capsuleWaiter = new CapsuleWaiter();
  private @Nullable CommandSlot head;
  private @Nullable CommandSlot tail;

  /** The command whose data the connection would deliver next; there is never a second. */
  private @Nullable CommandSlot capsule;

  private long lentBytes;
  private boolean poolEmpty;
  private boolean draining;
  private boolean closed;

  BufferShare(QueuePair queuePair, Shard shard, Limits limits) {
    this.queuePair = queuePair;
    this.pool = shard.buffers();
    this.capsulePool = shard.capsuleBuffers();
    long part = Math.max(2L * limits.maxTransferBytes(), pool.limitBytes() / POOL_PART);
    this.limitBytes = Math.min(limits.queueBufferBytes(), part);
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

  /** Ends the loans of a slot. */
  void giveBack(CommandSlot slot) {
    IoBuffer buffer = slot.buffer;
    if (buffer != null) {
      slot.buffer = null;
      if (slot.inCapsuleLength > 0) {
        capsulePool.give(buffer);
      } else {
        give(buffer);
      }
    }
    IoBuffer second = slot.second;
    if (second != null) {
      slot.second = null;
      give(second);
    }
    drain();
  }

  /** A second buffer for a command that has one; it may exceed the share, never the pool. */
  @Nullable IoBuffer takeSecond(int lengthBytes) {
    IoBuffer buffer = pool.take(lengthBytes);
    if (buffer != null) {
      lentBytes += buffer.capacity;
    }
    return buffer;
  }

  void close() {
    closed = true;
    head = null;
    tail = null;
    capsule = null;
    pool.cancel(waiter);
    capsulePool.cancel(capsuleWaiter);
  }

  private void give(IoBuffer buffer) {
    lentBytes -= buffer.capacity;
    pool.give(buffer);
  }

  private boolean take(CommandSlot slot) {
    int want = slot.wantedBytes;
    poolEmpty = false;
    if (lentBytes > 0 && lentBytes + want > limitBytes) {
      return false;
    }
    IoBuffer buffer = pool.take(want);
    if (buffer == null) {
      poolEmpty = true;
      return false;
    }
    lentBytes += buffer.capacity;
    slot.buffer = buffer;
    return true;
  }

  private void awaitPool() {
    if (poolEmpty && !waiter.waiting) {
      waiter.waiting = true;
      pool.await(waiter);
    }
  }

  private void drain() {
    if (draining || closed) {
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

  private final class Waiter extends BufferPool.Waiter {
    private boolean waiting;

    @Override
    public void buffersAvailable() {
      waiting = false;
      drain();
    }
  }
}
