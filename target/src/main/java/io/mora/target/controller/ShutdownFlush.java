package io.mora.target.controller;

import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.status.Status;
import io.mora.target.backend.IoRequest;
import io.mora.target.controller.notice.ErrorLog;
import io.mora.target.subsystem.Namespace;
import io.mora.target.subsystem.NamespaceTable;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flushes every namespace with a volatile cache: when a host shuts its controller down or turns the
 * cache off. Each failure is told to the controller; the home shard only.
 */
final class ShutdownFlush {
  private static final Logger LOG = LoggerFactory.getLogger(ShutdownFlush.class);

  private final Controller controller;
  private int left;
  private int worst = Status.SUCCESS;

  ShutdownFlush(Controller controller) {
    this.controller = controller;
  }

  /**
   * Runs the action once all is durable, or has failed: a shutdown does not wait for ever.
   *
   * @param whenDone takes success, or the worst packed status: one that no retry mends, else the
   *     first
   */
  void run(IntConsumer whenDone) {
    NamespaceTable namespaces = controller.namespaces();
    left = 1;
    for (int i = 0; i < namespaces.size(); i++) {
      Namespace namespace = namespaces.at(i);
      if (namespace.geometry().volatileWriteCache() && !namespace.isRetired()) {
        left++;
        Flush flush = new Flush(namespace.nsid(), whenDone);
        flush.op = IoRequest.FLUSH;
        namespace.queue(controller.home().shard().index()).submit(flush);
      }
    }
    oneDone(whenDone);
  }

  private void oneDone(IntConsumer whenDone) {
    if (--left == 0) {
      whenDone.accept(worst);
    }
  }

  /** No command asked for it: what was acknowledged may not be durable. */
  private void failed(int nsid, int status) {
    LOG.error(
        "Controller {}: flush of namespace {} failed with status {}h",
        controller.cntlid(),
        nsid,
        Integer.toHexString(status & 0x7FF));
    controller.notices().errors().add(ErrorLog.Entry.ofNoCommand(NvmOpcode.FLUSH, status, nsid));
    boolean first = Status.isSuccess(worst);
    if (first || Status.doNotRetry(status) && !Status.doNotRetry(worst)) {
      worst = status;
    }
  }

  private final class Flush extends IoRequest {
    private final int nsid;
    private final IntConsumer whenDone;

    Flush(int nsid, IntConsumer whenDone) {
      this.nsid = nsid;
      this.whenDone = whenDone;
    }

    @Override
    public void complete(int status) {
      if (!Status.isSuccess(status)) {
        failed(nsid, status);
      }
      oneDone(whenDone);
    }
  }
}
