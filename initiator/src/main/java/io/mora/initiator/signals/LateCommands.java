package io.mora.initiator.signals;

import io.mora.initiator.io.IoResult;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Late commands that wait until it is known whether the collector paused meanwhile: the JVM tells
 * of a pause some time after it.
 *
 * <p>Assumes: {@link #explain} on one thread at a time. Guarantees: every command added gets one
 * cause. Progress: wait-free; when all places are taken the cause is told without looking at
 * pauses.
 */
final class LateCommands {
  private static final int PLACES = 256;
  private static final int FREE = 0;
  private static final int FILLING = 1;
  private static final int FULL = 2;

  private final GcPauses pauses;
  private final QueueSignals signals;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicIntegerArray states = new AtomicIntegerArray(PLACES);
  private final int[] classes = new int[PLACES];
  private final int[] causes = new int[PLACES];
  private final long[] from = new long[PLACES];
  private final long[] until = new long[PLACES];
  private final long[] excess = new long[PLACES];

  LateCommands(GcPauses pauses, QueueSignals signals) {
    this.pauses = pauses;
    this.signals = signals;
  }

  void add(IoResult io, int latencyClass, long excessNs) {
    LateCause cause = LateCause.of(io);
    int place = next.getAndIncrement() & PLACES - 1;
    if (!states.compareAndSet(place, FREE, FILLING)) {
      signals.cause(latencyClass, cause);
      return;
    }
    classes[place] = latencyClass;
    causes[place] = cause.index();
    from[place] = io.submittedNs();
    until[place] = io.readyNs();
    excess[place] = excessNs;
    states.set(place, FULL);
  }

  void explain() {
    for (int i = 0; i < PLACES; i++) {
      if (states.get(i) == FULL) {
        boolean paused = pauses.pausedNs(from[i], until[i]) * 2 > excess[i];
        signals.cause(classes[i], paused ? LateCause.GC_PAUSE : LateCause.of(causes[i]));
        states.set(i, FREE);
      }
    }
  }
}
