package io.mora.qos;

import org.jspecify.annotations.Nullable;

/** Orders by class, deadline and share. */
public final class ClassScheduler implements IoScheduler {
  /** Lines a scheduler may have. */
  public static final int LINES_MAX = 4096;

  private final ArrivalOrder order;

  public ClassScheduler(SchedulerOptions options) {
    order = new ArrivalOrder(options.inFlightMax());
  }

  /** A new line; give it back by {@link #remove}. */
  public DeviceLine line(CostModel model, DeviceWindow window) {
    return new DeviceLine(model, window);
  }

  /** Forgets an idle line; false while it has entries queued or in flight. */
  public boolean remove(DeviceLine line) {
    return true;
  }

  @Override
  public void submit(ScheduledIo io, long nowNs) {
    order.submit(io, nowNs);
  }

  @Override
  public @Nullable ScheduledIo poll(long nowNs) {
    ScheduledIo io = order.poll(nowNs);
    if (io != null) {
      io.expired = io.expires && !IoClass.isLatency(io.ioClass) && nowNs - io.deadlineNs > 0;
    }
    return io;
  }

  @Override
  public void complete(ScheduledIo io, long nowNs) {
    order.complete(io, nowNs);
  }

  @Override
  public boolean cancel(ScheduledIo io) {
    return order.cancel(io);
  }

  @Override
  public int queued() {
    return order.queued();
  }

  @Override
  public int inFlight() {
    return order.inFlight();
  }
}
