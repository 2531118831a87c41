package io.mora.target.shard;

import org.jspecify.annotations.Nullable;

/** A shard's bounded stock of {@link IoBuffer}s. The shard's thread only. */
public interface BufferPool {
  /**
   * Lends a buffer of at least the given capacity, or null when the bound is reached: the caller
   * queues a {@link Waiter} and tries again when told.
   */
  @Nullable IoBuffer take(int capacityBytes);

  /** Ends a loan; tells the longest waiting {@link Waiter}s at the end of the turn, in order. */
  void give(IoBuffer buffer);

  /** Queues a waiter; it is told once and removed. Order of arrival. */
  void await(Waiter waiter);

  /** Removes a waiter that no longer wants a buffer. */
  void cancel(Waiter waiter);

  /** Bytes on loan. */
  long lentBytes();

  /** The bound on memory held by this pool, lent and free, in bytes. */
  long limitBytes();

  /** Frees all memory; no buffer is on loan. */
  void close();

  /** Somebody who could not get a buffer; intrusive so that waiting allocates nothing. */
  abstract class Waiter {
    @Nullable Waiter next;
    @Nullable Waiter previous;
    boolean queued;

    public abstract void buffersAvailable();
  }
}
