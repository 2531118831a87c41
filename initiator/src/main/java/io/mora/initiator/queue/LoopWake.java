package io.mora.initiator.queue;

import io.mora.protocol.net.IoLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Gets a loop to take a turn because there is work, once for any number of requests.
 *
 * <p>Assumes: a full fence between making the work visible and {@link #wake}. Guarantees: the task
 * runs on the loop after it; if the loop has ended, on the caller's thread, one at a time.
 */
final class LoopWake {
  private final IoLoop loop;
  private final Runnable task;
  private final Runnable run = this::run;
  private final AtomicBoolean asked = new AtomicBoolean();

  LoopWake(IoLoop loop, Runnable task) {
    this.loop = loop;
    this.task = task;
  }

  void wake() {
    if (asked.get() || !asked.compareAndSet(false, true)) {
      return;
    }
    try {
      loop.execute(run);
    } catch (RejectedExecutionException ended) {
      runHere();
    }
  }

  private void run() {
    asked.set(false);
    task.run();
  }

  private synchronized void runHere() {
    run();
  }
}
