package io.mora.initiator.signals;

import io.mora.qos.pause.CollectorWatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** The collector's last pauses, as {@link CollectorWatch} tells of them. */
public final class GcPauses implements AutoCloseable {
  private static final int KEPT = 32;

  private final AtomicLong count = new AtomicLong();
  private final AtomicLongArray starts = new AtomicLongArray(KEPT);
  private final AtomicLongArray ends = new AtomicLongArray(KEPT);
  private final CollectorWatch watch = CollectorWatch.listen(this::add);

  private GcPauses() {}

  /** Listens from now on. */
  public static GcPauses listen() {
    return new GcPauses();
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
    watch.close();
  }
}
