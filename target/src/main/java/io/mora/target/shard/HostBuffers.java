package io.mora.target.shard;

import io.mora.target.shard.BufferPool.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * What one host may hold of one of a shard's pools, by however many connections: a host that asks
 * for everything leaves memory for others. The shard's thread only; sums and no more on the way of
 * a command.
 *
 * <p>At the bound a command waits, it is not refused. Who waits for its own host waits here: those
 * that go first and the others apart, and of each who holds nothing yet before who does; else in
 * order of arrival. Only the next of those that go first, and of the others, is sent on to the
 * pool's line, so no other host waits behind it.
 *
 * <p>Half of the bound is for those that hold nothing: one line that keeps what it has, because its
 * host takes no replies or sends no data, does not stop the host's other lines. (Many that keep one
 * buffer each do.) Whoever holds something may have two of the largest commands all the same, and
 * of those that go first as much as leaves a sixteenth of the bound to those that hold nothing.
 * Those that go first, and the others, may each have one buffer of any size whatever the bound is.
 * A holder does not wait for a second buffer: it gets it or fails ({@link #takeSecond}).
 *
 * <p>Of a host without a bound there is nothing here: all goes on to the pool.
 */
public final class HostBuffers {
  /**
   * One part in so many is for those that go first alone, and a second buffer may pass the bound by
   * as much.
   */
  private static final int RESERVE_PART = 8;

  /** One part in so many is for those that hold nothing. */
  private static final int FRESH_PART = 2;

  /** Likewise, of those that go first: half of what they have to themselves. */
  private static final int FRESH_FIRST_PART = 2 * RESERVE_PART;

  /** Of {@link #renew}: as {@link #takeBeyond} asks. */
  public static final int BEYOND = Waiter.ANY_ROOM;

  private final BufferPool pool;
  private final boolean bounded;
  private final long limitBytes;
  private final Kind first;
  private final Kind others;
  private long lentBytes;

  /**
   * @param limitBytes the bound, which one buffer of each kind may pass
   * @param largestBytes what the largest command wants
   */
  public HostBuffers(BufferPool pool, long limitBytes, int largestBytes) {
    this(pool, true, limitBytes, largestBytes);
  }

  private HostBuffers(BufferPool pool, boolean bounded, long limitBytes, int largestBytes) {
    this.pool = pool;
    this.bounded = bounded;
    this.limitBytes = limitBytes;
    long ofOthers = limitBytes - limitBytes / RESERVE_PART;
    long two = 2L * largestBytes;
    this.first = new Kind(limitBytes, limitBytes - limitBytes / FRESH_FIRST_PART, two);
    this.others = new Kind(ofOthers, ofOthers, two);
  }

  /** Of a host without a bound. */
  public static HostBuffers unbounded(BufferPool pool) {
    return new HostBuffers(pool, false, 0, 0);
  }

  /** Those that go first, or the others. */
  private static final class Kind {
    private final WaiterQueue fresh = new WaiterQueue();
    private final WaiterQueue holding = new WaiterQueue();

    /** Of the host's bytes on loan, for a buffer of who holds nothing. */
    private final long limitBytes;

    /** Likewise, of who holds something. */
    private final long holdingLimitBytes;

    /** Of those of this kind on loan, likewise. */
    private final long holdingOwnBytes;

    /** Buffers on loan, and their bytes. */
    private int loans;

    private long lentBytes;

    /** It was sent on to the pool, and has neither got all it wants nor come back. */
    private @Nullable Waiter called;

    Kind(long limitBytes, long holdingLimitBytes, long twoBytes) {
      this.limitBytes = limitBytes;
      this.holdingLimitBytes = holdingLimitBytes;
      this.holdingOwnBytes =
          Math.max(limitBytes - limitBytes / FRESH_PART, Math.min(limitBytes, twoBytes));
    }

    WaiterQueue line(Waiter waiter) {
      return waiter.holds ? holding : fresh;
    }

    /** Nobody is to have something before it. */
    boolean isNext(Waiter waiter) {
      if (called != null) {
        return called == waiter;
      }
      WaiterQueue line = line(waiter);
      return (line.isEmpty() || line.first() == waiter) && (line == fresh || fresh.isEmpty());
    }

    void hold(Waiter waiter) {
      WaiterQueue line = line(waiter);
      waiter.heldIn = line;
      if (waiter.sent) {
        waiter.sent = false;
        line.addFirst(waiter);
      } else {
        line.addLast(waiter);
      }
    }

    static void letGo(Waiter waiter, WaiterQueue from) {
      waiter.heldIn = null;
      from.remove(waiter);
    }
  }

  private Kind kind(boolean goesFirst) {
    return goesFirst ? first : others;
  }

  private boolean hasRoom(Kind kind, Waiter waiter) {
    if (waiter.wantedBytes == Waiter.ANY_ROOM || kind.loans == 0) {
      return true;
    }
    if (!waiter.holds) {
      return lentBytes + waiter.wantedBytes <= kind.limitBytes;
    }
    // What goes first is not stopped by what the others hold; they are by what it holds.
    long own = kind == first ? kind.lentBytes : lentBytes;
    return own + waiter.wantedBytes <= kind.holdingOwnBytes
        && lentBytes + waiter.wantedBytes <= kind.holdingLimitBytes;
  }

  /**
   * As {@link BufferPool#take} or {@link BufferPool#takeFirst}, as the waiter is, within the bound.
   * Null: {@link #await} with the same waiter.
   *
   * @param holds it has a buffer already
   */
  public @Nullable IoBuffer take(Waiter waiter, int bytes, boolean holds) {
    if (!bounded) {
      return ofPool(waiter, bytes);
    }
    Kind kind = kind(waiter.first);
    waiter.wantedBytes = bytes;
    waiter.holds = holds;
    return kind.isNext(waiter) && hasRoom(kind, waiter) ? lend(kind, waiter, bytes) : null;
  }

  /** Likewise beyond the bound, for what those that hold memory wait for: a pair's second half. */
  public @Nullable IoBuffer takeBeyond(Waiter waiter, int bytes) {
    if (!bounded) {
      return ofPool(waiter, bytes);
    }
    waiter.wantedBytes = Waiter.ANY_ROOM;
    return lend(kind(waiter.first), waiter, bytes);
  }

  /**
   * A second buffer for who holds one: not kept from him by who waits, but null where he has to do
   * without.
   */
  public @Nullable IoBuffer takeSecond(Waiter waiter, int bytes) {
    if (!bounded) {
      return ofPool(waiter, bytes);
    }
    Kind kind = kind(waiter.first);
    boolean allowed =
        kind.loans <= 1 || lentBytes + bytes <= limitBytes + limitBytes / RESERVE_PART;
    return allowed ? lend(kind, waiter, bytes) : null;
  }

  private @Nullable IoBuffer lend(Kind kind, Waiter waiter, int bytes) {
    IoBuffer buffer = ofPool(waiter, bytes);
    if (buffer != null) {
      lentBytes += buffer.capacity;
      kind.lentBytes += buffer.capacity;
      kind.loans++;
      waiter.sent = false;
    }
    return buffer;
  }

  private @Nullable IoBuffer ofPool(Waiter waiter, int bytes) {
    return waiter.first ? pool.takeFirst(bytes) : pool.take(bytes);
  }

  /** As {@link BufferPool#give}. */
  public void give(IoBuffer buffer) {
    if (!bounded) {
      pool.give(buffer);
      return;
    }
    Kind kind = kind(buffer.first);
    lentBytes -= buffer.capacity;
    kind.lentBytes -= buffer.capacity;
    kind.loans--;
    pool.give(buffer);
    callNext(first);
    callNext(others);
  }

  /**
   * Queues a waiter that got nothing: in the pool's line, or here where its own host holds too
   * much. It is told as {@link BufferPool#await} says, and takes or comes here again, or says that
   * it is {@link #served}. May be called again while it waits, when it wants something else.
   */
  public void await(Waiter waiter) {
    if (!bounded) {
      pool.await(waiter);
      return;
    }
    Kind kind = kind(waiter.first);
    boolean anyRoom = waiter.wantedBytes == Waiter.ANY_ROOM;
    WaiterQueue held = waiter.heldIn;
    if (held != null && (anyRoom || held != kind.line(waiter))) {
      Kind.letGo(waiter, held);
    }
    if (!waiter.queued) {
      if (anyRoom || kind.isNext(waiter) && hasRoom(kind, waiter)) {
        send(waiter);
      } else {
        kind.hold(waiter);
        served(waiter);
      }
    }
    callNext(kind);
  }

  private void send(Waiter waiter) {
    waiter.sent = true;
    pool.await(waiter);
  }

  /**
   * What it waited for is not wanted any more, but something else, which may be had at once: it is
   * told of it if so. It loses its place.
   *
   * @param bytes of the other, or {@link #BEYOND}
   */
  public void renew(Waiter waiter, int bytes, boolean holds) {
    cancel(waiter);
    waiter.wantedBytes = bytes;
    waiter.holds = holds;
    await(waiter);
  }

  /** It wants nothing any more; nothing happens if it does not wait. */
  public void cancel(Waiter waiter) {
    if (!bounded) {
      pool.cancel(waiter);
      return;
    }
    waiter.sent = false;
    WaiterQueue held = waiter.heldIn;
    if (held == null) {
      pool.cancel(waiter);
    } else {
      Kind.letGo(waiter, held);
      callNext(kind(waiter.first));
    }
    served(waiter);
  }

  /** It was told, and does not wait again. */
  public void served(Waiter waiter) {
    if (!bounded) {
      return;
    }
    waiter.sent = false;
    Kind kind = kind(waiter.first);
    if (kind.called == waiter) {
      kind.called = null;
      callNext(kind);
    }
  }

  private void callNext(Kind kind) {
    if (kind.called != null) {
      return;
    }
    WaiterQueue line = kind.fresh.isEmpty() ? kind.holding : kind.fresh;
    Waiter next = line.first();
    if (next != null && hasRoom(kind, next)) {
      Kind.letGo(next, line);
      kind.called = next;
      send(next);
    }
  }

  /** Whether there is a bound: where there is none, nothing is counted and nothing promised. */
  public boolean isBounded() {
    return bounded;
  }

  /**
   * Sets memory aside for a buffer that is taken of the pool itself, later; as {@link #take} for
   * those that do not go first. False: {@link #await}; who is told has waited for its turn in the
   * pool's line, though a promise takes nothing of the pool.
   */
  public boolean promise(Waiter waiter, int bytes, boolean holds) {
    if (!bounded) {
      return true;
    }
    waiter.wantedBytes = bytes;
    waiter.holds = holds;
    if (!others.isNext(waiter) || !hasRoom(others, waiter)) {
      return false;
    }
    waiter.sent = false;
    promiseBeyond(bytes);
    return true;
  }

  /** Likewise beyond the bound, as {@link #takeBeyond}. */
  public void promiseBeyond(int bytes) {
    if (bounded) {
      lentBytes += capacity(bytes);
      others.lentBytes += capacity(bytes);
      others.loans++;
    }
  }

  /** Ends a promise of so much: its buffer has been given back, or is not wanted any more. */
  public void release(int bytes) {
    if (bounded) {
      lentBytes -= capacity(bytes);
      others.lentBytes -= capacity(bytes);
      others.loans--;
      callNext(others);
    }
  }

  /** Of the buffer that so much wants. */
  private static int capacity(int bytes) {
    return Math.max(Slab.PAGE, Integer.highestOneBit(2 * bytes - 1));
  }

  /** Bytes on loan or promised to the host; of one without a bound they are not counted. */
  public long lentBytes() {
    return lentBytes;
  }
}
