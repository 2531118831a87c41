package io.mora.initiator.transfer;

import io.mora.initiator.io.Completion;
import io.mora.initiator.io.FutureCompletion;
import io.mora.initiator.io.RawCommand;
import io.mora.initiator.locality.IoConsumer;
import io.mora.initiator.queue.HostQueuePair;
import io.mora.initiator.queue.PendingCommand;
import io.mora.protocol.command.Sqe;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends a {@link RawCommand}: once, never again. */
public final class RawSubmission {
  private RawSubmission() {}

  /** Any thread; the future completes where the consumer is, or on the queue's loop without. */
  public static CompletableFuture<Completion> submit(
      HostQueuePair queue, RawCommand raw, @Nullable IoConsumer consumer) {
    PendingCommand command = queue.claim();
    if (command == null) {
      return CompletableFuture.failedFuture(queue.refusal());
    }
    FutureCompletion future = new FutureCompletion();
    fill(command, raw).ownDwords().consumer(consumer).callback(future, 0);
    queue.publish(command);
    return future;
  }

  private static PendingCommand fill(PendingCommand command, RawCommand raw) {
    command.start(0, 0).timeoutNs(TimeUnit.MILLISECONDS.toNanos(raw.timeoutMs()));
    command.sqe().setBytes(0, raw.sqe(), 0, Sqe.LENGTH);
    ByteBuffer data = raw.data();
    if (data != null && raw.direction() == RawCommand.Data.TO_HOST) {
      command.receive(data, data.position(), data.remaining());
    } else if (data != null) {
      command.send(data, data.position(), data.remaining());
    }
    return command;
  }
}
