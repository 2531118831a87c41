package io.mora.initiator.path.io;

import io.mora.initiator.path.route.PathClock;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that a test turns; tasks run when it is told to run. */
final class HandClock implements PathClock {
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::atNs));
  private long nowNs = 1_000;

  private record Timer(long atNs, Runnable task) {}

  @Override
  public long nowNs() {
    return nowNs;
  }

  @Override
  public long coarseNs() {
    return nowNs;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public void after(long delayNs, Runnable task) {
    timers.add(new Timer(nowNs + Math.max(0, delayNs), task));
  }

  /** Runs what is due now. */
  void run() {
    while (true) {
      Timer next = timers.peek();
      if (!tasks.isEmpty()) {
        tasks.remove().run();
      } else if (next != null && next.atNs <= nowNs) {
        timers.remove().task.run();
      } else {
        return;
      }
    }
  }

  /** Lets time pass, timer by timer. */
  void pass(long ns) {
    long untilNs = nowNs + ns;
    run();
    while (!timers.isEmpty() && timers.peek().atNs <= untilNs) {
      nowNs = Math.max(nowNs, timers.peek().atNs);
      run();
    }
    nowNs = untilNs;
    run();
  }
}
