package io.mora.qos;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.qos.SchedulerOptions.Wait;
import io.mora.qos.SchedulerOptions.Weights;
import io.mora.qos.host.HostBudget;
import io.mora.qos.host.HostShare;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Who gets how much while everybody wants more: one I/O at a time, always something waiting. */
class ShareTest {
  private static final CostModel MODEL = CostModel.given(20_000, 1_000_000, 20_000, 1_000_000, 1);
  private static final int DEPTH = 8;

  /** One instance serves all tries. */
  private long nowNs;

  private ClassScheduler scheduler(Weights weights, int minimum, int background) {
    nowNs = 0;
    SchedulerOptions options =
        new SchedulerOptions(
            1, 1, weights, minimum, background, new Wait(Long.MAX_VALUE, 8, false));
    ClassScheduler scheduler = new ClassScheduler(options);
    scheduler.line(MODEL, DeviceWindow.of(WindowPolicy.OPEN), 0);
    return scheduler;
  }

  /** Serves one entry, which at once comes back; device time it took. */
  private TestIo serve(ClassScheduler scheduler) {
    TestIo io = (TestIo) Objects.requireNonNull(scheduler.poll(nowNs), "an idle device");
    nowNs += MODEL.costNs(io.writes, io.costBytes);
    scheduler.complete(io, nowNs);
    return io;
  }

  private static long cost(ScheduledIo io) {
    return MODEL.costNs(io.writes, io.costBytes);
  }

