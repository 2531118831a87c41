package io.mora.initiator.path.route;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.mora.protocol.net.IoLoop;
import java.util.concurrent.ScheduledFuture;

/** The time of a loop, on which paths change. */
public final class LoopClock implements PathClock, AutoCloseable {
  private static final long COARSE_MS = 10;

  private final IoLoop loop;
  private final ScheduledFuture<?> ticking;
  private volatile long coarseNs = System.nanoTime();

  public LoopClock(IoLoop loop) {
    this.loop = loop;
    this.ticking =
        loop.eventLoop()
            .scheduleWithFixedDelay(
                () -> coarseNs = System.nanoTime(), COARSE_MS, COARSE_MS, MILLISECONDS);
  }

  @Override
  public long nowNs() {
    return System.nanoTime();
  }

  @Override
  public long coarseNs() {
    return coarseNs;
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }

  @Override
  public void after(long delayNs, Runnable task) {
    loop.eventLoop().schedule(task, Math.max(0, delayNs), NANOSECONDS);
  }

  @Override
  public void close() {
    ticking.cancel(false);
  }
}
