package io.mora.target.shard;

import io.mora.qos.ScheduledIo;

/** What a shard's turn queues for a device. The shard's thread only. */
public abstract class QueuedIo extends ScheduledIo {
  /** The scheduler lets it start: hands it to its device. */
  protected abstract void start(long nowNs);
}
