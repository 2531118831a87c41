package io.mora.protocol.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The move of a live connection from the loop that accepted it to the loop it belongs to.
 *
 * <p>What was written before is sent first. Then the socket leaves its loop's ring, epoll set or
 * selector once every operation of its own has completed there, and enters the other's. Bytes that
 * arrive in between stay in the kernel; what the old loop had read already is held here, first in
 * the pipeline, and delivered on the new loop, in order. See docs/decisions/001-rehoming.md.
 */
public final class Rehoming extends ChannelInboundHandlerAdapter {
  /** A loop lets go of a socket within microseconds, or never: see the decision. */
  private static final long LEAVE_MS = 1_000;

  private final Channel channel;
  private final Queue<Object> held = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext context;
  private boolean holding;
  private boolean failed;

  private Rehoming(Channel channel) {
    this.channel = channel;
  }

  /**
   * Moves a channel; on its present loop's thread. From this call until {@code done} no received
   * byte reaches the pipeline, and the caller leaves the channel alone: no read, no write, no
   * second move. Auto-read is off, or the move may have to hold all that a fast peer sends.
   *
   * @param done told once: null on the new loop's thread, before any byte that was held; or the
   *     failure, on the old loop's thread (on any, if that loop has ended). The channel is closed
   *     then, what was held is gone, and {@code channelInactive} is not told. A channel that is on
   *     the loop already is done before this returns
   */
  public static void move(Channel channel, IoLoop to, Consumer<@Nullable Throwable> done) {
    EventLoop from = channel.eventLoop();
    if (from == to.eventLoop()) {
      done.accept(null);
      return;
    }
    // A move that is just delivering what it held is used again.
    Rehoming move = channel.pipeline().get(Rehoming.class);
    if (move == null) {
      move = new Rehoming(channel);
      channel.pipeline().addFirst(move);
    }
    move.holding = true;
    move.finishWrites(from, to, done);
  }

  /** A write that waits for room would keep io_uring's deregistration from ever completing. */
  private void finishWrites(EventLoop from, IoLoop to, Consumer<@Nullable Throwable> done) {
    ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
    ChannelHandlerContext ctx = context;
    if (unsent == null || unsent.isEmpty() || ctx == null) {
      leave(from, to, done);
      return;
    }
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            sent -> {
              if (sent.isSuccess()) {
                leave(from, to, done);
              } else {
                fail(from, sent.cause(), done);
              }
            });
  }

  private void leave(EventLoop from, IoLoop to, Consumer<@Nullable Throwable> done) {
    if (!channel.isOpen()) {
      // A ring's channel that is closing may have left already, and would not say so again.
      fail(from, new ClosedChannelException(), done);
      return;
    }
    Future<?> limit;
    try {
      limit =
          from.schedule(
              () -> fail(from, new TimeoutException("its loop does not let it go"), done),
              LEAVE_MS,
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      fail(from, e, done);
      return;
    }
    channel
        .deregister()
        .addListener(
            left -> {
              if (failed) {
                closeDescriptor(); // Late: it was told that it does not leave.
                return;
              }
              limit.cancel(false);
              if (!left.isSuccess()) {
                fail(from, left.cause(), done);
                return;
              }
              try {
                // Not from within the notification: a ring's channel still works on itself there.
                from.execute(() -> enter(from, to, done));
              } catch (RejectedExecutionException e) {
                fail(from, e, done);
              }
            });
  }

  private void enter(EventLoop from, IoLoop to, Consumer<@Nullable Throwable> done) {
    EventLoopGroup loop = to.eventLoop();
    if (loop.isShuttingDown()) {
      fail(from, new RejectedExecutionException(to + " is shutting down"), done);
      return;
    }
    ChannelPromise entered = new DefaultChannelPromise(channel, to.eventLoop());
    // Listens before it can happen: nothing of the new loop may come in between.
    entered.addListener(
        outcome -> {
          if (!outcome.isSuccess()) {
            fail(from, outcome.cause(), done);
          } else if (!channel.isOpen()) {
            fail(from, new ClosedChannelException(), done);
          } else {
            holding = false;
            done.accept(null);
            deliver();
          }
        });
    loop.register(entered);
  }

  /** Passes on what was held, until there is no more or the owner moves the channel again. */
  private void deliver() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      return;
    }
    boolean any = !held.isEmpty();
    while (!holding && !held.isEmpty()) {
      ctx.fireChannelRead(held.remove());
    }
    if (any && !holding) {
      ctx.fireChannelReadComplete();
    }
    if (!holding) {
      ctx.pipeline().remove(this);
    }
  }

  private void fail(EventLoop from, Throwable cause, Consumer<@Nullable Throwable> done) {
    if (!from.inEventLoop()) {
      try {
        from.execute(() -> fail(from, cause, done));
        return;
      } catch (RejectedExecutionException e) {
        cause.addSuppressed(e);
      }
    }
    failed = true;
    held.forEach(ReferenceCountUtil::release);
    held.clear();
    closeDescriptor();
    channel.close();
    done.accept(cause);
  }

  /** A ring's channel cannot close its descriptor itself while it belongs to no ring. */
  private void closeDescriptor() {
    if (channel instanceof UnixChannel socket && channel.isOpen() && !channel.isRegistered()) {
      try {
        socket.fd().close();
      } catch (IOException ignored) {
        // Linux lets go of a descriptor whatever close says.
      }
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (failed) {
      ReferenceCountUtil.release(message);
    } else {
      held.add(message);
    }
  }

  /** Told after the messages it belongs to are. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {}

  /** While the channel moves, its end is the move's failure. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!holding) {
      ctx.fireChannelInactive();
    }
  }
}
