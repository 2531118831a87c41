package io.mora.target.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Waits for the first byte of a connection, which tells TLS from plain TCP, and goes. */
final class FirstByte extends ChannelInboundHandlerAdapter {
  /** Type of a TLS record with a ClientHello. */
  private static final int TLS_HANDSHAKE = 22;

  private final long timeoutMs;
  private final Consumer<Boolean> choice;
  private @Nullable ScheduledFuture<?> timer;

  /**
   * @param choice told whether it is TLS; adds what is to have the bytes behind this handler
   */
  FirstByte(long timeoutMs, Consumer<Boolean> choice) {
    this.timeoutMs = timeoutMs;
    this.choice = choice;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    timer = ctx.executor().schedule(() -> ctx.close(), timeoutMs, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (!in.isReadable()) {
      in.release();
      return;
    }
    stop();
    choice.accept(in.getByte(in.readerIndex()) == TLS_HANDSHAKE);
    ctx.fireChannelActive();
    ctx.fireChannelRead(in);
    ctx.pipeline().remove(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      ctx.fireExceptionCaught(cause);
    }
    ctx.close();
  }

  private void stop() {
    ScheduledFuture<?> running = timer;
    if (running != null) {
      running.cancel(false);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stop();
    ctx.fireChannelInactive();
  }
}
