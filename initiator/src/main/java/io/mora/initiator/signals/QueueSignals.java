package io.mora.initiator.signals;

import io.mora.initiator.io.ConsumptionListener;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.LatencyClass;
import io.mora.protocol.intent.Timing;

/**
 * What one queue's commands were like. Written by its loop, and apart from that by consumers'
 * threads; read by anybody.
 */
public final class QueueSignals implements ConsumptionListener {
  private final ClassCounters[] looped = counters(false);
  private final ClassCounters[] handed = counters(true);
  private final LateCommands late;
  private final long slowNs;

  /**
   * @param slowNs from the intended start, above which an I/O makes a JFR event; 0 for never
   */
  public QueueSignals(GcPauses pauses, long slowNs) {
    this.late = new LateCommands(pauses, this);
    this.slowNs = slowNs;
  }

  private static ClassCounters[] counters(boolean shared) {
    ClassCounters[] counters = new ClassCounters[LatencyClass.COUNT];
    for (int i = 0; i < counters.length; i++) {
      counters[i] = new ClassCounters(shared);
    }
    return counters;
  }

  /**
   * A command ended and its consumer runs.
   *
   * @param elsewhere not on the queue's loop
   */
  public void ended(IoResult io, boolean elsewhere) {
    int cdw3 = io.cdw3();
    int latencyClass = IntentCodec.latencyClass(cdw3);
    ClassCounters counters = (elsewhere ? handed : looped)[latencyClass];
    counters.add(ClassCounters.COMMANDS);
    place(io, counters);
    if (IntentCodec.registration(cdw3) != 0) {
      counters.add(ClassCounters.REGISTERED);
    }
    long result = io.result();
    if (Timing.isPresent(result) && io.sentNs() != 0) {
      timed(io, result, counters);
    }
    switch (io.outcome()) {
      case EXPIRED -> counters.add(ClassCounters.EXPIRED);
      case REFUSED -> counters.add(ClassCounters.REFUSED);
      case CANCELLED -> counters.add(ClassCounters.CANCELLED);
      case FAILED -> counters.add(ClassCounters.FAILED);
      case DONE -> deadline(io, latencyClass, counters);
    }
    if (slowNs > 0 && io.readyNs() - io.intendedStartNs() >= slowNs) {
      SlowIo.tell(io);
    }
  }

  private static void place(IoResult io, ClassCounters counters) {
    boolean known = io.completionCpu() >= 0 && io.consumerCpu() >= 0;
    boolean same = io.completionCpu() == io.consumerCpu();
    counters.add(
        !known ? ClassCounters.CPU_UNKNOWN : same ? ClassCounters.LOCAL : ClassCounters.ELSEWHERE);
  }

  private static void timed(IoResult io, long result, ClassCounters counters) {
    long deviceNs = Timing.deviceNs(result);
    long totalNs = Timing.totalNs(result);
    counters.add(ClassCounters.TIMED);
    counters.useful(io.readyNs() - io.submittedNs() - deviceNs);
    long networkNs = Math.max(0, io.completedNs() - io.sentNs() - totalNs);
    long sendNs = Math.max(0, totalNs - Timing.queueNs(result) - deviceNs);
    counters.ready(sendNs + networkNs / 2 + io.readyNs() - io.completedNs());
    int flags = Timing.flags(result);
    count(counters, flags, Timing.DEFERRED, ClassCounters.DEFERRED);
    count(counters, flags, Timing.DOWNGRADED, ClassCounters.DOWNGRADED);
    count(counters, flags, Timing.THROTTLED, ClassCounters.THROTTLED);
    count(counters, flags, Timing.CACHEHIT, ClassCounters.CACHE_HITS);
  }

  private static void count(ClassCounters counters, int flags, int flag, int count) {
    if ((flags & flag) != 0) {
      counters.add(count);
    }
  }

  private void deadline(IoResult io, int latencyClass, ClassCounters counters) {
    if (latencyClass == 0) {
      return;
    }
    long asked = IntentCodec.budgetUs(io.cdw2());
    long budgetUs = asked == 0 ? LatencyClass.defaultBudgetUs(latencyClass) : asked;
    long excessNs = io.readyNs() - io.submittedNs() - budgetUs * 1000;
    if (excessNs <= 0) {
      counters.add(ClassCounters.HITS);
    } else {
      counters.add(ClassCounters.MISSES);
      late.add(io, latencyClass, excessNs);
    }
  }

  /** Why a late command was late. */
  void cause(int latencyClass, LateCause cause) {
    handed[latencyClass].add(ClassCounters.CAUSES + cause.index());
  }

  /** Looks at the late commands of some time ago; now and then, on one thread. */
  public void explain() {
    late.explain();
  }

  @Override
  public void consumed(int latencyClass, long gapNs) {
    handed[latencyClass].gap(gapNs);
  }

  void addTo(ClassSum[] sums) {
    for (int i = 0; i < sums.length; i++) {
      looped[i].addTo(sums[i]);
      handed[i].addTo(sums[i]);
    }
  }
}
