package io.mora.initiator.path.io;

import io.mora.protocol.ConnectionException;
import io.mora.protocol.NvmeException;
import io.mora.protocol.status.Status;
import org.jspecify.annotations.Nullable;

/** Which ends of a command say something of its path and nothing of the command. */
final class PathFailure {
  private PathFailure() {}

  /**
   * Status code type 3h, a queue that was deleted under the command, and whatever ended without an
   * answer.
   *
   * @param failure as {@code IoResult.failure}
   */
  static boolean is(int status, @Nullable NvmeException failure) {
    return failure instanceof ConnectionException
        || Status.sct(status) == Status.PATH
        || Status.code(status) == Status.ABORTED_SQ_DELETED;
  }
}
