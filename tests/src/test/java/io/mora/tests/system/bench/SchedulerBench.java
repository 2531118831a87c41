package io.mora.tests.system.bench;

import io.mora.qos.ArrivalOrder;
import io.mora.qos.ClassScheduler;
import io.mora.qos.CostModel;
import io.mora.qos.DeviceWindow;
import io.mora.qos.IoClass;
import io.mora.qos.IoScheduler;
import io.mora.qos.ScheduledIo;
import io.mora.qos.SchedulerOptions;
import io.mora.qos.WindowPolicy;
import io.mora.qos.host.HostBudget;
import io.mora.qos.host.HostShare;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a command pays for being scheduled: submit, poll and complete, and the poll that finds that
 * nothing else may start, with so many entries queued all the time, of all classes, from eight
 * hosts. {@code mvn -Pjmh ...} builds it (docs/qos.md).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class SchedulerBench {
  private static final int HOSTS = 8;
  private static final int IN_FLIGHT = 32;
  private static final int CHANGES = 1 << 12;
  private static final long TICK_NS = 1_000;

  @Param({"classes", "open", "arrival"})
  public String policy = "classes";

  @Param({"16", "1000"})
  public int queued = 1000;

  private final int[] classes = new int[CHANGES];
  private final int[] budgets = new int[CHANGES];
  private final int[] hosts = new int[CHANGES];
  private final HostShare[] shares = new HostShare[HOSTS];
  private final ScheduledIo[] inFlight = new ScheduledIo[IN_FLIGHT];
  private IoScheduler scheduler = new ArrivalOrder(IN_FLIGHT + 1);
  private long nowNs;
  private int at;
  private int first;
  private int last;

  private static final class Entry extends ScheduledIo {}

  @Setup
  public void setup() {
    if (!policy.equals("arrival")) {
      ClassScheduler made = new ClassScheduler(SchedulerOptions.DEVICES);
      WindowPolicy window = policy.equals("open") ? WindowPolicy.OPEN : WindowPolicy.AUTO;
      made.line(CostModel.given(80_000, 500_000, 40_000, 500_000, 32), DeviceWindow.of(window), 0);
      scheduler = made;
    }
    Random random = new Random(1);
    for (int i = 0; i < CHANGES; i++) {
      classes[i] = random.nextInt(IoClass.COUNT);
      budgets[i] = 100_000 + random.nextInt(100_000_000);
      hosts[i] = random.nextInt(HOSTS);
    }
    for (int i = 0; i < HOSTS; i++) {
      shares[i] = HostBudget.unlimited(i, 100).share();
    }
    for (int i = 0; i < queued + IN_FLIGHT; i++) {
      submit(new Entry());
    }
    start();
  }

  /** Starts what may start, as far as there are places. */
  private void start() {
    while (last - first < IN_FLIGHT) {
      ScheduledIo io = scheduler.poll(nowNs);
      if (io == null) {
        return;
      }
      inFlight[last++ & IN_FLIGHT - 1] = io;
    }
  }

  private void submit(ScheduledIo io) {
    int i = at++ & CHANGES - 1;
    io.ioClass = classes[i];
    io.deadlineNs = nowNs + budgets[i];
    io.host = shares[hosts[i]];
    io.costBytes = 4096;
    scheduler.submit(io, nowNs);
  }

  @Benchmark
  public ScheduledIo command() {
    nowNs += TICK_NS;
    ScheduledIo done = inFlight[first++ & IN_FLIGHT - 1];
    scheduler.complete(done, nowNs);
    submit(done);
    start();
    return done;
  }
}
