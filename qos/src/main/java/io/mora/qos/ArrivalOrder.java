package io.mora.qos;

import org.jspecify.annotations.Nullable;

/**
 * First come, first served, up to a fixed number in flight: the control policy every other one is
 * measured against.
 */
public final class ArrivalOrder implements IoScheduler {
  private final int windowMax;
  private @Nullable ScheduledIo head;
  private @Nullable ScheduledIo tail;
  private int queued;
  private int inFlight;

  /**
   * @param windowMax most entries in flight, at least 1; more wait here
   */
  public ArrivalOrder(int windowMax) {
    if (windowMax < 1) {
      throw new IllegalArgumentException("windowMax " + windowMax + ": at least 1");
    }
    this.windowMax = windowMax;
  }

  @Override
  public void submit(ScheduledIo io, long nowNs) {
    assert !io.queued : "already queued";
    io.queued = true;
    io.expired = false;
    io.next = null;
    ScheduledIo last = tail;
    if (last == null) {
      head = io;
    } else {
      last.next = io;
    }
    tail = io;
    queued++;
  }

  @Override
  public @Nullable ScheduledIo poll(long nowNs) {
    ScheduledIo io = head;
    if (io == null || inFlight >= windowMax) {
      return null;
    }
    head = io.next;
    if (head == null) {
      tail = null;
    }
    io.next = null;
    io.queued = false;
    queued--;
    inFlight++;
    return io;
  }

  @Override
  public void complete(ScheduledIo io, long nowNs) {
    assert inFlight > 0 : "complete without poll";
    inFlight--;
  }

  @Override
  public boolean cancel(ScheduledIo io) {
    ScheduledIo before = null;
    for (ScheduledIo at = head; at != null; before = at, at = at.next) {
      if (at == io) {
        unlink(before, at);
        return true;
      }
    }
    return false;
  }

  private void unlink(@Nullable ScheduledIo before, ScheduledIo io) {
    if (before == null) {
      head = io.next;
    } else {
      before.next = io.next;
    }
    if (tail == io) {
      tail = before;
    }
    io.next = null;
    io.queued = false;
    queued--;
  }

  @Override
  public int queued() {
    return queued;
  }

  @Override
  public int inFlight() {
    return inFlight;
  }
}
