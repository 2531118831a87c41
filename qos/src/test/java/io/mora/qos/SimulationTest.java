package io.mora.qos;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.qos.Simulation.Client;
import io.mora.qos.Simulation.Device;
import io.mora.qos.host.HostBudget;
import io.mora.qos.host.HostShare;
import io.mora.qos.host.TokenBucket;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The scheduler against arrival order on a modelled device and a clock of its own: what is measured
 * here is the policy, not the machine, and the same every time.
 */
class SimulationTest {
  private static final long SEED = 20_261_121;
  private static final long SECOND = 1_000_000_000L;
  private static final long MS = 1_000_000L;
  private static final int PIECE = 32_768;
  private static final int PIECES_OF_128_COMMANDS = 512;

  /** 8 places, 80 us a read and 130 us a write of 4 KiB, slow by ten times once in a thousand. */
  private static Device flash() {
    return new Device(8, 80_000, 130_000, 1_000_000, 10);
  }

  private static ClassScheduler classes(CostModel model, WindowPolicy policy) {
    ClassScheduler scheduler = new ClassScheduler(SchedulerOptions.DEVICES);
    scheduler.line(model, DeviceWindow.of(policy), 0);
    return scheduler;
  }

  private static Simulation on(IoScheduler scheduler) {
    return new Simulation(SEED, scheduler, flash());
  }

  /** What a run gave. */
  private record Outcome(long criticalP99Ns, double bulkMibs, double missed) {}

  private static Outcome run(IoScheduler scheduler, int bulkDepth) {
    Simulation simulation = on(scheduler);
    Client critical =
        simulation.new Client(IoClass.CRITICAL, 4096, false, 500_000, 500_000).depth(1);
    Client writers = simulation.new Client(IoClass.BULK, PIECE, true, 0, 100 * MS).depth(bulkDepth);
    Client readers =
        simulation.new Client(IoClass.BULK, PIECE, false, 0, 100 * MS).depth(bulkDepth);
    simulation.until(SECOND);
    critical.reset();
    writers.reset();
    readers.reset();
    simulation.until(6 * SECOND);
    double bulk = bulkDepth == 0 ? 0 : writers.mibPerSecond() + readers.mibPerSecond();
    return new Outcome(critical.percentileNs(0.99), bulk, critical.missedShare());
  }

  private static void compare(CostModel model) {
    Outcome alone = run(new ArrivalOrder(1024), 0);
    Outcome arrival = run(new ArrivalOrder(1024), PIECES_OF_128_COMMANDS / 2);
    Outcome honoured = run(classes(model, WindowPolicy.AUTO), PIECES_OF_128_COMMANDS / 2);
    System.out.printf(
        "seed %d: critical p99 alone %d us, in arrival order %d us, by class %d us; bulk %.0f and"
            + " %.0f MiB/s; deadlines missed %.4f%n",
        SEED,
        alone.criticalP99Ns / 1000,
        arrival.criticalP99Ns / 1000,
        honoured.criticalP99Ns / 1000,
        arrival.bulkMibs,
        honoured.bulkMibs,
        honoured.missed);
    assertThat(honoured.criticalP99Ns).isLessThan(2 * alone.criticalP99Ns);
    assertThat(honoured.criticalP99Ns * 10).isLessThan(arrival.criticalP99Ns);
    assertThat(honoured.bulkMibs).isGreaterThan(0.9 * arrival.bulkMibs);
    assertThat(honoured.missed).isLessThan(0.01);
  }

  @Test
  void criticalBesideBulkOnAKnownDevice() {
    compare(flash().model());
  }

  @Test
  void criticalBesideBulkOnADeviceThatIsLearned() {
    compare(CostModel.calibrating());
  }

  @Test
  void aTenantAtTenTimesItsRateLeavesTheOtherAlone() {
    long alone = tenants(false);
    long beside = tenants(true);
    System.out.printf("seed %d: tenant B p99 alone %d ns, beside A %d ns%n", SEED, alone, beside);
    assertThat(beside).isLessThan(2 * alone);
  }

