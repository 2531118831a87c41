package io.mora.target.admin.http;

import io.mora.qos.locality.PinnedThreads;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where requests are answered: two threads that look, and one that changes. They rank behind shards
 * ({@value #NICENESS}), with which they may share a CPU: who looks at a target shall not slow it.
 */
public final class ControlThreads implements AutoCloseable {
  private static final int NICENESS = 10;
  private static final int READERS = 2;

  /** Requests that wait; more than the connections there may be. */
  private static final int WAITING_MAX = 1024;

  private static final long CLOSE_S = 10;

  private final ThreadPoolExecutor readers =
      PinnedThreads.pool("mora-admin-read", READERS, WAITING_MAX, NICENESS);
  private final ThreadPoolExecutor writer =
      PinnedThreads.pool("mora-admin-write", 1, WAITING_MAX, NICENESS);

  /**
   * Has it done, changes one after the other.
   *
   * @throws RejectedExecutionException if too much waits, or after {@link #close}
   */
  void execute(boolean changes, Runnable work) {
    (changes ? writer : readers).execute(work);
  }

  /** Takes nothing new; a change under way is done before, if it does not take too long. */
  @Override
  public void close() {
    readers.shutdownNow();
    writer.shutdown();
    try {
      if (!writer.awaitTermination(CLOSE_S, TimeUnit.SECONDS)) {
        writer.shutdownNow();
      }
    } catch (InterruptedException e) {
      writer.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
