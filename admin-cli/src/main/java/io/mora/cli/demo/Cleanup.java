package io.mora.cli.demo;

import org.jspecify.annotations.Nullable;

/** Ends the target and removes its folder: at the end, on a failure, and on Ctrl-C. */
final class Cleanup implements AutoCloseable {
  private final TemporaryFolder folder;
  private final Thread hook = new Thread(this::clean, "demo-cleanup");
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
