package io.mora.target.controller.admin;

import io.mora.protocol.intent.ClassLogPage;
import io.mora.protocol.intent.IntentEvent;
import io.mora.protocol.intent.LatencyBuckets;
import io.mora.protocol.intent.LatencyClass;
import io.mora.protocol.intent.SloTable;
import io.mora.protocol.intent.SloTable.Slo;
import io.mora.target.controller.Controller;
import io.mora.target.metrics.ClassCounts;
import io.mora.target.metrics.ClassSums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The objectives a host set by feature E2h: looks once a second whether one was missed in a window
 * that has ended, and raises the events of the extension. The home shard only.
 */
final class SloWatch {
  private static final int PER_10000 = 10_000;
  private static final int P99 = 990_000;
  private static final long NS_PER_US = 1_000;

  private final Controller controller;
  private final AsyncEvents events;
  private final Slo[] slos = new Slo[LatencyClass.COUNT];
  private final ClassSums[] before = new ClassSums[LatencyClass.COUNT];
  private final long[] windowStartNs = new long[LatencyClass.COUNT];
  private @Nullable ScheduledFuture<?> timer;
  private int generation;
  private long downgradedBefore;
  private boolean downgradingBefore;

  SloWatch(Controller controller, AsyncEvents events) {
    this.controller = controller;
    this.events = events;
    Arrays.fill(slos, Slo.NONE);
    Arrays.fill(before, new ClassSums());
    controller.intent().onLost(this::lost);
  }

  SloTable table() {
    return new SloTable(new ArrayList<>(List.of(slos)));
  }

  /** Sets a class's objective; its window begins now. */
  void set(int latencyClass, Slo slo) {
    slos[latencyClass] = slo;
    ClassSums now = controller.classLog().total(0, 0);
    before[latencyClass] = now;
    windowStartNs[latencyClass] = System.nanoTime();
    if (anyEvents() && timer == null) {
      generation = controller.intent().grant().generation();
      downgradedBefore = downgraded(now);
      timer =
          controller
              .home()
              .shard()
              .loop()
              .eventLoop()
              .scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    } else if (!anyEvents()) {
      stop();
    }
  }

  void reset() {
    Arrays.fill(slos, Slo.NONE);
    stop();
  }

  private void stop() {
    ScheduledFuture<?> running = timer;
    if (running != null) {
      running.cancel(false);
      timer = null;
    }
  }

  private boolean anyEvents() {
    for (Slo slo : slos) {
      if (slo.events()) {
        return true;
      }
    }
    return false;
  }

  /** Regions were lost: told if events are on for some class, as all of the extension are. */
  private void lost() {
    if (anyEvents()) {
      events.raise(IntentEvent.dw0(IntentEvent.REGISTRATION_LOST));
    }
  }

  private void tick() {
    if (controller.isEnded()) {
      stop();
      return;
    }
    look(System.nanoTime());
  }

  /** Judges the windows that have ended. */
  void look(long nowNs) {
    ClassSums now = controller.classLog().total(0, 0);
    int current = controller.intent().grant().generation();
    if (current != generation) {
      generation = current;
      events.raise(IntentEvent.dw0(IntentEvent.GRANTS_CHANGED));
    }
    long downgraded = downgraded(now);
    boolean downgrading = downgraded > downgradedBefore;
    if (downgrading && !downgradingBefore) {
      events.raise(IntentEvent.dw0(IntentEvent.DOWNGRADING));
    }
    downgradedBefore = downgraded;
    downgradingBefore = downgrading;
    for (int i = 0; i < slos.length; i++) {
      Slo slo = slos[i];
      long windowNs = TimeUnit.SECONDS.toNanos(Math.max(1, slo.windowS()));
      if (slo.events() && nowNs - windowStartNs[i] >= windowNs) {
        if (isBreached(slo, i, now)) {
          events.raise(IntentEvent.dw0(IntentEvent.SLO_BREACH));
        }
        before[i] = now;
        windowStartNs[i] = nowNs;
      }
    }
  }

  private boolean isBreached(Slo slo, int latencyClass, ClassSums now) {
    ClassSums window = new ClassSums();
    window.add(now);
    window.subtract(before[latencyClass]);
    long commands = window.counter(latencyClass, ClassCounts.COMMANDS);
    if (commands == 0) {
      return false;
    }
    long misses = window.counter(latencyClass, ClassCounts.MISSES);
    long[] total = window.histogram(latencyClass, ClassLogPage.TOTAL);
    boolean slow =
        slo.p99Us() > 0 && LatencyBuckets.quantileNs(total, P99) > slo.p99Us() * NS_PER_US;
    return slow || misses * PER_10000 > commands * slo.missesPer10000();
  }

  private static long downgraded(ClassSums sums) {
    long count = 0;
    for (int i = 0; i < LatencyClass.COUNT; i++) {
      count += sums.counter(i, ClassCounts.DOWNGRADED);
    }
    return count;
  }
}
