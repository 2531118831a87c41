package io.mora.initiator.queue;

import io.mora.protocol.command.Connect;
import io.mora.protocol.data.ConnectData;
import io.mora.protocol.status.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** The Connect command: the first on every connection, with the identifier kept for it. */
final class QueueOpening {
  private QueueOpening() {}

  /** Fills the command in; the future completes with the reply, or its typed failure. */
  static CompletableFuture<ConnectReply> fill(
      PendingCommand command, int qid, int size, QueueConnect how) {
    CompletableFuture<ConnectReply> reply = new CompletableFuture<>();
    ByteBuf data = Unpooled.buffer(ConnectData.LENGTH, ConnectData.LENGTH);
    how.data().encode(data, 0);
    command.start(0, 0);
    Connect.write(command.sqe(), 0, qid, size - 1, Connect.CATTR_DISABLE_SQ_FLOW, how.katoMs());
    command
        .ownDwords()
        .send(ByteBuffer.wrap(data.array()), 0, ConnectData.LENGTH)
        .callback(
            (context, status, result) -> {
              if (Status.isSuccess(status)) {
                boolean off = command.sqhd() == Connect.SQHD_FLOW_DISABLED;
                reply.complete(new ConnectReply(result.dw0(), off));
              } else {
                reply.completeExceptionally(result.exception());
              }
            },
            0);
    return reply;
  }
}
