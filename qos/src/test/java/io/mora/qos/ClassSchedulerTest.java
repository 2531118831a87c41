package io.mora.qos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.qos.SchedulerOptions.Wait;
import io.mora.qos.SchedulerOptions.Weights;
import io.mora.qos.host.HostBudget;
import io.mora.qos.host.HostShare;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClassSchedulerTest {
  private static final CostModel FLAT = CostModel.given(100_000, 0, 100_000, 0, 8);

  private final ClassScheduler scheduler = new ClassScheduler(SchedulerOptions.DEVICES);
  private final DeviceLine line = scheduler.line(FLAT, DeviceWindow.of(WindowPolicy.OPEN), 0);

  private static List<ScheduledIo> drain(ClassScheduler scheduler, long nowNs) {
    List<ScheduledIo> order = new ArrayList<>();
    for (ScheduledIo io = scheduler.poll(nowNs); io != null; io = scheduler.poll(nowNs)) {
      order.add(io);
      scheduler.complete(io, nowNs);
    }
    return order;
  }

  private TestIo submit(TestIo io) {
    scheduler.submit(io, 0);
    return io;
  }

  @Test
  void criticalThenDeadlinesThenTheRest() {
    TestIo normal = submit(new TestIo(1, IoClass.NORMAL));
    TestIo interactiveSoon = submit(new TestIo(2, IoClass.INTERACTIVE).due(10));
    TestIo lowLate = submit(new TestIo(3, IoClass.LOW_LATENCY).due(30));
    TestIo low = submit(new TestIo(4, IoClass.LOW_LATENCY).due(20));
    TestIo interactiveTie = submit(new TestIo(5, IoClass.INTERACTIVE).due(20));
    TestIo step = new TestIo(6, IoClass.LOW_LATENCY).due(20);
    step.stepCritical = true;
    submit(step);
    TestIo criticalLate = submit(new TestIo(7, IoClass.CRITICAL).due(1000));
    TestIo critical = submit(new TestIo(8, IoClass.CRITICAL).due(900));
    assertThat(drain(scheduler, 0))
        .containsExactly(
            critical, criticalLate, interactiveSoon, step, low, interactiveTie, lowLate, normal);
  }

  @Test
  void deadlinesOrderAcrossTheClocksWrap() {
    TestIo after = submit(new TestIo(1, IoClass.CRITICAL).due(Long.MIN_VALUE + 5));
    TestIo before = submit(new TestIo(2, IoClass.CRITICAL).due(Long.MAX_VALUE - 5));
    assertThat(drain(scheduler, 0)).containsExactly(before, after);
  }

  @Test
  void readaheadYieldsToItsOwnHostOnly() {
    HostShare a = HostBudget.unlimited(1, 100).share();
    HostShare b = HostBudget.unlimited(2, 100).share();
    TestIo ahead = new TestIo(1, IoClass.NORMAL).from(a);
    ahead.speculative = true;
    submit(ahead);
    TestIo demand = submit(new TestIo(2, IoClass.NORMAL).from(a));
    List<TestIo> others = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      others.add(submit(new TestIo(100 + i, IoClass.NORMAL).from(b)));
    }
    List<ScheduledIo> order = drain(scheduler, 0);
    assertThat(order.indexOf(demand)).isLessThan(order.indexOf(ahead));
    assertThat(order.indexOf(ahead)).isLessThanOrEqualTo(4);
    assertThat(order).filteredOn(others::contains).containsExactlyElementsOf(others);
  }

  @Test
  void prefetchByConfidenceThenDeadline() {
    TestIo unsure = new TestIo(1, IoClass.PREFETCH).due(1);
    unsure.confidence = 2;
    TestIo sureLate = new TestIo(2, IoClass.PREFETCH).due(20);
    sureLate.confidence = 15;
    TestIo sure = new TestIo(3, IoClass.PREFETCH).due(10);
    sure.confidence = 15;
    submit(unsure);
    submit(sureLate);
    submit(sure);
    assertThat(drain(scheduler, 0)).containsExactly(sure, sureLate, unsure);
  }

  @Test
  void whatExpiredIsHandedOutToBeDropped() {
    TestIo dropped = new TestIo(1, IoClass.PREFETCH).due(100);
    dropped.expires = true;
    TestIo kept = new TestIo(2, IoClass.PREFETCH).due(100);
    TestIo critical = new TestIo(3, IoClass.CRITICAL).due(100);
    critical.expires = true;
    submit(dropped);
    submit(kept);
    submit(critical);
    assertThat(drain(scheduler, 101)).containsExactly(critical, dropped, kept);
    assertThat(dropped.expired).isTrue();
    assertThat(kept.expired).isFalse();
    assertThat(critical.expired).isFalse();
    scheduler.submit(dropped.due(300), 200);
    assertThat(scheduler.poll(300)).isSameAs(dropped);
    assertThat(dropped.expired).isFalse();
  }

  @Test
  void aClosedWindowStillHandsOutWhatExpired() {
    ClassScheduler narrow = new ClassScheduler(SchedulerOptions.DEVICES);
    narrow.line(FLAT, DeviceWindow.fixed(1), 0);
    TestIo running = new TestIo(1, IoClass.BULK);
    TestIo dropped = new TestIo(2, IoClass.BULK).due(10);
    dropped.expires = true;
    narrow.submit(running, 0);
    narrow.submit(dropped, 0);
    assertThat(narrow.poll(0)).isSameAs(running);
    assertThat(narrow.poll(5)).isNull();
    narrow.submit(new TestIo(3, IoClass.BULK).due(20), 11);
    assertThat(narrow.poll(11)).isSameAs(dropped);
    assertThat(dropped.expired).isTrue();
    narrow.complete(dropped, 11);
    assertThat(narrow.poll(11)).isNull();
    narrow.complete(running, 12);
    assertThat(narrow.poll(12)).isNotNull();
  }

  @Test
  void latencyOfEveryLineBeforeTheRestOfAny() {
    DeviceLine second = scheduler.line(FLAT, DeviceWindow.of(WindowPolicy.OPEN), 0);
    TestIo bulk = submit(new TestIo(1, IoClass.BULK).on(line));
    TestIo low = submit(new TestIo(2, IoClass.LOW_LATENCY).on(line));
    TestIo critical = submit(new TestIo(3, IoClass.CRITICAL).on(second));
    TestIo otherBulk = submit(new TestIo(4, IoClass.BULK).on(second));
    assertThat(drain(scheduler, 0)).startsWith(critical, low).contains(bulk, otherBulk);
  }

  @Test
  void anEighthOfTheplacesIsForLatencyClasses() {
    ClassScheduler small =
        new ClassScheduler(
            new SchedulerOptions(16, 16, Weights.DEFAULT, 10, 2, new Wait(1 << 30, 8, false)));
    small.line(FLAT, DeviceWindow.of(WindowPolicy.OPEN), 0);
    for (int i = 0; i < 30; i++) {
      small.submit(new TestIo(i, IoClass.BULK), 0);
    }
    @Nullable ScheduledIo last = null;
    for (int i = 0; i < 14; i++) {
      last = small.poll(0);
      assertThat(last).isNotNull();
    }
    assertThat(small.poll(0)).isNull();
    TestIo critical = new TestIo(50, IoClass.CRITICAL);
    small.submit(critical, 0);
    assertThat(small.poll(0)).isSameAs(critical);
    assertThat(small.queued()).isEqualTo(16);
    assertThat(small.inFlight()).isEqualTo(15);
  }

  @Test
  void whatIsOwedIsGivenThoughLatencyClassesFillTheDevice() {
    ClassScheduler small =
        new ClassScheduler(
            new SchedulerOptions(16, 16, Weights.DEFAULT, 10, 2, new Wait(1 << 30, 8, false)));
    small.line(FLAT, DeviceWindow.of(WindowPolicy.OPEN), 0);
    for (int i = 0; i < 1000; i++) {
      small.submit(new TestIo(i, IoClass.CRITICAL), 0);
    }
    for (int i = 0; i < 50; i++) {
      small.submit(new TestIo(2000 + i, IoClass.BULK), 0);
    }
    ArrayDeque<ScheduledIo> device = new ArrayDeque<>();
    int bulk = 0;
    for (int i = 0; i < 200; i++) {
      for (ScheduledIo io = small.poll(0); io != null; io = small.poll(0)) {
        device.add(io);
        bulk += io.ioClass == IoClass.BULK ? 1 : 0;
      }
      assertThat(small.inFlight()).isEqualTo(16);
      small.complete(device.remove(), 0);
    }
    assertThat(bulk).as("a tenth of 215").isBetween(20, 22);
  }

  @Test
  void linesComeAndGo() {
    assertThat(scheduler.remove(line)).isTrue();
    TestIo io = new TestIo(1, IoClass.NORMAL);
    assertThatThrownBy(() -> scheduler.submit(io, 0)).hasMessageContaining("no line");
    DeviceLine next = scheduler.line(FLAT, DeviceWindow.of(WindowPolicy.OPEN), 0);
    scheduler.submit(io, 0);
    assertThat(scheduler.remove(next)).isFalse();
    assertThat(scheduler.poll(0)).isSameAs(io);
    assertThat(scheduler.remove(next)).isFalse();
    scheduler.complete(io, 0);
    assertThat(scheduler.remove(next)).isTrue();
  }

  /** As the target makes one for large writes. */
  private static ClassScheduler admission(long windowBytes, long nowNs) {
    ClassScheduler made = new ClassScheduler(SchedulerOptions.ADMISSION);
    made.line(CostModel.bytes(), DeviceWindow.fixed(windowBytes), nowNs);
    return made;
  }

  @Test
  void admissionHoldsBulkByBytesAndNeverLatency() {
    ClassScheduler admission = admission(8192, 0);
    TestIo first = new TestIo(1, IoClass.BULK);
    TestIo second = new TestIo(2, IoClass.BULK).on(line);
    TestIo third = new TestIo(3, IoClass.BULK);
    admission.submit(first, 0);
    admission.submit(second, 0);
    admission.submit(third, 1_000);
    assertThat(admission.poll(1_000)).isSameAs(first);
    assertThat(admission.poll(1_000)).isSameAs(second);
    assertThat(admission.poll(1_000)).isNull();
    TestIo critical = new TestIo(4, IoClass.CRITICAL);
    critical.costBytes = 1 << 20;
    admission.submit(critical, 2_000);
    assertThat(admission.poll(2_000)).isSameAs(critical);
    long longest = SchedulerOptions.ADMISSION.waiting().longestNs();
    assertThat(admission.nextTimedNs()).isEqualTo(1_000 + longest);
    assertThat(admission.poll(999 + longest)).isNull();
    assertThat(admission.poll(1_000 + longest)).isSameAs(third);
    assertThat(admission.nextTimedNs()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void admissionTakesAnEntryLongerThanItsWindowAlone() {
    ClassScheduler admission = admission(8192, 0);
    TestIo large = new TestIo(1, IoClass.BULK);
    large.costBytes = 1 << 20;
    admission.submit(large, 0);
    admission.submit(new TestIo(2, IoClass.BULK), 0);
    assertThat(admission.poll(0)).isSameAs(large);
    assertThat(admission.poll(0)).isNull();
    admission.complete(large, 1);
    assertThat(admission.poll(1)).isNotNull();
  }

  @Test
  void cancelKnowsItsOwn() {
    TestIo io = new TestIo(1, IoClass.BULK);
    assertThat(scheduler.cancel(io)).isFalse();
    submit(io);
    ClassScheduler other = admission(1, 0);
    assertThat(other.cancel(io)).isFalse();
    assertThat(scheduler.cancel(io)).isTrue();
    assertThat(scheduler.cancel(io)).isFalse();
    assertThat(scheduler.queued()).isZero();
    assertThat(scheduler.poll(0)).isNull();
  }

  @Test
  void onlyTimeSpentInTheDeviceIsLearned() {
    ClassScheduler learning = new ClassScheduler(SchedulerOptions.DEVICES);
    CostModel model = CostModel.calibrating();
    learning.line(model, DeviceWindow.of(WindowPolicy.AUTO), 0);
    long before = model.costNs(false, 4096);
    for (int i = 0; i < 3 * CostModel.SAMPLES_LEAST; i++) {
      TestIo io = new TestIo(i, IoClass.CRITICAL);
      learning.submit(io, i);
      assertThat(learning.poll(i)).isSameAs(io);
      io.unmeasured = i % 2 == 0;
      learning.complete(io, i % 2 == 0 ? i + 1 : i);
    }
    assertThat(model.costNs(false, 4096)).isEqualTo(before);
    for (int i = 0; i < CostModel.SAMPLES_LEAST; i++) {
      TestIo io = new TestIo(i, IoClass.CRITICAL);
      learning.submit(io, i);
      assertThat(learning.poll(i)).isSameAs(io);
      learning.complete(io, i + 30_000);
    }
    assertThat(model.costNs(false, 4096)).isEqualTo(30_000);
  }

  @Test
  void aRangeOfAnyLengthHasACost() {
    CostModel model = CostModel.calibrating();
    assertThat(model.costNs(true, Long.MAX_VALUE)).isPositive();
  }

  @Test
  void optionsNameWhatIsWrong() {
    assertThatThrownBy(
            () -> new SchedulerOptions(0, 1, Weights.DEFAULT, 10, 2, new Wait(1, 1, false)))
        .hasMessageContaining("inFlightMax 0");
    assertThatThrownBy(
            () -> new SchedulerOptions(1, 1, Weights.DEFAULT, 10, 11, new Wait(1, 1, false)))
        .hasMessageContaining("backgroundMinimumPercent 11: 1 to 10");
    assertThatThrownBy(() -> new Weights(0, 1, 1, 1)).hasMessageContaining("weights.normal 0");
  }
}
