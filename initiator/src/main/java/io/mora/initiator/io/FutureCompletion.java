package io.mora.initiator.io;

import io.mora.protocol.status.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A command's end as a future: a success's {@link Completion}, or the typed exception. */
public final class FutureCompletion extends CompletableFuture<Completion> implements IoCallback {
  private final @Nullable Executor executor;

  /**
   * @param executor where the future completes; null for the queue's loop thread
   */
  public FutureCompletion(@Nullable Executor executor) {
    this.executor = executor;
  }

  @Override
  public void completed(long context, int status, IoResult io) {
    if (!Status.isSuccess(status)) {
      RuntimeException failure = io.exception();
      run(() -> completeExceptionally(failure));
      return;
    }
    Completion completion = Completion.of(io);
    if (executor == null) {
      complete(completion);
    } else {
      run(() -> complete(completion));
    }
  }

  /** On the executor; here if it refuses, because nobody may wait for ever. */
  private void run(Runnable end) {
    if (executor == null) {
      end.run();
      return;
    }
    try {
      executor.execute(end);
    } catch (RuntimeException refused) {
      end.run();
    }
  }
}
