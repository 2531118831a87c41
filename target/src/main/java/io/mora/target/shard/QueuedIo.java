package io.mora.target.shard;

import io.mora.qos.IoClass;
import io.mora.qos.ScheduledIo;

/** What a shard's turn queues. The shard's thread only. */
public abstract class QueuedIo extends ScheduledIo {
  /** The scheduler lets it go on. */
  protected abstract void start(long nowNs);

  /** The scheduler hands it out too late to be of use: it ends without being started. */
  protected abstract void expire(long nowNs);

  /** Whether its class has a deadline that counts. */
  public boolean isLatency() {
    return IoClass.isLatency(ioClass);
  }

  /** Takes over what another asks for, but not where it goes or what it costs. */
  protected void asksLike(ScheduledIo other) {
    ioClass = other.ioClass;
    stepCritical = other.stepCritical;
    speculative = other.speculative;
    confidence = other.confidence;
    expires = other.expires;
    deadlineNs = other.deadlineNs;
    host = other.host;
    expired = false;
  }

  /** Asks for nothing in particular. */
  protected void asksNothing() {
    ioClass = IoClass.NORMAL;
    stepCritical = false;
    speculative = false;
    confidence = 0;
    expires = false;
    deadlineNs = 0;
    host = null;
    device = null;
    expired = false;
  }
}