  private static long tenants(boolean withA) {
    Simulation simulation = on(classes(flash().model(), WindowPolicy.AUTO));
    HostShare b = HostBudget.unlimited(2, 100).share();
    Client good =
        simulation.new Client(IoClass.LOW_LATENCY, 4096, false, 300_000, MS).of(b).depth(1);
    if (withA) {
      // 5,000 a second promised; 64 at a time without a pause are ten times that and more.
      HostShare a = new HostBudget(1, 100, new TokenBucket(5_000, 50, 0), null).share();
      Client greedy =
          simulation.new Client(IoClass.LOW_LATENCY, 4096, false, 0, MS).limited(a).depth(64);
      simulation.until(SECOND);
      assertThat(greedy.downgraded).isPositive();
    }
    simulation.until(SECOND);
    good.reset();
    simulation.until(4 * SECOND);
    return good.percentileNs(0.99);
  }

  @Test
  void prefetchAbsorbsTheLoss() {
    long once = withPrefetch(64);
    long twice = withPrefetch(128);
    System.out.printf(
        "seed %d: critical p99 %d ns, with twice the prefetch %d ns%n", SEED, once, twice);
    assertThat(twice).isLessThan(once * 11 / 10);
  }

  private static long withPrefetch(int depth) {
    Simulation simulation = on(classes(flash().model(), WindowPolicy.AUTO));
    Client critical = simulation.new Client(IoClass.CRITICAL, 4096, false, 500_000, MS).depth(1);
    Client prefetch = simulation.new Client(IoClass.PREFETCH, 32_768, false, 0, 20 * MS);
    prefetch.expires = true;
    prefetch.depth(depth);
    simulation.new Client(IoClass.BULK, PIECE, true, 0, 100 * MS).depth(128);
    simulation.until(SECOND);
    critical.reset();
    simulation.until(5 * SECOND);
    return critical.percentileNs(0.99);
  }

  @Test
  void anIdleLatencyClassGivesTheDeviceBack() {
    ClassScheduler scheduler = new ClassScheduler(SchedulerOptions.DEVICES);
    DeviceWindow window = DeviceWindow.of(WindowPolicy.AUTO);
    scheduler.line(flash().model(), window, 0);
    Simulation simulation = on(scheduler);
    Client critical = simulation.new Client(IoClass.CRITICAL, 4096, false, 100_000, MS).depth(1);
    simulation.new Client(IoClass.BULK, PIECE, true, 0, 100 * MS).depth(256);
    simulation.until(SECOND);
    assertThat(window.limit(simulation.nowNs())).isLessThan(Long.MAX_VALUE);
    long idle = WindowPolicy.AUTO.idleNs() + MS;
    assertThat(window.limit(simulation.nowNs() + idle)).isEqualTo(Long.MAX_VALUE);
    assertThat(critical.samples()).isPositive();
  }

  @Test
  void twoShardsShareOneWindow() {
    DeviceWindow window = DeviceWindow.of(WindowPolicy.BOUNDED);
    CostModel model = CostModel.given(100_000, 0, 100_000, 0, 4);
    ClassScheduler[] shards = new ClassScheduler[2];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = new ClassScheduler(SchedulerOptions.DEVICES);
      shards[i].line(model, window, 0);
    }
    // Bulk on the first shard, a few at a time, shows what the device can do ...
    long nowNs = 0;
    TestIo[] bulk = new TestIo[200];
    Arrays.setAll(bulk, i -> new TestIo(i, IoClass.BULK));
    for (TestIo io : bulk) {
      shards[0].submit(io, nowNs);
    }
    while (window.limit(nowNs) == Long.MAX_VALUE && nowNs < SECOND) {
      nowNs += 100_000;
      for (int i = 0; i < 4; i++) {
        ScheduledIo io = Objects.requireNonNull(shards[0].poll(nowNs));
        shards[0].complete(io, nowNs + 100_000);
        shards[0].submit(io, nowNs + 100_000);
      }
      // ... and a critical read on the second closes the window of both.
      TestIo critical = new TestIo(1000, IoClass.CRITICAL);
      shards[1].submit(critical, nowNs);
      assertThat(shards[1].poll(nowNs)).isSameAs(critical);
      shards[1].complete(critical, nowNs + 900_000);
    }
    assertThat(window.limit(nowNs)).isLessThan(Long.MAX_VALUE);
    nowNs += 2 * MS;
    int started = 0;
    while (shards[0].poll(nowNs) != null) {
      started++;
    }
    assertThat(started).isBetween(1, 20);
  }
}
