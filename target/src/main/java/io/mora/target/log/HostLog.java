package io.mora.target.log;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One kind of line that hosts bring about. The first {@value #LINES_MAX} of {@value #WINDOW_MS} ms
 * are logged; how many more there were is told when that time is over. A host that is refused a
 * million times fills no disk.
 *
 * <p>Assumes nothing; any thread. Guarantees: every line is logged or counted. Progress: one atomic
 * increment, nobody waits.
 */
public final class HostLog {
  /** Enough for every host of a large target to come back at once and be seen. */
  static final int LINES_MAX = 50;

  static final int WINDOW_MS = 10_000;

  private final Logger log;
  private final Level level;
  private final String what;
  private final Timer timer;
  private final AtomicInteger lines = new AtomicInteger();

  HostLog(Logger log, Level level, String what, Timer timer) {
    this.log = log;
    this.level = level;
    this.what = what;
    this.timer = timer;
  }

  /**
   * Lines of a class.
   *
   * @param what the lines are about, in the plural: "Connects refused"
   */
  public static HostLog of(Class<?> type, Level level, String what) {
    return new HostLog(
        LoggerFactory.getLogger(type),
        level,
        what,
        CompletableFuture.delayedExecutor(WINDOW_MS, TimeUnit.MILLISECONDS)::execute);
  }

  /** Logs, or counts. */
  public void line(String format, @Nullable Object... arguments) {
    int nth = lines.incrementAndGet();
    if (nth == 1) {
      timer.afterWindow(this::endOfWindow);
    }
    if (nth <= LINES_MAX) {
      log.atLevel(level).log(format, arguments);
    }
  }

  private void endOfWindow() {
    int more = lines.getAndSet(0) - LINES_MAX;
    if (more > 0) {
      log.atLevel(level)
          .log("{} in the last {} s that are not logged: {}", what, WINDOW_MS / 1000, more);
    }
  }

  /** Runs something when a window is over. */
  interface Timer {
    void afterWindow(Runnable end);
  }
}
