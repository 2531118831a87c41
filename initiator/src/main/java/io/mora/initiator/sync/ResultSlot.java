package io.mora.initiator.sync;

import io.mora.initiator.io.EndedIo;
import io.mora.initiator.io.FailedIo;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.NvmeException;
import io.mora.protocol.status.Status;

/**
 * The result of a thread's last call, used again by the next: a copy, and so nothing to allocate.
 */
final class ResultSlot extends EndedIo implements IoCallback {
  private boolean ended;

  ResultSlot begin() {
    ended = false;
    return this;
  }

  boolean hasEnded() {
    return ended;
  }

  @Override
  public void completed(long context, int status, IoResult io) {
    take(io);
    ended = true;
  }

  /** It was never accepted. */
  void refused(int opcode, NvmeException why) {
    take(FailedIo.now(Status.HOST_PATH_ERROR, opcode, System.nanoTime(), why));
    ended = true;
  }
}
