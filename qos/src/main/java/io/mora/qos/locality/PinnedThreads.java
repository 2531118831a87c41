package io.mora.qos.locality;

import java.util.concurrent.ThreadFactory;
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

  private final int wanted;
  private final Function<Runnable, Thread> threads;
  private volatile int cpu = NOT_PINNED;
  private volatile @Nullable String problem;

  private PinnedThreads(int wanted, Function<Runnable, Thread> threads) {
    this.wanted = wanted;
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
    return new PinnedThreads(cpu, threads);
  }

  /** Threads wherever the scheduler puts them. */
  public static PinnedThreads anywhere(Function<Runnable, Thread> threads) {
    return new PinnedThreads(NOT_PINNED, threads);
  }

  @Override
  public Thread newThread(Runnable body) {
    return threads.apply(
        () -> {
          pin();
          body.run();
        });
  }

  /** The CPU the last started thread is pinned to; -1 before it started or if it is not pinned. */
  public int cpu() {
    return cpu;
  }

  /** Why the last started thread is not pinned although it should be, in one line, or null. */
  public @Nullable String problem() {
    return problem;
  }

  /** Pins the calling thread; null, or why that could not be done, in one line. */
  public static @Nullable String pinThisThread(int cpu) {
    return SchedCalls.UNAVAILABLE != null ? SchedCalls.UNAVAILABLE : SchedCalls.pin(cpu);
  }

  /**
   * Sets the niceness of the calling thread, -20 (first) to 19; below 0 needs privileges.
   *
   * @return null, or why it could not be set, in one line
   */
  public static @Nullable String niceThisThread(int niceness) {
    return SchedCalls.UNAVAILABLE != null ? SchedCalls.UNAVAILABLE : SchedCalls.nice(niceness);
  }

  /** Has sleeps of the calling thread end when they are due, where the system can. */
  public static void sleepPunctually() {
    if (SchedCalls.UNAVAILABLE == null) {
      SchedCalls.timerSlack(1);
    }
  }

  private void pin() {
    if (wanted == NOT_PINNED) {
      return;
    }
    String why = pinThisThread(wanted);
    problem = why;
    cpu = why == null ? wanted : NOT_PINNED;
  }
}
