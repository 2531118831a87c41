package io.mora.initiator.path.io;

import io.mora.initiator.path.route.PathClock;
import io.mora.initiator.path.route.PathControl;
import java.util.ArrayDeque;
import java.util.Iterator;

/** I/Os that wait for a path, or until their first try is certain to be over; paths' thread. */
final class StrandedIos {
  /** Between two tries to hand one to paths whose queues are full. */
  private static final long FULL_NS = 1_000_000;

  private final PathClock clock;
  private final SharedNamespace shared;
  private final ArrayDeque<PathIo> waiting = new ArrayDeque<>();
  private long wakeAtNs;
  private boolean wakes;

  StrandedIos(PathClock clock, SharedNamespace shared) {
    this.clock = clock;
    this.shared = shared;
  }

  void add(PathIo io) {
    long nowNs = clock.nowNs();
    if (!shared.proceed(io, nowNs)) {
      waiting.add(io);
      wakeAt(nextNs(io, nowNs), nowNs);
    }
  }

  /** Something has changed, or it is time: each goes on if it can, the oldest first. */
  void look() {
    long nowNs = clock.nowNs();
    long nextNs = Long.MAX_VALUE;
    for (Iterator<PathIo> each = waiting.iterator(); each.hasNext(); ) {
      PathIo io = each.next();
      if (shared.proceed(io, nowNs)) {
        each.remove();
      } else {
        nextNs = Math.min(nextNs, nextNs(io, nowNs) - nowNs);
      }
    }
    if (!waiting.isEmpty()) {
      wakeAt(nowNs + nextNs, nowNs);
    }
  }

  /** What was sent by a path is over: who waited for that goes on. */
  void quiet(PathControl path) {
    long nowNs = clock.nowNs();
    waiting.forEach(io -> io.quiet(path, nowNs));
    look();
  }

  private long nextNs(PathIo io, long nowNs) {
    if (io.notBeforeNs() - nowNs > 0) {
      return io.notBeforeNs();
    }
    return shared.hasRoute() ? nowNs + FULL_NS : Math.max(nowNs, shared.giveUpNs(io, nowNs));
  }

  private void wakeAt(long atNs, long nowNs) {
    if (!wakes || atNs - wakeAtNs < 0) {
      wakes = true;
      wakeAtNs = atNs;
      clock.after(atNs - nowNs, () -> woke(atNs));
    }
  }

  private void woke(long atNs) {
    if (wakes && wakeAtNs == atNs) {
      wakes = false;
      look();
    }
  }
}
