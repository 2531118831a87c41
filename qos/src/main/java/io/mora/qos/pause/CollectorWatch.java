package io.mora.qos.pause;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/**
 * What the JVM tells of its collector's pauses: each one, to the millisecond and some time after
 * it, on a thread of the JVM's; and how many there were since the JVM started. Beans that time
 * whole concurrent cycles are left out.
 */
public final class CollectorWatch implements AutoCloseable {
  private static final String TOLD = "com.sun.management.gc.notification";
  private static final long MS = 1_000_000;

  /** Told of a pause, in {@link System#nanoTime}; on one thread at a time. */
  @FunctionalInterface
  public interface Pause {
    void told(long startNs, long endNs);
  }

  private final Pause sink;
  private final NotificationListener listener = this::told;
  private final List<GarbageCollectorMXBean> beans = new ArrayList<>();

  /** Milliseconds of the JVM's uptime to {@link System#nanoTime}. */
  private final long offsetNs =
      System.nanoTime() - ManagementFactory.getRuntimeMXBean().getUptime() * MS;

  private CollectorWatch(Pause sink) {
    this.sink = sink;
  }

  /** Tells of pauses from now on. */
  public static CollectorWatch listen(Pause sink) {
    CollectorWatch watch = new CollectorWatch(sink);
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (!bean.getName().endsWith("Cycles") && bean instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(watch.listener, null, null);
        watch.beans.add(bean);
      }
    }
    return watch;
  }

  private void told(Notification notification, Object handback) {
    if (TOLD.equals(notification.getType())
        && notification.getUserData() instanceof CompositeData data
        && data.get("gcInfo") instanceof CompositeData info
        && info.get("startTime") instanceof Long start
        && info.get("endTime") instanceof Long end) {
      sink.told(offsetNs + start * MS, offsetNs + end * MS);
    }
  }

  /** Pauses since the JVM started. */
  long count() {
    return beans.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
  }

  /** All of them together, to the millisecond. */
  long totalMs() {
    return beans.stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum();
  }

  @Override
  public void close() {
    for (GarbageCollectorMXBean bean : beans) {
      try {
        ((NotificationEmitter) bean).removeNotificationListener(listener);
      } catch (ListenerNotFoundException gone) {
        // The JVM forgot it already, which is what was wanted.
      }
    }
  }
}
