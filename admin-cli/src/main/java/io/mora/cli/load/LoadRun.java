package io.mora.cli.load;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.load.sync.SyncIo;
import io.mora.initiator.RemoteNamespace;
import io.mora.qos.locality.PinnedThreads;
import io.mora.qos.pause.PauseCount;
import io.mora.qos.pause.PauseSum;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs loads over the same queues, one after the other. */
public final class LoadRun {
  private static final long POLL_MS = 250;

  private final List<RemoteNamespace> queues;
  private final Workload workload;
  private final long timeoutNs;
  private final Progress progress;
  private final @Nullable Stamps stamps;
  private long budgetNs = Long.MAX_VALUE;
  private int pacerCpu = -1;
  private int pacerNiceness;
  private @Nullable Function<RemoteNamespace, SyncIo> waiting;
  private List<Integer> waitingCpus = List.of();

  /**
   * @param queues a namespace bound to each queue, of one or several connections
   * @param timeoutNs how long an I/O may take at most
   */
  public LoadRun(
      List<RemoteNamespace> queues, Workload workload, long timeoutNs, Progress progress) {
    this.queues = queues;
    this.workload = workload;
    this.timeoutNs = timeoutNs;
    this.progress = progress;
    this.stamps = workload.verify() ? new Stamps(workload.seed(), workload.indices()) : null;
  }

  /** Writes the whole region once. */
  public LoadResult fill() throws InterruptedException {
    return sweep("fill", false);
  }

  /** Reads the whole region once; of a verified load, checks all that it wrote. */
  public LoadResult check() throws InterruptedException {
    return sweep("check", true);
  }

  private LoadResult sweep(String name, boolean reads) throws InterruptedException {
    Workload sweep = workload.withSweep(reads);
    Window window = Window.unbounded(System.nanoTime());
    List<QueueLoad> loads = new ArrayList<>();
    ThreadStages recorded = new ThreadStages(Stages.DIGITS);
    for (int i = 0; i < queues.size(); i++) {
      Indices mine = Indices.sweep(workload.indices(), i, queues.size());
      loads.add(load(sweep, mine, i, window, recorded));
    }
    runClosed(name, loads, window);
    return LoadResult.of(loads, System.nanoTime() - window.startNs(), PauseSum.NONE, null);
  }

  /** What an I/O may take before it counts as late; nothing is late without it. */
  public LoadRun budgetNs(long newBudgetNs) {
    budgetNs = newBudgetNs;
    return this;
  }

  /** The CPU of the thread that paces an open loop, -1 is any, and its niceness. */
  public LoadRun pacedOn(int cpu, int niceness) {
    pacerCpu = cpu;
    pacerNiceness = niceness;
    return this;
  }

  /**
   * The load's I/Os are done by a thread for each queue, which waits for each; of a closed loop of
   * depth 1.
   *
   * @param how opened by that thread, for its queue's namespace
   * @param cpus of the threads, used round and round; empty if they are not pinned
   */
  public LoadRun waiting(Function<RemoteNamespace, SyncIo> how, List<Integer> cpus) {
    waiting = how;
    waitingCpus = cpus;
    return this;
  }

  /** The load itself. */
  public LoadResult load(long warmupNs, long durationNs) throws InterruptedException {
    return begin(Window.of(System.nanoTime(), warmupNs, durationNs)).await();
  }

  /** Starts the load, which others may run beside. */
  public Running begin(Window window) {
    List<Indices> indices = new ArrayList<>();
    for (int i = 0; i < queues.size(); i++) {
      indices.add(indices(i));
    }
    List<QueueLoad> loads = new ArrayList<>();
    ThreadStages recorded = new ThreadStages(Stages.DIGITS);
    for (int i = 0; i < queues.size(); i++) {
      loads.add(load(workload, indices.get(i), i, window, recorded));
    }
    return new Running(loads, window);
  }

  /** A load under way. */
  public final class Running {
    private final List<QueueLoad> loads;
    private final Window window;
    private final @Nullable Pacer pacer;
    private final CompletableFuture<Boolean> drained = new CompletableFuture<>();

