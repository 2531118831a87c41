package io.mora.cli.demo;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ends the target and removes its folder: at the end, on a failure, and on Ctrl-C. */
final class Cleanup implements AutoCloseable {
  private static final long NOTICE_MS = 500;

  private final TemporaryFolder folder;
  private final CountDownLatch ending = new CountDownLatch(1);
  private final Thread hook = new Thread(this::end, "demo-cleanup");
  private @Nullable TargetProcess target;
  private boolean clean;

  Cleanup(TemporaryFolder folder) {
    this.folder = folder;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  synchronized void target(TargetProcess started) {
    target = started;
    if (clean) {
      started.close(); // Ctrl-C came while it started
    }
  }

  private void end() {
    ending.countDown();
    clean();
  }

  /**
   * Whether the process is ending, so that what fails now is no failure. A Ctrl-C reaches the
   * target as soon as it does this process, so give it a moment.
   */
  boolean processEnds() throws InterruptedException {
    return ending.await(NOTICE_MS, TimeUnit.MILLISECONDS);
  }

  private synchronized void clean() {
    clean = true;
    if (target != null) {
      target.close();
    }
    folder.close();
  }

  @Override
  public void close() {
    clean();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook runs, and finds nothing to do.
      clean = true;
    }
  }
}
