package io.mora.initiator.queue;

import io.mora.initiator.auth.AuthExchange;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.auth.message.AuthCommand;
import io.mora.protocol.auth.message.AuthMessage;
import io.mora.protocol.command.Connect;
import io.mora.protocol.data.ConnectData;
import io.mora.protocol.net.IoLoop;
import io.mora.protocol.status.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The first commands on a connection, one after the other, with the identifier kept for them:
 * Connect, then what proves who this host is. On the queue's loop.
 */
final class QueueOpening implements AuthExchange {
  private static final int COMMAND = 0;

  private final IoLoop loop;
  private final CommandFlow flow;
  private final QueueSettings settings;
  private final HostConnection connection;

  /**
   * @param connection the flow's, when it is ready; nothing is sent on another
   */
  QueueOpening(IoLoop loop, CommandFlow flow, QueueSettings settings, HostConnection connection) {
    this.loop = loop;
    this.flow = flow;
    this.settings = settings;
    this.connection = connection;
  }

  /** Completes with the reply, when this host is authenticated if it must be. */
  CompletableFuture<QueueConnect.Reply> open(QueueConnect how) {
    return connect(how)
        .thenCompose(
            reply ->
                how.authenticator()
                    .authenticate(this, how.isAdmin(), how.byKey(), reply.demand())
                    .thenApply(done -> reply));
  }

  private CompletableFuture<QueueConnect.Reply> connect(QueueConnect how) {
    ByteBuf data = Unpooled.buffer(ConnectData.LENGTH, ConnectData.LENGTH);
    how.data().encode(data, 0);
    PendingCommand command = flow.table.reserved(COMMAND).start(0, 0);
    Connect.write(
        command.sqe(),
        0,
        settings.qid(),
        settings.size() - 1,
        Connect.CATTR_DISABLE_SQ_FLOW,
        how.katoMs());
    command.send(ByteBuffer.wrap(data.array()), 0, ConnectData.LENGTH);
    return run(
        command,
        result ->
            new QueueConnect.Reply(result.dw0(), command.sqhd() == Connect.SQHD_FLOW_DISABLED));
  }

  @Override
  public CompletableFuture<Void> send(AuthMessage message) {
    ByteBuf data = message.toBuf();
    PendingCommand command = flow.table.reserved(COMMAND).start(0, 0);
    AuthCommand.writeSend(command.sqe(), 0, message.lengthBytes());
    command.send(ByteBuffer.wrap(data.array()), 0, message.lengthBytes());
    return run(command, result -> null);
  }

  @Override
  public CompletableFuture<ByteBuf> receive() {
    ByteBuffer room = ByteBuffer.allocate(AuthCommand.LENGTH_MAX);
    PendingCommand command = flow.table.reserved(COMMAND).start(0, 0);
    AuthCommand.writeReceive(command.sqe(), 0, room.capacity());
    command.receive(room, 0, room.capacity());
    return run(command, result -> Unpooled.wrappedBuffer(room.array()));
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }

  private <T> CompletableFuture<T> run(PendingCommand command, Function<IoResult, T> whenDone) {
    CompletableFuture<T> reply = new CompletableFuture<>();
    if (flow.connection != connection) {
      String text = "queue " + settings.qid() + " was closed while it was opened";
      reply.completeExceptionally(new ConnectionException(Reason.LOST, text));
      return reply;
    }
    command
        .ownDwords()
        .callback(
            (context, status, result) -> {
              if (Status.isSuccess(status)) {
                reply.complete(whenDone.apply(result));
              } else {
                reply.completeExceptionally(result.exception());
              }
            },
            0);
    command.submitted(loop.refreshNow(), settings.timeoutNs());
    flow.begin(command);
    return reply;
  }
}
