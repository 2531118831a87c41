package io.mora.protocol.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Moves a live connection from the loop that accepted it to the loop it belongs to.
 *
 * <p>The socket leaves its loop's ring, epoll set or selector once every operation of its own has
 * completed there, and then enters the other's. Bytes that arrive in between stay in the kernel, or
 * in this handler if the old loop had read them already, and reach the pipeline on the new loop, in
 * order. See docs/decisions/001-rehoming.md.
 */
public final class Rehoming {
  private Rehoming() {}

  /**
   * Moves a channel; on its present loop's thread. From this call until {@code done} no received
   * byte reaches the pipeline and the caller leaves the channel alone: no read, write or second
   * move. Auto-read is off, or the move may have to hold all that a fast peer sends.
   *
   * @param done told once: null on the new loop's thread, before any byte that was held back; or
   *     the failure, on the thread of either loop, after which the channel is closed. A channel
   *     that is there already is done before this returns
   */
  public static void move(Channel channel, IoLoop to, Consumer<@Nullable Throwable> done) {
    if (channel.eventLoop() == to.eventLoop()) {
      done.accept(null);
      return;
    }
    Hold hold = hold(channel);
    channel
        .deregister()
        .addListener(
            left -> {
              if (left.isSuccess()) {
                EventLoopGroup loop = to.eventLoop();
                loop.register(channel).addListener(in -> arrived(channel, hold, in, done));
              } else {
                arrived(channel, hold, left, done);
              }
            });
  }

  /** A new hold, or that of a move which is just delivering what it held. */
  private static Hold hold(Channel channel) {
    Hold hold = channel.pipeline().get(Hold.class);
    if (hold == null) {
      hold = new Hold();
      channel.pipeline().addFirst(hold);
    }
    hold.holding = true;
    return hold;
  }

  private static void arrived(
      Channel channel, Hold hold, Future<?> outcome, Consumer<@Nullable Throwable> done) {
    Throwable failure = outcome.cause();
    if (failure == null) {
      hold.holding = false;
      done.accept(null);
      hold.deliver();
      // What could not be written before the move is flushed already; only a flush resumes it.
      channel.unsafe().flush();
    } else {
      hold.drop();
      channel.close();
      done.accept(failure);
    }
  }

  /** Keeps what the old loop still reads: its peer spoke out of turn, or hung up. */
  private static final class Hold extends ChannelInboundHandlerAdapter {
    private final Queue<Object> messages = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;
    private boolean holding;
    private boolean dropped;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (dropped) {
        ReferenceCountUtil.release(message);
      } else {
        messages.add(message);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      // Told after the messages it belongs to.
    }

    /** Passes on what was held until there is no more, or the owner moves the channel again. */
    void deliver() {
      ChannelHandlerContext ctx = context;
      if (ctx == null || holding) {
        return;
      }
      boolean any = !messages.isEmpty();
      while (!holding && !messages.isEmpty()) {
        ctx.fireChannelRead(messages.remove());
      }
      if (any && !holding) {
        ctx.fireChannelReadComplete();
      }
      if (!holding) {
        ctx.pipeline().remove(this);
      }
    }

    void drop() {
      dropped = true;
      for (Object message = messages.poll(); message != null; message = messages.poll()) {
        ReferenceCountUtil.release(message);
      }
    }
  }
}
