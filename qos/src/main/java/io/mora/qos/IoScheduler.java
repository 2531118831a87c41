package io.mora.qos;

import org.jspecify.annotations.Nullable;

/**
 * Decides what a shard hands to its devices next.
 *
 * <p>Pure and single-threaded: it belongs to one shard, performs no I/O and is told the time. Every
 * entry goes {@link #submit}, {@link #poll}, {@link #complete}, once each and in this order, or
 * {@link #submit}, {@link #cancel}.
 */
public interface IoScheduler {
  /** Queues an entry. Illegal for one that is queued or in flight. */
  void submit(ScheduledIo io, long nowNs);

  /** Takes the entry that may start now, or null when none may. */
  @Nullable ScheduledIo poll(long nowNs);

  /** Tells that a polled entry has left the device. */
  void complete(ScheduledIo io, long nowNs);

  /** Takes a queued entry out; false if it was not queued. Linear in the queue's length. */
  boolean cancel(ScheduledIo io);

  /** Entries waiting. */
  int queued();

  /** Entries polled and not complete. */
  int inFlight();
}
