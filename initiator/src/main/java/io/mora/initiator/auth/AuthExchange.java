package io.mora.initiator.auth;

import io.mora.protocol.auth.message.AuthMessage;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;

/** Commands on a queue that nothing else uses yet. On its loop's thread, where futures complete. */
public interface AuthExchange {
  /** Authentication Send. */
  CompletableFuture<Void> send(AuthMessage message);

  /** Authentication Receive: a buffer with the message from index 0, and zeroes behind it. */
  CompletableFuture<ByteBuf> receive();

  /** Goes on there. */
  void execute(Runnable task);
}
