package io.mora.qos.locality;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes threads that run on one CPU: each pins itself before it runs its body. Where that is
 * refused (another system, a container's seccomp or cpuset) the thread runs unpinned and {@link
 * #problem} says why.
 *
 * <p>The kind of thread is the caller's: Netty's loops want theirs.
 */
public final class PinnedThreads implements ThreadFactory {
  private static final int NOT_PINNED = -1;
  private static final long IDLE_S = 10;

  /** As little as Linux takes. */
  private static final long PROMPT_SLICE_NS = 100_000;

  private final int wanted;
  private final int niceness;
  private final boolean prompt;
  private final Function<Runnable, Thread> threads;
  private volatile int cpu = NOT_PINNED;
  private volatile @Nullable String problem;

  private PinnedThreads(
      int wanted, int niceness, boolean prompt, Function<Runnable, Thread> threads) {
    this.wanted = wanted;
    this.niceness = niceness;
    this.prompt = prompt;
    this.threads = threads;
  }

  /**
   * Threads on the given CPU.
   *
   * @throws IllegalArgumentException outside 0 to {@link CpuTopology#MAX_CPUS} - 1
   */
  public static PinnedThreads on(int cpu, Function<Runnable, Thread> threads) {
    if (cpu < 0 || cpu >= CpuTopology.MAX_CPUS) {
      throw new IllegalArgumentException("cpu " + cpu + ": 0 to " + (CpuTopology.MAX_CPUS - 1));
    }
    return new PinnedThreads(cpu, 0, false, threads);
  }

  /** Threads wherever the scheduler puts them. */
  public static PinnedThreads anywhere(Function<Runnable, Thread> threads) {
    return new PinnedThreads(NOT_PINNED, 0, false, threads);
  }

  /**
   * A pool of daemon threads of one name, wherever the scheduler puts them, which end when they
   * have had nothing to do for ten seconds.
   *
   * @param waitingMax tasks that wait; one more is rejected
   * @param niceness as of {@link #ranked}
   */
  public static ThreadPoolExecutor pool(String name, int threads, int waitingMax, int niceness) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_S,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(waitingMax),
            anywhere(body -> daemon(body, name)).ranked(niceness));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static Thread daemon(Runnable body, String name) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    return thread;
  }

  /** {@link #on} a CPU, or {@link #anywhere} for a negative one. */
  public static PinnedThreads onOrAnywhere(int cpu, Function<Runnable, Thread> threads) {
    return cpu < 0 ? anywhere(threads) : on(cpu, threads);
  }

  /**
   * The same with a niceness, -20 (first on a CPU that is shared) to 19; below 0 needs privileges,
   * and where it is refused the thread runs with what it has.
   */
  public PinnedThreads ranked(int newNiceness) {
    return new PinnedThreads(wanted, newNiceness, prompt, threads);
  }

  /**
   * The same for threads that wake often, do little and sleep again: they ask for short slices of
   * CPU time, and Linux 6.12 and newer let one that wakes run before others that are at theirs,
   * unless it has had more than its share, which is what it was. Threads they start have none of
   * it, and no niceness below 0. Elsewhere this changes nothing, and is no problem.
   */
  public PinnedThreads prompt() {
    return new PinnedThreads(wanted, niceness, true, threads);
  }

  @Override
  public Thread newThread(Runnable body) {
    return threads.apply(
        () -> {
          prepare();
          body.run();
        });
  }

  /** The CPU the last started thread is pinned to; -1 before it started or if it is not pinned. */
  public int cpu() {
    return cpu;
  }

  /** Why the last started thread is not pinned or ranked as it should be, in one line, or null. */
  public @Nullable String problem() {
    return problem;
  }

  /** Pins the calling thread; null, or why that could not be done, in one line. */
  public static @Nullable String pinThisThread(int cpu) {
    return SchedCalls.UNAVAILABLE != null ? SchedCalls.UNAVAILABLE : SchedCalls.pin(cpu);
  }

  /** Has sleeps of the calling thread end when they are due, where the system can. */
  public static void sleepPunctually() {
    if (SchedCalls.UNAVAILABLE == null) {
      SchedCalls.timerSlack(1);
    }
  }

  private void prepare() {
    String why = null;
    if (wanted != NOT_PINNED) {
      why = pinThisThread(wanted);
      cpu = why == null ? wanted : NOT_PINNED;
    }
    if (niceness != 0 && why == null) {
      why = SchedCalls.UNAVAILABLE != null ? SchedCalls.UNAVAILABLE : SchedCalls.nice(niceness);
    }
    problem = why;
    if (prompt && SchedCalls.UNAVAILABLE == null) {
      SchedCalls.slice(PROMPT_SLICE_NS);
    }
  }
}