  @Property(tries = 60)
  void hostsGetTheirWeights(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = IoClass.NORMAL) int ioClass) {
    Random random = new Random(seed);
    ClassScheduler scheduler = scheduler(Weights.DEFAULT, 10, 2);
    int hosts = 2 + random.nextInt(6);
    long[] got = new long[hosts];
    int[] weights = new int[hosts];
    long costMax = 0;
    for (int h = 0; h < hosts; h++) {
      weights[h] = 50 + random.nextInt(951);
      HostShare share = HostBudget.unlimited(h, weights[h]).share();
      int bytes = 4096 << random.nextInt(6);
      for (int i = 0; i < DEPTH; i++) {
        TestIo io = new TestIo(h, ioClass).from(share);
        io.costBytes = bytes;
        costMax = Math.max(costMax, cost(io));
        scheduler.submit(io, nowNs);
      }
    }
    for (int i = 0; i < 5000; i++) {
      TestIo io = serve(scheduler);
      got[io.number] += cost(io);
      scheduler.submit(io, nowNs);
      for (int a = 0; a < hosts; a++) {
        for (int b = a + 1; b < hosts; b++) {
          double apart = Math.abs((double) got[a] / weights[a] - (double) got[b] / weights[b]);
          double bound = (double) costMax / weights[a] + (double) costMax / weights[b];
          assertThat(apart).as("after %s, hosts %s and %s", i, a, b).isLessThanOrEqualTo(bound + 1);
        }
      }
    }
  }

  @Property(tries = 40)
  void classesGetTheirWeights(@ForAll long seed) {
    Random random = new Random(seed);
    Weights weights =
        new Weights(
            50 + random.nextInt(950),
            50 + random.nextInt(950),
            50 + random.nextInt(950),
            50 + random.nextInt(950));
    ClassScheduler scheduler = scheduler(weights, 10, 1);
    long[] got = new long[IoClass.COUNT];
    for (int c = IoClass.BACKGROUND; c <= IoClass.NORMAL; c++) {
      int bytes = 4096 << random.nextInt(6);
      for (int i = 0; i < DEPTH; i++) {
        TestIo io = new TestIo(i, c);
        io.costBytes = bytes;
        scheduler.submit(io, nowNs);
      }
    }
    long all = 0;
    for (int i = 0; i < 20_000; i++) {
      TestIo io = serve(scheduler);
      got[io.ioClass] += cost(io);
      all += cost(io);
      scheduler.submit(io, nowNs);
    }
    int sum = weights.normal() + weights.prefetch() + weights.bulk() + weights.background();
    for (int c = IoClass.BACKGROUND; c <= IoClass.NORMAL; c++) {
      double share = (double) got[c] / all;
      double due = (double) weights.of(c) / sum;
      assertThat(share).as(IoClass.name(c)).isBetween(due - 0.01, due + 0.01);
    }
  }

  @Test
  void theRestHasItsMinimumAgainstAFloodOfCritical() {
    ClassScheduler scheduler = scheduler(Weights.DEFAULT, 10, 2);
    for (int i = 0; i < DEPTH; i++) {
      for (int c = IoClass.BACKGROUND; c <= IoClass.CRITICAL; c++) {
        scheduler.submit(new TestIo(i, c), nowNs);
      }
    }
    long[] got = new long[IoClass.COUNT];
    for (int i = 0; i < 50_000; i++) {
      TestIo io = serve(scheduler);
      got[io.ioClass]++;
      scheduler.submit(io, nowNs);
    }
    long below = got[1] + got[2] + got[3] + got[4];
    assertThat(below).isBetween(4_950L, 5_100L);
    assertThat(got[IoClass.BACKGROUND]).isBetween(980L, 1_100L);
    assertThat(got[IoClass.CRITICAL]).isBetween(44_900L, 45_050L);
  }

  @Test
  void aloneAnyClassHasTheDeviceToItself() {
    for (int c = IoClass.BACKGROUND; c <= IoClass.CRITICAL; c++) {
      ClassScheduler scheduler = new ClassScheduler(SchedulerOptions.DEVICES);
      scheduler.line(MODEL, DeviceWindow.of(WindowPolicy.BOUNDED), 0);
      for (int i = 0; i < 100; i++) {
        scheduler.submit(new TestIo(i, c), 0);
      }
      int started = 0;
      while (scheduler.poll(0) != null) {
        started++;
      }
      assertThat(started).as(IoClass.name(c)).isEqualTo(100);
    }
  }

  @Property(tries = 60)
  void nobodyStarves(@ForAll long seed) {
    Random random = new Random(seed);
    SchedulerOptions options =
        new SchedulerOptions(1, 1, Weights.DEFAULT, 10, 2, new Wait(1_000_000, 8, false));
    nowNs = 0;
    ClassScheduler scheduler = new ClassScheduler(options);
    scheduler.line(MODEL, DeviceWindow.of(WindowPolicy.BOUNDED), 0);
    HostShare host = HostBudget.unlimited(1, 100).share();
    // A flood of everything from the same host, always better than what is tested.
    for (int i = 0; i < 4 * DEPTH; i++) {
      TestIo io = new TestIo(-1, 1 + random.nextInt(7)).from(host);
      io.confidence = 15;
      io.deadlineNs = Long.MIN_VALUE / 4;
      scheduler.submit(io, nowNs);
    }
    List<TestIo> poor = new ArrayList<>();
    for (int c = IoClass.BACKGROUND; c <= IoClass.NORMAL; c++) {
      TestIo io = new TestIo(c, c).from(host).due(Long.MAX_VALUE / 4);
      io.speculative = true;
      io.confidence = 0;
      poor.add(io);
      scheduler.submit(io, nowNs);
    }
    Deque<TestIo> waiting = new ArrayDeque<>(poor);
    // Ten in a hundred go to classes 1 to 4, of these one in eight to who waits longest.
    int bound = 100 / 10 * 8 * (4 * DEPTH + poor.size()) * 2;
    for (int i = 0; i < bound && !waiting.isEmpty(); i++) {
      TestIo io = serve(scheduler);
      if (!waiting.remove(io)) {
        io.deadlineNs = Long.MIN_VALUE / 4;
        scheduler.submit(io, nowNs);
      }
    }
    assertThat(waiting).as("never served").isEmpty();
  }

  @Property(tries = 100)
  void whatIsFeasibleIsMet(@ForAll long seed) {
    Random random = new Random(seed);
    ClassScheduler scheduler = scheduler(Weights.DEFAULT, 10, 2);
    int flows = 1 + random.nextInt(5);
    long[] periodNs = new long[flows];
    long[] nextNs = new long[flows];
    long one = MODEL.costNs(false, 4096);
    for (int f = 0; f < flows; f++) {
      // Together at most nine tenths of the device.
      periodNs[f] = (long) (flows * one / 0.9) + random.nextInt((int) one);
      nextNs[f] = random.nextInt((int) periodNs[f]);
    }
    int made = 0;
    for (int i = 0; i < 20_000; i++) {
      for (int f = 0; f < flows; f++) {
        for (; nextNs[f] <= nowNs; nextNs[f] += periodNs[f]) {
          int ioClass = IoClass.INTERACTIVE + f % 2;
          // One that has just started cannot be taken back: it is allowed for.
          scheduler.submit(new TestIo(made++, ioClass).due(nextNs[f] + periodNs[f] + one), nowNs);
        }
      }
      TestIo io = (TestIo) scheduler.poll(nowNs);
      if (io == null) {
        nowNs += 1_000;
        continue;
      }
      nowNs += one;
      scheduler.complete(io, nowNs);
      assertThat(nowNs).as("%s", io).isLessThanOrEqualTo(io.deadlineNs);
    }
  }
}
