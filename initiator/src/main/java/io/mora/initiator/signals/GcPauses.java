package io.mora.initiator.signals;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/**
 * The collector's last pauses, as the JVM tells of them, to the millisecond. Beans that time whole
 * concurrent cycles are left out.
 */
public final class GcPauses implements AutoCloseable {
  private static final int KEPT = 32;
  private static final String TOLD = "com.sun.management.gc.notification";
  private static final long MS = 1_000_000;

  private final NotificationListener listener = this::told;
  private final List<NotificationEmitter> emitters = new ArrayList<>();
  private final AtomicLong count = new AtomicLong();
  private final AtomicLongArray starts = new AtomicLongArray(KEPT);
  private final AtomicLongArray ends = new AtomicLongArray(KEPT);

  /** Milliseconds of the JVM's uptime to {@link System#nanoTime}. */
  private final long offsetNs =
      System.nanoTime() - ManagementFactory.getRuntimeMXBean().getUptime() * MS;

  private GcPauses() {}

  /** Listens from now on. */
  public static GcPauses listen() {
    GcPauses pauses = new GcPauses();
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (!bean.getName().endsWith("Cycles") && bean instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(pauses.listener, null, null);
        pauses.emitters.add(emitter);
      }
    }
    return pauses;
  }

  private void told(Notification notification, Object handback) {
    if (TOLD.equals(notification.getType())
        && notification.getUserData() instanceof CompositeData data
        && data.get("gcInfo") instanceof CompositeData info
        && info.get("startTime") instanceof Long start
        && info.get("endTime") instanceof Long end) {
      add(offsetNs + start * MS, offsetNs + end * MS);
    }
  }

  /** A pause; on one thread at a time. */
  void add(long startNs, long endNs) {
    long at = count.get();
    int place = (int) (at % KEPT);
    starts.set(place, startNs);
    ends.set(place, endNs);
    count.set(at + 1);
  }

  /** How much of a time the process stood still, as far as was told. */
  long pausedNs(long fromNs, long untilNs) {
    long sum = 0;
    int known = (int) Math.min(KEPT, count.get());
    for (int i = 0; i < known; i++) {
      long startNs = Math.max(fromNs, starts.get(i));
      long endNs = Math.min(untilNs, ends.get(i));
      sum += Math.max(0, endNs - startNs);
    }
    return sum;
  }

  @Override
  public void close() {
    for (NotificationEmitter emitter : emitters) {
      try {
        emitter.removeNotificationListener(listener);
      } catch (ListenerNotFoundException gone) {
        // The JVM forgot it already, which is what was wanted.
      }
    }
  }
}
