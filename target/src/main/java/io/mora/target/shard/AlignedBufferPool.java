package io.mora.target.shard;

import io.mora.protocol.net.IoLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Page-aligned buffers of powers of two from 4 KiB to 2 MiB, by the buddy system.
 *
 * <p>Buddies rather than a stock per size: what was cut into pages while small reads ran becomes
 * large blocks again when they are wanted, so no size can starve another for good. Memory comes in
 * 2 MiB slabs as it is needed and stays until {@link #close}. Every operation is at most ten steps
 * of the tree.
 *
 * <p>Waiters are told at the end of the turn: whoever owns the pool adds it to the loop's turn
 * listeners, before the listeners that start work.
 */
public final class AlignedBufferPool implements BufferPool, IoLoop.TurnListener {
  /** Smallest bound: one buffer of the largest size. */
  public static final long MIN_LIMIT_BYTES = Slab.BYTES;

  /** Pages kept whole and ready; fewer as soon as somebody needs them merged. */
  private static final int STOCK_PAGES = 128;

  /** Of each kind, waiters that came while others were told and are told in the same turn. */
  private static final int ADDED_MAX = 64;

  private static final int NO_RESERVE = Integer.MAX_VALUE;

  private static final int PAGE_SHIFT = Integer.numberOfTrailingZeros(Slab.PAGE);
  private static final int ORDERS = Integer.numberOfTrailingZeros(Slab.BYTES) - PAGE_SHIFT + 1;

  private final List<Slab> slabs = new ArrayList<>();
  private final @Nullable IoBuffer[] free = new @Nullable IoBuffer[ORDERS];

  /** Pages given back last, not merged yet: small I/O takes and gives without touching the tree. */
  private final @Nullable IoBuffer[] stock = new @Nullable IoBuffer[STOCK_PAGES];

  private int stocked;
  private final WaiterQueue waiters = new WaiterQueue();
  private final WaiterQueue firstWaiters = new WaiterQueue();
  private final int reservePart;
  private final Runnable anotherTurn;
  private long limitBytes;
  private long lentBytes;

  /** Of these, by {@link #takeFirst}. */
  private long lentFirstBytes;

  /** Something changed since waiters were told last. */
  private boolean stirred;

  private @Nullable Waiter told;
  private @Nullable Waiter toldFirst;
  private boolean telling;
  private boolean servedTold;
  private boolean keptPlace;

  /** Waiters that came since it was last looked, other than who is told. */
  private int added;

  /**
   * A pool with its first slab.
   *
   * @param limitBytes the bound; {@link #MIN_LIMIT_BYTES} or more, rounded down to whole slabs
   * @param anotherTurn called when there are waiters to tell: {@link #endOfTurn} must come before
   *     the loop sleeps
   * @throws IllegalArgumentException if the bound is less
   */
  public AlignedBufferPool(long limitBytes, Runnable anotherTurn) {
    this(limitBytes, anotherTurn, NO_RESERVE);
  }

  /**
   * Likewise.
   *
   * @param reservePart one part in so many is for {@link #takeFirst} alone, and one for the others
   *     while they wait: neither can starve the other
   */
  public AlignedBufferPool(long limitBytes, Runnable anotherTurn, int reservePart) {
    this.reservePart = reservePart;
    if (limitBytes < MIN_LIMIT_BYTES) {
      throw new IllegalArgumentException(
          "limitBytes " + limitBytes + ": at least " + MIN_LIMIT_BYTES);
    }
    this.anotherTurn = anotherTurn;
    this.limitBytes = limitBytes / Slab.BYTES * Slab.BYTES;
    grow();
  }

  @Override
  public @Nullable IoBuffer take(int capacityBytes) {
    int order = checkedOrder(capacityBytes);
    if (!telling && !waiters.isEmpty()) {
      return null;
    }
    long bytes = (long) Slab.PAGE << order;
    boolean within = lentBytes - lentFirstBytes + bytes <= limitBytes / reservePart;
    return within || mayExceed(bytes) ? lend(order, false) : null;
  }

  /** Beyond their own part, the others take what those that go first do not want. */
  private boolean mayExceed(long bytes) {
    // With nothing on loan any size goes: a pool of one slab still serves the largest.
    return firstWaiters.isEmpty()
        && (lentBytes == 0 || lentBytes + bytes <= limitBytes - limitBytes / reservePart);
  }

  @Override
  public @Nullable IoBuffer takeFirst(int capacityBytes) {
    int order = checkedOrder(capacityBytes);
    long bytes = (long) Slab.PAGE << order;
    if (lentFirstBytes > 0
        && !waiters.isEmpty()
        && lentFirstBytes + bytes > limitBytes - limitBytes / reservePart) {
      return null;
    }
    return lend(order, true);
  }

  private static int checkedOrder(int capacityBytes) {
    if (capacityBytes < 1 || capacityBytes > Slab.BYTES) {
      throw new IllegalArgumentException("capacityBytes " + capacityBytes + ": 1 to " + Slab.BYTES);
    }
    return order(capacityBytes);
  }

  private @Nullable IoBuffer lend(int order, boolean first) {
    IoBuffer block = order == 0 ? fromStock() : null;
    if (block == null) {
      block = split(order);
    }
    if (block == null) {
      return null;
    }
    block.state = IoBuffer.State.LENT;
    block.first = first;
    lentBytes += block.capacity;
    lentFirstBytes += first ? block.capacity : 0;
    servedTold = true;
    return block;
  }

  private @Nullable IoBuffer fromStock() {
    if (stocked == 0) {
      return null;
    }
    IoBuffer page = stock[--stocked];
    stock[stocked] = null;
    return page;
  }

  private @Nullable IoBuffer split(int order) {
    IoBuffer block = smallestFree(order);
    if (block == null) {
      return null;
    }
    unlink(block);
    while (order(block.capacity) > order) {
      link(block.slab.block(2 * block.node + 1));
      block.state = IoBuffer.State.MERGED;
      block = block.slab.block(2 * block.node);
    }
    return block;
  }

  @Override
  public void give(IoBuffer buffer) {
    if (buffer.state != IoBuffer.State.LENT) {
      throw new IllegalStateException("buffer given back twice, " + buffer.capacity + " bytes");
    }
    if (buffer.buf.refCnt() != 1) {
      throw new IllegalStateException(
          "buffer given back with " + (buffer.buf.refCnt() - 1) + " slices retained");
    }
    lentBytes -= buffer.capacity;
    lentFirstBytes -= buffer.first ? buffer.capacity : 0;
    if (limitBytes == 0) {
      buffer.state = IoBuffer.State.MERGED;
      return;
    }
    stir();
    if (buffer.capacity == Slab.PAGE && stocked < STOCK_PAGES) {
      buffer.state = IoBuffer.State.STOCKED;
      stock[stocked++] = buffer;
    } else {
      merge(buffer);
    }
  }

  private void merge(IoBuffer buffer) {
    IoBuffer block = buffer;
    while (block.node > 1) {
      IoBuffer buddy = block.slab.block(block.node ^ 1);
      if (buddy.state != IoBuffer.State.FREE) {
        break;
      }
      unlink(buddy);
      buddy.state = IoBuffer.State.MERGED;
      block.state = IoBuffer.State.MERGED;
      block = block.slab.block(block.node / 2);
    }
    link(block);
  }

  @Override
  public void await(Waiter waiter) {
    if (waiter.queued) {
      return;
    }
    if (waiter.first) {
      firstWaiters.addLast(waiter);
      if (waiter != toldFirst) {
        added++;
        stir();
      }
    } else if (waiter == told && !servedTold) {
      keptPlace = true;
      waiters.addFirst(waiter);
    } else {
      waiters.addLast(waiter);
      added += waiter == told ? 0 : 1;
      stir();
    }
  }

  @Override
  public void cancel(Waiter waiter) {
    if (waiter.queued) {
      (waiter.first ? firstWaiters : waiters).remove(waiter);
      stir();
    }
  }

  /** Tells waiters in order, those that come meanwhile too, until one gets nothing and waits. */
  @Override
  public void endOfTurn() {
    if (!stirred || waiters.isEmpty() && firstWaiters.isEmpty()) {
      return;
    }
    stirred = false;
    tellThoseFirst();
    keptPlace = false;
    boolean whole = false;
    telling = true;
    try {
      int spare = ADDED_MAX;
      for (int left = waiters.size(); left > 0 && !keptPlace; left--) {
        added = 0;
        tellFirst();
        int more = Math.min(added, spare);
        left += more;
        spare -= more;
      }
      whole = true;
    } finally {
      told = null;
      telling = false;
      if (!whole) {
        stir();
      }
    }
  }

  private void tellThoseFirst() {
    try {
      int spare = ADDED_MAX;
      for (int left = firstWaiters.size(); left > 0; left--) {
        Waiter waiter = firstWaiters.removeFirst();
        if (waiter != null) {
          added = 0;
          toldFirst = waiter;
          waiter.buffersAvailable();
          int more = Math.min(added, spare);
          left += more;
          spare -= more;
        }
      }
    } finally {
      toldFirst = null;
    }
  }

  private void tellFirst() {
    Waiter waiter = waiters.removeFirst();
    if (waiter != null) {
      told = waiter;
      servedTold = false;
      waiter.buffersAvailable();
    }
  }

  @Override
  public long lentBytes() {
    return lentBytes;
  }

  /** As given, or less once the JVM refused more direct memory: then what it allowed. */
  @Override
  public long limitBytes() {
    return limitBytes;
  }

  @Override
  public int maxCapacityBytes() {
    return Slab.BYTES;
  }

  /** Memory taken from the JVM so far, in bytes. */
  public long heldBytes() {
    return (long) slabs.size() * Slab.BYTES;
  }

  @Override
  public void close() {
    waiters.clear();
    firstWaiters.clear();
    limitBytes = 0;
    slabs.clear();
    Arrays.fill(free, null);
    Arrays.fill(stock, null);
    stocked = 0;
  }

  private void stir() {
    stirred = true;
    if (!waiters.isEmpty() || !firstWaiters.isEmpty()) {
      anotherTurn.run();
    }
  }

  private @Nullable IoBuffer smallestFree(int order) {
    for (int larger = order; larger < ORDERS; larger++) {
      IoBuffer block = free[larger];
      if (block != null) {
        return block;
      }
    }
    if (stocked > 0) {
      while (stocked > 0) {
        merge(Objects.requireNonNull(fromStock()));
      }
      return smallestFree(order);
    }
    return heldBytes() < limitBytes && grow() ? free[ORDERS - 1] : null;
  }

  /** False, and for good, when the JVM's bound on direct memory is reached. */
  private boolean grow() {
    try {
      Slab slab = new Slab();
      slabs.add(slab);
      link(slab.block(1));
      return true;
    } catch (OutOfMemoryError e) {
      if (slabs.isEmpty()) {
        throw e;
      }
      limitBytes = heldBytes();
      return false;
    }
  }

  private void link(IoBuffer block) {
    int order = order(block.capacity);
    IoBuffer first = free[order];
    block.state = IoBuffer.State.FREE;
    block.previous = null;
    block.next = first;
    if (first != null) {
      first.previous = block;
    }
    free[order] = block;
  }

  private void unlink(IoBuffer block) {
    IoBuffer before = block.previous;
    IoBuffer after = block.next;
    if (before == null) {
      free[order(block.capacity)] = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
    block.next = null;
    block.previous = null;
  }

  /** 0 for a page, one more for each doubling. */
  private static int order(int capacityBytes) {
    int pages = (capacityBytes + Slab.PAGE - 1) >>> PAGE_SHIFT;
    return pages <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(pages - 1);
  }
}
