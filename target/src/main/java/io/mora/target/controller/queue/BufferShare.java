package io.mora.target.controller.queue;

import io.mora.protocol.command.Sqe;
import io.mora.target.shard.BufferPool;
import io.mora.target.shard.HostBuffers;
import io.mora.target.shard.IoBuffer;
import io.mora.target.shard.Shard;
import io.mora.target.subsystem.HostMemory;
import org.jspecify.annotations.Nullable;

/**
 * A queue pair's share of its shard's buffers: bounded, so that a host that does not take its
 * replies or does not send its data holds up nobody else. Commands over the bound wait here in
 * order of arrival, in two lines: that of the latency classes, which may use the pool's reserve and
 * is served first, and that of the others.
 *
 * <p>All queue pairs of a host together have a bound, too: {@link HostMemory}. A command that waits
 * for either has not been started: a write has not asked for its data, and its connection is read
 * on. The admin queue's memory is apart from that of I/O. A large write of a host with a bound was
 * promised its memory before it asked for the shard's leave ({@link HostData}): it has a line of
 * its own, waits for the pool only, and its queue pair may hold that much more than its share.
 *
 * <p>Data in a capsule has a pool of its own, and of that pool no bound but the queue's depth and
 * the host's: see {@link Shard#capsuleBuffers}. While it waits its connection is not read; on the
 * admin queue, where keep-alive comes behind it, only the pool can make it wait.
 */
final class BufferShare {
  /** A queue pair holds at most one part in so many, or two of the largest commands. */
  private static final int POOL_PART = 8;

  /** Data of half a Compare and Write: one block. */
  private static final int HALF_MAX_BYTES = 4096;

  private final QueuePair queuePair;
  private final HostBuffers commands;
  private final HostBuffers capsules;
  private final Line first;
  private final Line others;

  /** Of writes whose memory is promised. */
  private final Line promised;

  private final CapsuleWaiter capsuleWaiter = new CapsuleWaiter();

  /** The command whose data the connection would deliver next; there is never a second. */
  private @Nullable CommandSlot capsule;

  private boolean closed;

  BufferShare(QueuePair queuePair, Shard shard, HostMemory memory, Limits limits) {
    this.queuePair = queuePair;
    boolean admin = queuePair.qid() == 0;
    this.commands = admin ? memory.admin() : memory.io();
    this.capsules = admin ? HostBuffers.unbounded(shard.capsuleBuffers()) : memory.capsules();
    long part = Math.max(2L * limits.maxTransferBytes(), shard.buffers().limitBytes() / POOL_PART);
    long limitBytes = Math.min(limits.queueBufferBytes(), part);
    this.first = new Line(true, commands, limitBytes);
    this.others = new Line(false, commands, limitBytes);
    this.promised = new Line(false, HostBuffers.unbounded(shard.buffers()), Long.MAX_VALUE);
  }

  private Line line(CommandSlot slot) {
    return HostData.isPromised(slot) ? promised : lineOfSecond(slot);
  }

  /** A second buffer is never promised. */
  private Line lineOfSecond(CommandSlot slot) {
    return slot.ahead ? first : others;
  }

  /** Gets the slot a buffer for the data in its capsule, likewise. */
  void obtainForCapsule(CommandSlot slot, int lengthBytes) {
    slot.wantedBytes = lengthBytes;
    slot.buffer = take(capsules, capsuleWaiter, slot, false);
    if (slot.buffer != null) {
      queuePair.bufferReady(slot);
    } else {
      slot.moveTo(SlotState.NEED_BUFFER, queuePair.turn().nowNs());
      capsule = slot;
      capsules.await(capsuleWaiter);
    }
  }

  /** A second half holds up the first, which holds memory: its host's bound does not stop it. */
  private static @Nullable IoBuffer take(
      HostBuffers from, BufferPool.Waiter waiter, CommandSlot slot, boolean holds) {
    return isBeyond(slot, slot.wantedBytes)
        ? from.takeBeyond(waiter, slot.wantedBytes)
        : from.take(waiter, slot.wantedBytes, holds);
  }

  static boolean isBeyond(CommandSlot slot, int bytes) {
    return Sqe.fuse(slot.sqe, 0) == Sqe.FUSE_SECOND && bytes <= HALF_MAX_BYTES;
  }

  /** Gets the slot a buffer, now or later, and then calls {@link QueuePair#bufferReady}. */
  void obtain(CommandSlot slot, int lengthBytes) {
    slot.wantedBytes = lengthBytes;
    line(slot).obtain(slot);
  }

  /** Ends the loans of a slot. */
  void giveBack(CommandSlot slot) {
    IoBuffer buffer = slot.buffer;
    if (buffer != null) {
      slot.buffer = null;
      if (slot.inCapsuleLength > 0) {
        capsules.give(buffer);
      } else {
        line(slot).give(buffer);
      }
    }
    IoBuffer second = slot.second;
    if (second != null) {
      slot.second = null;
      lineOfSecond(slot).give(second);
    }
    first.drain();
    others.drain();
  }

  /**
   * A second buffer for a command that has one; it may exceed the share, the host's bound by a
   * little ({@link HostBuffers#takeSecond}), never the pool.
   */
  @Nullable IoBuffer takeSecond(CommandSlot slot, int lengthBytes) {
    Line line = lineOfSecond(slot);
    IoBuffer buffer = commands.takeSecond(line.waiter, lengthBytes);
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
    promised.close();
    capsule = null;
    capsules.cancel(capsuleWaiter);
  }

  /** Who waits for the same memory, in order of arrival. */
  private final class Line {
    private final Waiter waiter;
    private final HostBuffers from;
    private final long limitBytes;
    private @Nullable CommandSlot head;
    private @Nullable CommandSlot tail;
    private long lentBytes;

    /** What the first of the line wants is not to be had, of the pool or of its host. */
    private boolean missing;

    private boolean draining;

    Line(boolean ahead, HostBuffers from, long limitBytes) {
      this.waiter = new Waiter(this, ahead);
      this.from = from;
      this.limitBytes = limitBytes;
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
      await();
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
        CommandSlot next = head;
        if (next == null) {
          stopWaiting();
        } else if (before == null && waiter.waiting) {
          // It may fit where the one that is gone did not.
          boolean beyond = isBeyond(next, next.wantedBytes);
          from.renew(waiter, beyond ? HostBuffers.BEYOND : next.wantedBytes, lentBytes > 0);
        }
        return;
      }
    }

    private void stopWaiting() {
      waiter.waiting = false;
      from.cancel(waiter);
    }

    private boolean take(CommandSlot slot) {
      missing = false;
      if (lentBytes > 0 && lentBytes + slot.wantedBytes > limitBytes) {
        return false;
      }
      IoBuffer buffer = BufferShare.take(from, waiter, slot, lentBytes > 0);
      if (buffer == null) {
        missing = true;
        return false;
      }
      lentBytes += buffer.capacity;
      slot.buffer = buffer;
      return true;
    }

    void give(IoBuffer buffer) {
      lentBytes -= buffer.capacity;
      from.give(buffer);
    }

    private void await() {
      if (missing) {
        waiter.waiting = true;
        from.await(waiter);
      } else if (waiter.waiting) {
        stopWaiting();
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
      await();
    }

    void close() {
      head = null;
      tail = null;
      stopWaiting();
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
      if (capsule == null) {
        capsules.served(this);
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
      if (!waiting) {
        line.from.served(this);
      }
    }
  }
}
