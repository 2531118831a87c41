package io.mora.target;

import io.mora.qos.pause.PauseCount;
import io.mora.qos.pause.PauseSum;
import io.mora.target.metrics.ClassSummary;
import io.mora.target.metrics.ClassSums;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs at regular times what each class did since the last time: a line for each class that did
 * something, at most seven, and one for the collector's pauses if there were any. It has a thread
 * of its own; shards are only read.
 */
final class StatsLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatsLog.class);

  /** The shortest time between two: each reading is a task on every shard. */
  static final Duration LEAST = Duration.ofSeconds(1);

  private static final long STOP_S = 5;

  private final Supplier<ClassSums> totals;
  private @Nullable PauseCount pauses;
  private final ScheduledExecutorService thread;
  private ClassSums before = new ClassSums();

  /**
   * @param totals what was counted since the start, which never falls
   */
  StatsLog(Supplier<ClassSums> totals) {
    this.totals = totals;
    thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread made = new Thread(task, "mora-stats");
              made.setDaemon(true);
              return made;
            });
  }

  /** From now on. */
  void every(Duration time) {
    PauseCount counted = PauseCount.listenIn(LEAST.toMillis());
    pauses = counted;
    long ns = time.toNanos();
    thread.scheduleAtFixedRate(() -> tell(time, counted), ns, ns, TimeUnit.NANOSECONDS);
  }

  private void tell(Duration time, PauseCount counted) {
    try {
      String since = "in the last " + time.toSeconds() + " s";
      next().forEach(line -> LOG.info("{}: {}", since, line));
      tell(since, counted.next());
    } catch (RuntimeException e) {
      LOG.warn("What was done could not be read: {}", e.toString());
    }
  }

  private static void tell(String since, PauseSum paused) {
    if (paused.count() > 0) {
      LOG.info("{}: {}", since, paused);
    }
  }

  /** What was done since this was last asked. */
  synchronized List<ClassSummary> next() {
    ClassSums now = totals.get();
    ClassSums since = new ClassSums();
    since.add(now);
    since.subtract(before);
    before = now;
    return ClassSummary.of(since);
  }

  /** Logs what was done since the start. */
  static void total(ClassSums sums, PauseSum paused) {
    String since = "since the start";
    ClassSummary.of(sums).forEach(line -> LOG.info("{}: {}", since, line));
    tell(since, paused);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    if (pauses != null) {
      pauses.close();
    }
    try {
      if (!thread.awaitTermination(STOP_S, TimeUnit.SECONDS)) {
        LOG.warn("The log of statistics did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
