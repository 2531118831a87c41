package io.mora.qos;

import org.jspecify.annotations.Nullable;

/**
 * What a scheduler orders: intrusive, so that queueing allocates nothing. The owner sets the public
 * fields before {@link IoScheduler#submit} and leaves them alone until the entry is polled.
 */
public abstract class ScheduledIo {
  /** Bytes the device will move; 0 for operations without data. */
  public long costBytes;

  /** The device is asked to write (or to erase). */
  public boolean writes;

  /** The scheduler's own: link of the queue this entry is in. */
  @Nullable ScheduledIo next;

  boolean queued;
}