    private Running(List<QueueLoad> loads, Window window) {
      this.loads = loads;
      this.window = window;
      if (workload.openLoop()) {
        Pacer started = new Pacer(loads, window, workload.ratePerSecond());
        pacer = started;
        Thread thread =
            PinnedThreads.onOrAnywhere(pacerCpu, body -> new Thread(body, "pacer"))
                .ranked(pacerNiceness)
                .newThread(() -> pace(started));
        thread.setDaemon(true);
        thread.start();
      } else {
        pacer = null;
        for (int i = 0; i < loads.size(); i++) {
          start(loads.get(i), i);
        }
      }
    }

    private void start(QueueLoad load, int queue) {
      Function<RemoteNamespace, SyncIo> how = waiting;
      if (how == null) {
        load.startClosed();
        return;
      }
      int cpu = waitingCpus.isEmpty() ? -1 : waitingCpus.get(queue % waitingCpus.size());
      Thread thread =
          PinnedThreads.onOrAnywhere(cpu, body -> new Thread(body, "load-" + queue))
              .newThread(() -> runWaiting(load, how, queues.get(queue)));
      thread.setDaemon(true);
      thread.start();
    }

    private static void runWaiting(
        QueueLoad load, Function<RemoteNamespace, SyncIo> how, RemoteNamespace queue) {
      RuntimeException failure = null;
      try (SyncIo sync = how.apply(queue)) {
        load.runWaiting(sync);
      } catch (RuntimeException e) {
        failure = e;
      }
      load.ended(failure);
    }

    private void pace(Pacer started) {
      PinnedThreads.sleepPunctually();
      try {
        drained.complete(started.run(timeoutNs));
      } catch (RuntimeException e) {
        drained.completeExceptionally(e);
      }
    }

    /** Waits for its end. */
    public LoadResult await() throws InterruptedException {
      PauseSum paused;
      try (Progress.Line line = progress.start("load", loads, workload.blockBytes(), window);
          PauseCount pauses = PauseCount.listen()) {
        if (!endedInWarmUp()) {
          pauses.next();
        }
        if (pacer == null) {
          awaitClosed(line, loads, window);
        } else if (!paced()) {
          throw stuck();
        }
        paused = pauses.next();
      }
      return LoadResult.of(loads, window.lengthNs(), paused, pacer);
    }

    /** Waits until I/Os count; true if it has ended before. */
    private boolean endedInWarmUp() throws InterruptedException {
      return loads.get(0).done().await(window.fromNs() - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private boolean paced() throws InterruptedException {
      try {
        return drained.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("the pacing thread failed", e.getCause());
      }
    }
  }

  private Indices indices(int queue) {
    long count = workload.indices();
    Dice dice = new Dice(Dice.mix(workload.seed() + 31L * queue));
    if (workload.verify()) {
      long lanes = (long) queues.size() * workload.depth();
      return Indices.apart(count, (long) queue * workload.depth(), lanes, dice);
    }
    return workload.sequential()
        ? Indices.sequential(count, count / queues.size() * queue)
        : Indices.random(count, dice);
  }

  private QueueLoad load(
      Workload what, Indices indices, int queue, Window window, ThreadStages recorded) {
    Dice dice = new Dice(Dice.mix(workload.seed() + 31L * queue + 1));
    QueueLoad.Phase phase = new QueueLoad.Phase(window, stamps, recorded, budgetNs);
    return new QueueLoad(queues.get(queue), what, indices, dice, phase);
  }

  private void runClosed(String name, List<QueueLoad> loads, Window window)
      throws InterruptedException {
    try (Progress.Line line = progress.start(name, loads, workload.blockBytes(), window)) {
      loads.forEach(QueueLoad::startClosed);
      awaitClosed(line, loads, window);
    }
  }

  private void awaitClosed(Progress.Line line, List<QueueLoad> loads, Window window)
      throws InterruptedException {
    long last = -1;
    long lastMovedNs = System.nanoTime();
    for (QueueLoad load : loads) {
      while (!load.done().await(POLL_MS, TimeUnit.MILLISECONDS)) {
        long now = line.completions();
        if (now != last || !window.over(System.nanoTime())) {
          last = now;
          lastMovedNs = System.nanoTime();
        } else if (System.nanoTime() - lastMovedNs > timeoutNs) {
          throw stuck();
        }
      }
    }
  }

  private static CliException stuck() {
    return new CliException(
        ExitCodes.TIMEOUT,
        "I/Os are under way and none ends; the target hangs, or --timeout is short");
  }
}
