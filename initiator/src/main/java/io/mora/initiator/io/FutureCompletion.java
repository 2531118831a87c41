package io.mora.initiator.io;

import io.mora.protocol.status.Status;
import java.util.concurrent.CompletableFuture;

/** A command's end as a future: a success's {@link Completion}, or the typed exception. */
public final class FutureCompletion extends CompletableFuture<Completion> implements IoCallback {
  @Override
  public void completed(long context, int status, IoResult io) {
    if (Status.isSuccess(status)) {
      complete(Completion.of(io));
    } else {
      completeExceptionally(io.exception());
    }
  }
}
