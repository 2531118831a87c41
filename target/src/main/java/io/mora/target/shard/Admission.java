package io.mora.target.shard;

import io.mora.qos.ClassScheduler;
import io.mora.qos.CostModel;
import io.mora.qos.DeviceLine;
import io.mora.qos.DeviceWindow;
import io.mora.qos.ScheduledIo;
import io.mora.qos.SchedulerOptions;
import java.util.function.LongConsumer;

/**
 * Lets a shard's writes ask for their data: in class order, so many bytes at a time. What is not
 * let in stays with its host and fills neither buffers nor sockets. The shard's thread only.
 */
public final class Admission {
  /** Should nothing else wake the loop, it looks when the oldest has waited long enough, or now. */
  private static final long LOOK_LEAST_NS = 1_000_000;

  private final ClassScheduler order;
  private final DeviceLine line;
  private final LongConsumer wakeAfterNs;
  private final long windowBytes;
  private long lookNs;
  private boolean looking;

  /** Something came or went since it was last looked at. */
  private boolean news;

  /**
   * @param options how long an entry may wait, and by what shares
   * @param windowBytes data that may have been asked for and not yet be written
   * @param wakeAfterNs asks for a turn of the loop
   * @param nowNs the loop's time
   */
  public Admission(
      SchedulerOptions options, long windowBytes, LongConsumer wakeAfterNs, long nowNs) {
    this.order = new ClassScheduler(options);
    this.line = order.line(CostModel.bytes(), DeviceWindow.fixed(windowBytes), nowNs);
    this.windowBytes = windowBytes;
    this.wakeAfterNs = wakeAfterNs;
  }

  public long windowBytes() {
    return windowBytes;
  }

  /** Queues an entry, whose {@link QueuedIo#start} is called when it is let in. */
  public void submit(QueuedIo entry, long nowNs) {
    entry.device = line;
    order.submit(entry, nowNs);
    news = true;
  }

  /** Takes a waiting entry out; false if it does not wait. */
  public boolean cancel(QueuedIo entry) {
    news = true;
    return order.cancel(entry);
  }

  /** The data of an entry that was let in is written, or gone. */
  public void done(QueuedIo entry, long nowNs) {
    order.complete(entry, nowNs);
    news = true;
  }

  /** Entries that wait; the shard's thread only. */
  public int queued() {
    return order.queued();
  }

  /** Whether {@link #run} might let something in that it did not when it last ran. */
  boolean hasNews() {
    return news && order.queued() > 0;
  }

  /** Lets in what there is room for. */
  void run(long nowNs) {
    news = false;
    if (order.queued() == 0) {
      return;
    }
    for (ScheduledIo io = order.poll(nowNs); io != null; io = order.poll(nowNs)) {
      ((QueuedIo) io).start(nowNs);
    }
    if (looking && nowNs - lookNs >= 0) {
      looking = false;
    }
    if (!looking && order.queued() > 0) {
      looking = true;
      long afterNs = Math.max(LOOK_LEAST_NS, order.nextTimedNs() - nowNs);
      lookNs = nowNs + afterNs;
      wakeAfterNs.accept(afterNs);
    }
  }
}
