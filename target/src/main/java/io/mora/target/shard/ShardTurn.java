package io.mora.target.shard;

import io.mora.protocol.net.IoLoop;
import io.mora.qos.IoScheduler;
import io.mora.qos.ScheduledIo;
import io.mora.target.metrics.StageRecorder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a shard does once a turn, after its sockets and rings delivered: start what the scheduler
 * lets start, then write what is to be said. The shard's thread only.
 */
public final class ShardTurn implements IoLoop.TurnListener {
  /*
   * Channel callbacks only parse and enqueue, so that the order in which sockets happened to be
   * drained does not decide. The clock is read when the first event of a turn asks for it, before
   * devices are started and before replies are stamped: three times a turn, not once a command.
   */
  private static final Logger LOG = LoggerFactory.getLogger(ShardTurn.class);

  private final Shard shard;
  private final IoScheduler scheduler;
  private final StageRecorder recorder;
  private @Nullable Flushable dirty;
  private boolean fresh;

  /** Entries the scheduler held back when it was last asked. */
  private int startsRefused;

  public ShardTurn(Shard shard, IoScheduler scheduler, StageRecorder recorder) {
    this.shard = shard;
    this.scheduler = scheduler;
    this.recorder = recorder;
  }

  public Shard shard() {
    return shard;
  }

  public StageRecorder recorder() {
    return recorder;
  }

  /** The time of this batch of events. */
  public long nowNs() {
    if (!fresh) {
      fresh = true;
      return shard.loop().refreshNow();
    }
    return shard.loop().nowNs();
  }

  /** Queues an entry for its device. */
  public void submit(QueuedIo io) {
    scheduler.submit(io, nowNs());
  }

  /** Takes a queued entry out again; false if it was not queued. */
  public boolean cancel(QueuedIo io) {
    return scheduler.cancel(io);
  }

  /** An entry that was started has left its device. */
  public void deviceDone(QueuedIo io) {
    scheduler.complete(io, nowNs());
  }

  /** Has {@link Flushable#flushNow} called at the end of this turn, once. */
  public void flushLater(Flushable flushable) {
    if (!flushable.dirty) {
      flushable.dirty = true;
      flushable.nextDirty = dirty;
      dirty = flushable;
    }
  }

  /** Takes back {@link #flushLater}: the connection leaves this shard. */
  public void forget(Flushable flushable) {
    Flushable before = null;
    for (Flushable at = dirty; at != null; before = at, at = at.nextDirty) {
      if (at == flushable) {
        if (before == null) {
          dirty = at.nextDirty;
        } else {
          before.nextDirty = at.nextDirty;
        }
        break;
      }
    }
    flushable.nextDirty = null;
    flushable.dirty = false;
  }

  @Override
  public void endOfTurn() {
    startDevices();
    flush();
    // What the flush set free may have queued more: it must not wait for the next event.
    if (dirty != null || startable()) {
      shard.loop().stayAwake();
    }
    fresh = false;
  }

  private boolean startable() {
    return scheduler.queued() > startsRefused;
  }

  private void startDevices() {
    if (scheduler.queued() == 0) {
      startsRefused = 0;
      return;
    }
    long now = shard.loop().refreshNow();
    fresh = true;
    for (ScheduledIo io = scheduler.poll(now); io != null; io = scheduler.poll(now)) {
      ((QueuedIo) io).start(now);
    }
    startsRefused = scheduler.queued();
    // What completed meanwhile did so after the devices were started: let the next stamp see it.
    fresh = false;
  }

  private void flush() {
    Flushable next = dirty;
    dirty = null;
    while (next != null) {
      Flushable flushable = next;
      next = flushable.nextDirty;
      flushable.nextDirty = null;
      flushable.dirty = false;
      try {
        flushable.flushNow();
      } catch (RuntimeException e) {
        // A defect in one connection must not silence those behind it in the list.
        LOG.error("shard {}: replies could not be written", shard.index(), e);
        flushable.failed();
      }
    }
  }

  /** Something with replies to write at the end of the turn; intrusive. */
  public abstract static class Flushable {
    private @Nullable Flushable nextDirty;
    private boolean dirty;

    /** Writes and flushes; on the shard's thread. */
    protected abstract void flushNow();

    /** {@link #flushNow} broke: end what cannot be trusted any more. */
    protected void failed() {}
  }
}
