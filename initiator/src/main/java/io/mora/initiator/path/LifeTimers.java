package io.mora.initiator.path;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.mora.protocol.net.IoLoop;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** What an association does later, one task for each purpose; on its home loop. */
public final class LifeTimers {
  /** What for. */
  public enum Purpose {
    ATTEMPT,
    ATTEMPT_LIMIT,
    LOSS,
    FAIL_FAST,
    TICK
  }

  private final IoLoop home;
  private final Map<Purpose, ScheduledFuture<?>> pending = new EnumMap<>(Purpose.class);

  public LifeTimers(IoLoop home) {
    this.home = home;
  }

  /** Runs a task once; any other for the purpose is forgotten. */
  public void after(Purpose purpose, long ms, Runnable task) {
    cancel(purpose);
    pending.put(purpose, home.eventLoop().schedule(task, ms, MILLISECONDS));
  }

  /** Runs a task again and again; any other for the purpose is forgotten. */
  public void every(Purpose purpose, long ms, Runnable task) {
    cancel(purpose);
    pending.put(purpose, home.eventLoop().scheduleWithFixedDelay(task, ms, ms, MILLISECONDS));
  }

  public void cancel(Purpose purpose) {
    @Nullable ScheduledFuture<?> timer = pending.remove(purpose);
    if (timer != null) {
      timer.cancel(false);
    }
  }

  public void cancelAll() {
    for (Purpose purpose : Purpose.values()) {
      cancel(purpose);
    }
  }
}
