package io.mora.cli.workload;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.load.Dice;
import io.mora.cli.load.Workload;
import io.mora.cli.workload.Tally.Count;
import io.mora.cli.workload.plan.Arrivals;
import io.mora.cli.workload.plan.Plan;
import io.mora.cli.workload.plan.Planner;
import io.mora.cli.workload.plan.RatePhase;
import io.mora.initiator.RemoteNamespace;
import io.mora.qos.locality.PinnedThreads;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Starts requests when they are due, whatever became of those before (open loop): a request that
 * finds too many under way waits, its time running. One thread begins them and their layers; their
 * reads end on the initiator's loops.
 */
final class RequestLoad {
  /** Requests that wait to begin; what comes beyond them is turned away. */
  static final int WAITING_MAX = 1 << 17;

  /** How much less sure a service is of each layer further ahead. */
  private static final int DOUBT_PERCENT = 5;

  /** Who begins requests lets those go first who receive answers, where they share a CPU. */
  private static final int NICENESS = 10;

  private static final long LOOK_NS = 10_000_000;
  private static final int FLOWS = 0xFFFF;

  private final RemoteNamespace namespace;
  private final WorkloadSpec spec;
  private final Workload.Region region;
  private final PageBuffers buffers;
  private final Planner planner;
  private final Dice draws;
  private final Arrivals arrivals;
  private final List<Tally> tallies = new ArrayList<>();
  private final Timers timers = new Timers();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final ArrayDeque<Request> waiting = new ArrayDeque<>();
  private final CompletableFuture<Boolean> drained = new CompletableFuture<>();
  private int flow;
  private volatile boolean someWait;
  private volatile @Nullable Thread driver;
  private volatile @Nullable Throwable failure;

  /**
   * @param seed of this run's draws; where pages lie is the spec's
   */
  RequestLoad(
      RemoteNamespace namespace,
      WorkloadSpec spec,
      Workload.Region region,
      PageBuffers buffers,
      long seed) {
    this.namespace = namespace;
    this.spec = spec;
    this.region = region;
    this.buffers = buffers;
    this.planner = spec.kind().planner(spec, region.lengthBytes());
    this.draws = new Dice(Dice.mix(seed));
    this.arrivals = new Arrivals(spec.withWarmUp(), new Dice(Dice.mix(seed + 1)));
  }

  WorkloadSpec spec() {
    return spec;
  }

  RemoteNamespace namespace() {
    return namespace;
  }

  Workload.Region region() {
    return region;
  }

  PageBuffers buffers() {
    return buffers;
  }

  int doubtPercent(int layersAhead) {
    return DOUBT_PERCENT * layersAhead;
  }

  /** Begins; the thread that paces it runs on this CPU, or anywhere for -1. */
  void begin(long startNs, long timeoutNs, int cpu) {
    long fromNs = startNs;
    for (RatePhase phase : spec.withWarmUp()) {
      tallies.add(new Tally(fromNs, fromNs + phase.lengthNs()));
      fromNs += phase.lengthNs();
    }
    Thread thread =
        PinnedThreads.onOrAnywhere(cpu, body -> new Thread(body, "requests"))
            .ranked(NICENESS)
            .newThread(() -> drive(startNs, timeoutNs));
    thread.setDaemon(true);
    driver = thread;
    thread.start();
  }

  /** Waits until every request ended; tells what became of them, by phase, without the warm-up. */
  List<Tally> await() throws InterruptedException {
    try {
      if (!drained.get()) {
        throw new CliException(
            ExitCodes.TIMEOUT,
            "requests are under way and none ends; the target hangs, or --timeout is short");
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException("the thread of the requests failed", e.getCause());
    }
    return tallies.subList(1, tallies.size());
  }

  private void drive(long startNs, long timeoutNs) {
    PinnedThreads.sleepPunctually();
    try {
      drained.complete(run(startNs, timeoutNs));
    } catch (RuntimeException e) {
      drained.completeExceptionally(e);
    }
  }

  private boolean run(long startNs, long timeoutNs) {
    long offsetNs = arrivals.next();
    long lastNs = startNs;
    while (failure == null) {
      long nowNs = System.nanoTime();
      boolean more = offsetNs != Arrivals.NONE;
      Runnable due = timers.poll(nowNs);
      if (due != null) {
        due.run();
      } else if (more && startNs + offsetNs - nowNs <= 0) {
        arrive(startNs + offsetNs, nowNs);
        lastNs = nowNs;
        offsetNs = arrivals.next();
      } else if (!beginWaiting(nowNs)) {
        if (!more && inFlight.get() == 0 && waiting.isEmpty()) {
          return true;
        }
        if (!more && nowNs - lastNs > timeoutNs) {
          return false;
        }
        long arrivalNs = more ? startNs + offsetNs - nowNs : LOOK_NS;
        LockSupport.parkNanos(timers.waitNs(nowNs, Math.min(LOOK_NS, arrivalNs)));
      }
    }
    throw reason();
  }

  private RuntimeException reason() {
    Throwable cause = failure;
    Throwable inner = cause == null ? null : cause.getCause();
    if (cause instanceof CompletionException && inner != null) {
      cause = inner;
    }
    return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
  }

  private void arrive(long intendedNs, long nowNs) {
    Tally tally = tallies.get(arrivals.phase());
    tally.count(Count.OFFERED);
    Plan plan = planner.next(draws);
    flow = flow % FLOWS + 1;
    Request request = new Request(this, plan, intendedNs, tally, flow);
    if (waiting.size() >= WAITING_MAX) {
      request.turnAway();
    } else {
      waiting.add(request);
      beginWaiting(nowNs);
    }
  }

  /** Begins the one that waits longest, if there is a place; false if nothing was done. */
  private boolean beginWaiting(long nowNs) {
    Request first = waiting.peek();
    someWait = first != null;
    if (first == null) {
      return false;
    }
    if (spec.isSpike() && nowNs - first.deadlineNs() > 0) {
      waiting.remove();
      first.turnAway();
      return true;
    }
    if (inFlight.get() >= spec.inFlightMax()) {
      return false;
    }
    waiting.remove();
    inFlight.incrementAndGet();
    first.begin(nowNs);
    return true;
  }

  /** Runs it then, on the driving thread. */
  void at(long dueNs, Runnable what) {
    if (timers.add(dueNs, what)) {
      wake();
    }
  }

  /** A request is over. */
  void ended() {
    if (inFlight.decrementAndGet() == 0 || someWait) {
      wake();
    }
  }

  /** Something went wrong that is no part of the load. */
  void failed(Throwable cause) {
    failure = cause;
    wake();
  }

  private void wake() {
    Thread thread = driver;
    if (thread != null && thread != Thread.currentThread()) {
      LockSupport.unpark(thread);
    }
  }
}
