package io.mora.qos;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.qos.SchedulerOptions.Wait;
import io.mora.qos.SchedulerOptions.Weights;
import io.mora.qos.host.HostBudget;
import io.mora.qos.host.HostShare;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds whatever is submitted, cancelled and completed in whatever order. */
class SchedulerPropertyTest {
  private static final int STEPS = 2_000;

  /** A scheduler and all that went through it. */
  private static final class Traffic {
    final Random random;
    final ClassScheduler scheduler;
    final List<DeviceLine> lines = new ArrayList<>();
    final List<HostShare> hosts = new ArrayList<>();
    final List<TestIo> waiting = new ArrayList<>();
    final List<TestIo> inFlight = new ArrayList<>();
    final List<TestIo> started = new ArrayList<>();
    final SchedulerOptions options;
    long nowNs;
    int made;

    Traffic(long seed, boolean driven) {
      random = new Random(seed);
      options =
          new SchedulerOptions(
              1 + random.nextInt(64),
              1 + random.nextInt(32),
              new Weights(
                  1 + random.nextInt(100),
                  1 + random.nextInt(100),
                  1 + random.nextInt(100),
                  1 + random.nextInt(10)),
              10,
              2,
              new Wait(5_000_000, 1 + random.nextInt(8), random.nextBoolean()));
      scheduler = new ClassScheduler(options);
      int count = 1 + random.nextInt(3);
      for (int i = 0; i < count; i++) {
        DeviceWindow window =
            driven
                ? DeviceWindow.of(new WindowPolicy(true, 120, 0, 50, 50_000))
                : DeviceWindow.fixed(1 + random.nextInt(2_000_000));
        lines.add(scheduler.line(CostModel.given(50_000, 1_000, 70_000, 2_000, 4), window, 0));
      }
      for (int i = 0; i < 5; i++) {
        hosts.add(HostBudget.unlimited(i * 37, 1 + random.nextInt(1000)).share());
      }
    }

    TestIo submit() {
      TestIo io = new TestIo(made++, random.nextInt(9));
      io.device = random.nextInt(10) == 0 ? null : lines.get(random.nextInt(lines.size()));
      io.host = random.nextInt(6) == 0 ? null : hosts.get(random.nextInt(hosts.size()));
      io.costBytes = random.nextInt(4) == 0 ? 0 : 512L << random.nextInt(9);
      io.writes = random.nextBoolean();
      io.stepCritical = random.nextInt(8) == 0;
      io.speculative = random.nextInt(4) == 0;
      io.confidence = random.nextInt(16);
      io.expires = random.nextInt(8) == 0;
      io.deadlineNs = nowNs + random.nextInt(1_000_000);
      scheduler.submit(io, nowNs);
      waiting.add(io);
      return io;
    }

    boolean poll() {
      TestIo io = (TestIo) scheduler.poll(nowNs);
      if (io == null) {
        return false;
      }
      assertThat(waiting.remove(io)).as("handed out once: %s", io).isTrue();
      inFlight.add(io);
      started.add(io);
      return true;
    }

    void complete() {
      if (!inFlight.isEmpty()) {
        scheduler.complete(inFlight.remove(random.nextInt(inFlight.size())), nowNs);
      }
    }

    void cancel() {
      if (!waiting.isEmpty()) {
        TestIo io = waiting.remove(random.nextInt(waiting.size()));
        assertThat(scheduler.cancel(io)).isTrue();
        assertThat(scheduler.cancel(io)).isFalse();
      }
    }

    void check() {
      assertThat(scheduler.queued()).isEqualTo(waiting.size());
      assertThat(scheduler.inFlight())
          .isEqualTo(inFlight.size())
          .isLessThanOrEqualTo(options.inFlightMax());
      // Work conservation: a device that stands idle has nothing waiting.
      if (inFlight.isEmpty() && !waiting.isEmpty()) {
        assertThat(poll()).as("idle device, %s waiting", waiting.size()).isTrue();
      }
    }
  }

  @Property(tries = 300)
  void eachEntryIsHandedOutOnceOrCancelled(@ForAll long seed, @ForAll boolean driven) {
    Traffic traffic = new Traffic(seed, driven);
    for (int i = 0; i < STEPS; i++) {
      traffic.nowNs += traffic.random.nextInt(20_000);
      switch (traffic.random.nextInt(8)) {
        case 0, 1, 2 -> traffic.submit();
        case 3, 4 -> traffic.poll();
        case 5, 6 -> traffic.complete();
        default -> traffic.cancel();
      }
      traffic.check();
    }
    while (!traffic.waiting.isEmpty() || !traffic.inFlight.isEmpty()) {
      traffic.nowNs += 10_000;
      while (traffic.poll()) {}
      assertThat(traffic.inFlight).as("progress").isNotEmpty();
      traffic.complete();
      traffic.check();
    }
    assertThat(traffic.scheduler.poll(traffic.nowNs)).isNull();
    for (DeviceLine line : traffic.lines) {
      assertThat(line.inFlight()).isZero();
      assertThat(line.inFlightCost()).isZero();
      assertThat(line.queued()).isZero();
    }
  }

  @Property(tries = 200)
  void aHostsEqualsKeepTheirOrder(@ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int type) {
    Traffic traffic = new Traffic(seed, false);
    List<TestIo> mine = new ArrayList<>();
    HostShare me = HostBudget.unlimited(1000 + 1, 100).share();
    for (int i = 0; i < 600; i++) {
      traffic.nowNs += traffic.random.nextInt(1_000);
      if (traffic.random.nextBoolean()) {
        TestIo io = new TestIo(100_000 + i, type).from(me).due(traffic.nowNs + 1_000_000);
        io.device = traffic.lines.get(0);
        traffic.scheduler.submit(io, traffic.nowNs);
        traffic.waiting.add(io);
        mine.add(io);
      } else {
        traffic.submit();
      }
      if (traffic.random.nextInt(3) == 0 && traffic.poll()) {
        traffic.complete();
      }
    }
    while (!traffic.waiting.isEmpty()) {
      while (traffic.poll()) {}
      traffic.complete();
    }
    assertThat(traffic.started).filteredOn(mine::contains).containsExactlyElementsOf(mine);
  }

  @Property(tries = 100)
  void cancellingMostLeavesTheRestInOrder(@ForAll long seed) {
    Random random = new Random(seed);
    ClassScheduler scheduler = new ClassScheduler(SchedulerOptions.DEVICES);
    scheduler.line(CostModel.given(1, 0, 1, 0, 1), DeviceWindow.of(WindowPolicy.OPEN), 0);
    List<TestIo> left = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      TestIo io = new TestIo(i, IoClass.LOW_LATENCY).due(random.nextInt(100));
      io.stepCritical = random.nextBoolean();
      scheduler.submit(io, 0);
      left.add(io);
      if (random.nextInt(3) > 0) {
        assertThat(scheduler.cancel(left.remove(random.nextInt(left.size())))).isTrue();
      }
    }
    left.sort(
        (a, b) ->
            a.deadlineNs != b.deadlineNs
                ? Long.compare(a.deadlineNs, b.deadlineNs)
                : a.stepCritical != b.stepCritical
                    ? (a.stepCritical ? -1 : 1)
                    : Integer.compare(a.number, b.number));
    for (TestIo expected : left) {
      ScheduledIo io = scheduler.poll(0);
      assertThat(io).isSameAs(expected);
      scheduler.complete(expected, 0);
    }
    assertThat(scheduler.queued()).isZero();
  }
}
