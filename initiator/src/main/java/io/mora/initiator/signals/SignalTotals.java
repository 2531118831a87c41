package io.mora.initiator.signals;

import io.mora.protocol.intent.LatencyClass;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The queues' measurements as one. Any thread. */
public final class SignalTotals {
  private final List<QueueSignals> queues = new CopyOnWriteArrayList<>();

  public void add(QueueSignals queue) {
    queues.add(queue);
  }

  ClassSum[] sums() {
    ClassSum[] sums = new ClassSum[LatencyClass.COUNT];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = new ClassSum();
    }
    queues.forEach(queue -> queue.addTo(sums));
    return sums;
  }

  /** Every class, 0 to 7. */
  public List<ClassSignals> classes() {
    List<ClassSignals> classes = new ArrayList<>();
    ClassSum[] sums = sums();
    for (int i = 0; i < sums.length; i++) {
      classes.add(sums[i].toSignals(i));
    }
    return classes;
  }

  /** Finds the causes of what was late; now and then, on one thread. */
  public void explain() {
    queues.forEach(QueueSignals::explain);
  }
}
