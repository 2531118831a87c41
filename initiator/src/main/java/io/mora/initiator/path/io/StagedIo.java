package io.mora.initiator.path.io;

import io.mora.initiator.io.Completion;
import io.mora.initiator.io.FailedIo;
import io.mora.initiator.io.FutureCompletion;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.CommandException;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.NvmeException;
import io.mora.protocol.status.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** How a command that only comes as a stage ended on a path, as other commands end. */
record StagedIo(@Nullable Completion done, FailedIo failed, long sentNs) implements IoResult {
  /** What one that ended otherwise looks like: it was sent, as far as is known. */
  static StagedIo ended(
      @Nullable Completion done, @Nullable Throwable problem, int opcode, long submittedNs) {
    int status = done != null ? done.status() : Status.HOST_PATH_ERROR;
    NvmeException failure = null;
    if (problem instanceof CommandException answered) {
      status = answered.status();
    } else if (problem instanceof ConnectionException lost) {
      failure = lost;
    } else if (problem != null) {
      failure = new ConnectionException(Reason.LOST, "the command failed: " + problem, problem);
    }
    return new StagedIo(done, FailedIo.now(status, opcode, submittedNs, failure), submittedNs);
  }

  /** It never began, for want of a place in the queue. */
  static boolean isRefused(CompletionStage<Completion> stage) {
    CompletableFuture<Completion> future = stage.toCompletableFuture();
    if (!future.isCompletedExceptionally()) {
      return false;
    }
    try {
      future.getNow(null);
      return false;
    } catch (java.util.concurrent.CompletionException e) {
      return e.getCause() instanceof RejectedExecutionException;
    } catch (RuntimeException e) {
      return e instanceof RejectedExecutionException;
    }
  }

  /** Ends the caller's stage with the completion itself, or with the failure. */
  static IoCallback telling(FutureCompletion future) {
    return (context, status, result) -> {
      if (result instanceof StagedIo staged && staged.done != null) {
        future.complete(staged.done);
      } else {
        future.completed(context, status, result);
      }
    };
  }

  @Override
  public int status() {
    return failed.status();
  }

  @Override
  public long result() {
    return done == null ? 0 : done.result();
  }

  @Override
  public int opcode() {
    return failed.opcode();
  }

  @Override
  public int cid() {
    return 0;
  }

  @Override
  public int retries() {
    return done == null ? 0 : done.retries();
  }

  @Override
  public long intendedStartNs() {
    return failed.submittedNs();
  }

  @Override
  public long submittedNs() {
    return failed.submittedNs();
  }

  @Override
  public long completedNs() {
    return failed.completedNs();
  }

  @Override
  public @Nullable NvmeException failure() {
    return failed.failure();
  }
}
