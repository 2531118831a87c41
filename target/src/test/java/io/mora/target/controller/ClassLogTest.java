package io.mora.target.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.intent.LatencyClass;
import io.mora.target.metrics.ClassSums;
import io.mora.target.metrics.QueueCounts;
import io.mora.target.metrics.SampleSlot;
import org.junit.jupiter.api.Test;

/** Adding up while queues go on counting. */
class ClassLogTest {
  private static final int NORMAL = LatencyClass.NORMAL.code();

  private final ClassLog log = new ClassLog(4, new RegistrationTable());
  private final QueueCounts queue = new QueueCounts(1);

  private void count(QueueCounts counts, int nsid, int times) {
    SampleSlot sample = new SampleSlot();
    sample.nsid = nsid;
    sample.effectiveClass = NORMAL;
    sample.totalNs = 1_000;
    for (int i = 0; i < times; i++) {
      counts.record(sample);
    }
  }

  private static long commands(ClassSums sums) {
    return sums.commands(NORMAL);
  }

  @Test
  void whatIsCountedMeanwhileBelongsToNobodyElse() {
    log.add(queue);
    count(queue, 1, 5);
    ClassLog.View view = log.view();
    count(queue, 1, 3);
    count(queue, 2, 7); // a namespace that the view does not know
    assertThat(view.namespaces()).containsExactly(1);
    assertThat(commands(view.total(1))).isEqualTo(8);
    assertThat(commands(view.others())).isZero();
    assertThat(commands(log.view().total(2))).isEqualTo(7);
  }

  @Test
  void namespacesBeyondTheBoundAreCountedTogether() {
    log.add(queue);
    for (int nsid = 1; nsid <= QueueCounts.NAMESPACES_MAX + 3; nsid++) {
      count(queue, nsid, nsid);
    }
    ClassLog.View view = log.view();
    assertThat(view.namespaces()).hasSize(QueueCounts.NAMESPACES_MAX);
    long others = 17 + 18 + 19;
    assertThat(commands(view.others())).isEqualTo(others);
    assertThat(commands(view.total(0))).isEqualTo(19 * 20 / 2);
  }

  @Test
  void whatAGoneQueueCountedStays() {
    log.add(queue);
    count(queue, 1, 5);
    for (int nsid = 2; nsid <= QueueCounts.NAMESPACES_MAX + 1; nsid++) {
      count(queue, nsid, 1);
    }
    QueueCounts next = new QueueCounts(1);
    log.add(next);
    count(next, 1, 2);
    ClassLog.View view = log.view();
    assertThat(commands(view.total(1))).isEqualTo(7);
    assertThat(commands(view.others())).isEqualTo(1);
    assertThat(commands(view.total(0))).isEqualTo(5 + 2 + QueueCounts.NAMESPACES_MAX);
  }
}
