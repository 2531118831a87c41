package io.mora.target.controller;

import io.mora.target.backend.IoRequest;
import io.mora.target.subsystem.Namespace;
import io.mora.target.subsystem.NamespaceTable;

/** Flushes every namespace with a volatile cache when a host shuts its controller down. */
final class ShutdownFlush {
  private final Controller controller;
  private int left;

  ShutdownFlush(Controller controller) {
    this.controller = controller;
  }

  /** Runs the action once all is durable, or has failed: a shutdown does not wait for ever. */
  void run(Runnable whenDone) {
    NamespaceTable namespaces = controller.subsystem().namespaces();
    left = 1;
    for (int i = 0; i < namespaces.size(); i++) {
      Namespace namespace = namespaces.at(i);
      if (namespace.geometry().volatileWriteCache()) {
        left++;
        Flush flush = new Flush(whenDone);
        flush.op = IoRequest.FLUSH;
        namespace.queue(controller.home().shard().index()).submit(flush);
      }
    }
    oneDone(whenDone);
  }

  private void oneDone(Runnable whenDone) {
    if (--left == 0) {
      whenDone.run();
    }
  }

  private final class Flush extends IoRequest {
    private final Runnable whenDone;

    Flush(Runnable whenDone) {
      this.whenDone = whenDone;
    }

    @Override
    public void complete(int status) {
      oneDone(whenDone);
    }
  }
}
