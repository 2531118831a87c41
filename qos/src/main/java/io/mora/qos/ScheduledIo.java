package io.mora.qos;

import io.mora.qos.host.HostShare;
import org.jspecify.annotations.Nullable;

/**
 * What a scheduler orders: intrusive, so that queueing allocates nothing. The owner sets the public
 * fields before {@link IoScheduler#submit} and leaves them alone until the entry is polled. Between
 * submit and complete (or cancel) an entry belongs to one scheduler.
 */
public abstract class ScheduledIo {
  /** Bytes the device will move; 0 for operations without data, also those on a range. */
  public long costBytes;

  /** The device is asked to write (or to erase). */
  public boolean writes;

  /** Effective class, 1 to 7 of {@link IoClass}; anything else is treated as normal. */
  public int ioClass = IoClass.NORMAL;

  /** Somebody's step cannot proceed without it: breaks ties upward within its class. */
  public boolean stepCritical;

  /** Readahead: yields to the unflagged I/O of its host and class. */
  public boolean speculative;

  /** How likely a prefetch is to be used, 0 to {@link IoClass#CONFIDENCE_MAX}. */
  public int confidence;

  /** May be dropped once {@link #deadlineNs} has passed; classes 1 to 4 only. */
  public boolean expires;

  /** When it should be done, on the clock of nowNs: time of receipt plus budget. */
  public long deadlineNs;

  /** Whose it is; null: nobody's, which are one host together. */
  public @Nullable HostShare host;

  /** Where it goes; null: the scheduler's first line. */
  public @Nullable DeviceLine device;

  /**
   * Set by {@link IoScheduler#poll}: the deadline of an entry that {@link #expires} has passed, so
   * it must not be started, only answered. It is completed like any other.
   */
  public boolean expired;

  /**
   * Set before complete where the time it took says nothing about the device: it failed, or was
   * never started. Cleared by submit. What is complete in the moment it was started needs no mark.
   */
  public boolean unmeasured;

  /*
   * The rest is the scheduler's own: where the entry waits, and what it was charged.
   */
  @Nullable ScheduledIo next;

  boolean queued;

  /** Class as the scheduler took it, 1 to 7. */
  int lane;

  /** Order in a queue: smaller first by rank, deadline, tie. */
  int rank;

  long tie;

  /** Index in its queue's heap. */
  int at;

  long costNs;

  /** Its line's forecast counts it. */
  boolean foreseen;

  long submittedNs;
  long startedNs;
  @Nullable DeviceLine line;
  @Nullable HostFlow flow;

  /** Links of its line's list by age. */
  @Nullable ScheduledIo older;

  @Nullable ScheduledIo newer;
}
