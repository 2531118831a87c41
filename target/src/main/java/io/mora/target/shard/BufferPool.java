package io.mora.target.shard;

import org.jspecify.annotations.Nullable;

/**
 * A shard's bounded stock of {@link IoBuffer}s. The shard's thread only.
 *
 * <p>A caller that holds a buffer must not wait for another: it would wait for itself when all
 * memory is on loan to such callers. Take one buffer for all that is needed, or give back first.
 */
public interface BufferPool {
  /**
   * Lends a buffer of at least the given capacity, or null when the bound is reached or somebody
   * waits already: the caller queues a {@link Waiter} and tries again when told.
   *
   * @throws IllegalArgumentException if capacityBytes is not 1 to {@link #maxCapacityBytes}
   */
  @Nullable IoBuffer take(int capacityBytes);

  /**
   * As {@link #take} for those that cannot wait: from the reserve too, and before all who wait in
   * the ordinary line; but while that waits, not from the part that is kept for it. Null when they
   * have to wait all the same.
   */
  @Nullable IoBuffer takeFirst(int capacityBytes);

  /**
   * Ends a loan; tells the longest waiting {@link Waiter}s at the end of the turn, in order.
   *
   * @throws IllegalStateException if the buffer is not on loan, or a slice of it is still retained
   */
  void give(IoBuffer buffer);

  /**
   * Queues a waiter, once, in the line it is of; it is told once and removed. Order of arrival; one
   * that is told, gets nothing and waits again from within {@link Waiter#buffersAvailable} keeps
   * its place, so that large requests are not passed by small ones for ever.
   */
  void await(Waiter waiter);

  /** Removes a waiter that no longer wants a buffer; nothing happens if it does not wait. */
  void cancel(Waiter waiter);

  /** Bytes on loan. */
  long lentBytes();

  /** The bound on memory held by this pool, lent and free, in bytes. */
  long limitBytes();

  /** The largest buffer there is. */
  int maxCapacityBytes();

  /** Frees all memory; no buffer is on loan. Waiters are forgotten, {@link #take} gives null. */
  void close();

  /** Somebody who could not get a buffer; intrusive so that waiting allocates nothing. */
  abstract class Waiter {
    @Nullable Waiter next;
    @Nullable Waiter previous;
    boolean queued;

    /*
     * All below is of HostBuffers: the line of its host in which it is queued, and how it asked for
     * what last.
     */
    @Nullable WaiterQueue heldIn;
    boolean holds;
    int wantedBytes;

    /** It was sent on to the pool, and has got nothing since. */
    boolean sent;

    /** Of {@link #wantedBytes}: its host's bound does not hold it back. */
    static final int ANY_ROOM = 0;

    /** It is told before all that are not; it takes by {@link #takeFirst}. */
    final boolean first;

    protected Waiter() {
      this(false);
    }

    protected Waiter(boolean first) {
      this.first = first;
    }

    /** Memory came back: take what is needed now, or wait again. On the shard's thread. */
    public abstract void buffersAvailable();
  }
}
