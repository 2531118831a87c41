package io.mora.protocol.net.tls;

import io.mora.protocol.auth.tls.TlsException;
import io.mora.protocol.auth.tls.TlsHandshake;
import io.mora.protocol.auth.tls.TlsSession;
import io.mora.protocol.auth.tls.TlsTraffic;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3 on a channel: first in its pipeline, between the socket and what speaks NVMe/TCP, which
 * becomes active when the handshake is over and then sees plain bytes both ways. The loop's thread;
 * a handshake is computed elsewhere.
 *
 * <p>Bounds: {@link TlsHandshake#BYTES_MAX} of a peer before the end of the handshake, the rest of
 * one record after it; what is written is sealed at the flush and then the socket's.
 */
public final class TlsStage extends ChannelDuplexHandler {
  /** How long a peer that is refused may take to read why. */
  private static final long LAST_WORD_MS = 1_000;

  private static final byte[] NOTHING = {};

  private final TlsEnd end;
  private final Outbox outbox = new Outbox();
  private @Nullable ScheduledFuture<?> timer;
  private @Nullable TlsHandshake handshake;
  private @Nullable TlsTraffic traffic;

  /** Bytes that came and are no whole record yet, or wait for the handshake. */
  private byte[] held = NOTHING;

  private int heldBytes;
  private boolean begun;

  /** The peer has sent a record. */
  private boolean spoken;

  private boolean computing;
  private boolean over;
  private boolean closing;
  private @Nullable ChannelFuture lastWord;

  public TlsStage(TlsEnd end) {
    this.end = end;
  }

  /** Whether what is sent on a channel has to go through a stage. */
  public static boolean isOn(Channel channel) {
    return channel.pipeline().get(TlsStage.class) != null;
  }

  /** Half-closes, after what was written; over TLS it says so first. */
  public static void shutdownOutput(Channel channel) {
    TlsStage stage = channel.pipeline().get(TlsStage.class);
    ChannelHandlerContext ctx = channel.pipeline().context(TlsStage.class);
    ChannelFuture word = stage == null || ctx == null ? null : stage.sayClose(ctx);
    if (word == null) {
      ((DuplexChannel) channel).shutdownOutput();
    } else {
      // Not earlier: a ring has not sent it when the call returns.
      word.addListener(said -> ((DuplexChannel) channel).shutdownOutput());
    }
  }

  // --- handshake

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      connected(ctx);
    }
  }

  /** Told to what is behind when the handshake is over. */
  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    connected(ctx);
  }

  private void connected(ChannelHandlerContext ctx) {
    if (timer != null) {
      return;
    }
    String late = "no handshake in " + end.timeoutMs() + " ms";
    timer =
        ctx.executor().schedule(() -> refuse(ctx, late), end.timeoutMs(), TimeUnit.MILLISECONDS);
    if (end.isClient()) {
      compute(ctx, NOTHING, 0);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (over) {
      in.release();
    } else if (traffic != null) {
      open(ctx, in, traffic);
    } else {
      shake(ctx, in);
    }
  }

  private void shake(ChannelHandlerContext ctx, ByteBuf in) {
    int bytes = in.readableBytes();
    if (heldBytes + bytes > TlsHandshake.BYTES_MAX) {
      in.release();
      refuse(ctx, "more than " + TlsHandshake.BYTES_MAX + " bytes before a handshake");
      return;
    }
    hold(in, bytes);
    in.release();
    step(ctx);
  }

  private void hold(ByteBuf in, int bytes) {
    if (held.length < heldBytes + bytes) {
      held = Arrays.copyOf(held, Math.max(heldBytes + bytes, 2 * held.length));
    }
    in.readBytes(held, heldBytes, bytes);
    heldBytes += bytes;
  }

  private void step(ChannelHandlerContext ctx) {
    if (computing) {
      return;
    }
    try {
      int whole = HandshakeStep.wholeRecords(held, heldBytes, !spoken);
      if (whole > 0) {
        spoken = true;
        compute(ctx, Arrays.copyOf(held, whole), whole);
      }
    } catch (TlsException e) {
      refuse(ctx, e, Unpooled.EMPTY_BUFFER);
    }
  }

  private void compute(ChannelHandlerContext ctx, byte[] bytes, int length) {
    try {
      if (!begun) {
        end.begin();
        begun = true;
      }
      computing = true;
      TlsHandshake known = handshake;
      end.workers().execute(() -> work(ctx, known, bytes, length));
    } catch (TlsException e) {
      refuse(ctx, e, Unpooled.EMPTY_BUFFER);
    } catch (RejectedExecutionException e) {
      computing = false;
      refuse(ctx, "too much is being computed");
    }
  }

  private void work(
      ChannelHandlerContext ctx, @Nullable TlsHandshake known, byte[] bytes, int length) {
    HandshakeStep taken = HandshakeStep.take(end, known, bytes, length);
    try {
      ctx.executor().execute(() -> computed(ctx, taken));
    } catch (RejectedExecutionException stopped) {
      return; // The loop has ended, and the channel with it.
    }
  }

  private void computed(ChannelHandlerContext ctx, HandshakeStep result) {
    computing = false;
    if (over) {
      end();
      return;
    }
    handshake = result.handshake();
    TlsException failure = result.failure();
    if (failure != null) {
      refuse(ctx, failure, result.output());
      return;
    }
    if (result.output().isReadable()) {
      ctx.writeAndFlush(result.output());
    }
    System.arraycopy(held, result.taken(), held, 0, heldBytes - result.taken());
    heldBytes -= result.taken();
    TlsSession session = handshake == null ? null : handshake.session();
    TlsTraffic keys = result.traffic();
    if (keys != null && session != null) {
      secured(ctx, session, keys);
    } else {
      step(ctx);
    }
  }

  private void secured(ChannelHandlerContext ctx, TlsSession session, TlsTraffic keys) {
    traffic = keys;
    handshake = null;
    end();
    ByteBuf behind = Unpooled.wrappedBuffer(Arrays.copyOf(held, heldBytes));
    held = NOTHING;
    heldBytes = 0;
    end.secured(ctx.channel(), session);
    ctx.fireChannelActive();
    if (behind.isReadable() && !over) {
      open(ctx, behind, keys);
      ctx.fireChannelReadComplete();
    }
  }

  private void end() {
    ScheduledFuture<?> running = timer;
    if (running != null) {
      running.cancel(false);
    }
    if (begun && !computing) {
      begun = false;
      end.ended();
    }
  }

  private void refuse(ChannelHandlerContext ctx, String cause) {
    refuse(ctx, new TlsException(TlsException.NONE, cause), Unpooled.EMPTY_BUFFER);
  }

  /** Ends it before there is a secure connection. */
  private void refuse(ChannelHandlerContext ctx, TlsException cause, ByteBuf lastWord) {
    if (over || traffic != null) {
      return;
    }
    over = true;
    end();
    held = NOTHING;
    String text = String.valueOf(cause.getMessage());
    end.refused(ctx.channel(), text, cause.alert() != TlsException.NONE);
    if (!lastWord.isReadable() || !ctx.channel().isActive()) {
      ctx.close();
      return;
    }
    leave(ctx, lastWord);
  }

  /** Closing at once would reset the connection under the alert if input is unread. */
  private static void leave(ChannelHandlerContext ctx, ByteBuf lastWord) {
    Channel channel = ctx.channel();
    ctx.writeAndFlush(lastWord).addListener(sent -> ((DuplexChannel) channel).shutdownOutput());
    ctx.executor().schedule(() -> channel.close(), LAST_WORD_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    refuse(ctx, (closing ? "closed" : "the peer hung up") + " during the handshake");
    outbox.clear();
    if (traffic != null) {
      ctx.fireChannelInactive();
    }
  }

  /** Before there is a secure connection nobody is behind who could take it. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (traffic != null) {
      ctx.fireExceptionCaught(cause);
    } else {
      String text = String.valueOf(cause.getMessage());
      refuse(ctx, cause instanceof IOException ? text : "internal error: " + cause);
    }
  }

  // --- records

  private void open(ChannelHandlerContext ctx, ByteBuf in, TlsTraffic keys) {
    byte[] record = Outbox.scratch().record;
    ByteBuf out = null;
    TlsException failure = null;
    try {
      int length = record(in, record);
      while (length > 0 && !keys.isClosedByPeer()) {
        if (out == null) {
          int most = length + in.readableBytes();
          out = ctx.alloc().heapBuffer(most, most);
        }
        int at = out.writerIndex();
        out.writerIndex(at + keys.open(record, length, out.array(), out.arrayOffset() + at));
        length = record(in, record);
      }
      if (keys.owesKeyUpdate() && ctx.channel().isWritable()) {
        ctx.writeAndFlush(Outbox.keyUpdate(ctx, keys)); // Else before the next data.
      }
    } catch (TlsException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      ReferenceCountUtil.release(out);
      throw e;
    } finally {
      in.release();
    }
    if (out != null && out.isReadable()) {
      ctx.fireChannelRead(out);
    } else if (out != null) {
      out.release();
    }
    if (failure != null) {
      fail(ctx, keys, failure);
    } else if (keys.isClosedByPeer()) {
      ctx.channel().close();
    }
  }

  /** Takes the next whole record out of what was held and what came; 0 if there is none. */
  private int record(ByteBuf in, byte[] record) throws TlsException {
    int missing = TlsTraffic.HEADER_BYTES - heldBytes;
    if (missing > 0) {
      hold(in, Math.min(missing, in.readableBytes()));
    }
    if (heldBytes < TlsTraffic.HEADER_BYTES) {
      return 0;
    }
    int length = TlsTraffic.recordLength(held, 0);
    int rest = length - heldBytes;
    if (in.readableBytes() < rest) {
      if (held.length < length) {
        held = Arrays.copyOf(held, length);
      }
      hold(in, in.readableBytes());
      return 0;
    }
    System.arraycopy(held, 0, record, 0, heldBytes);
    in.readBytes(record, heldBytes, rest);
    heldBytes = 0;
    if (held.length > TlsTraffic.HEADER_BYTES) {
      held = NOTHING; // Idle connections hold no record.
    }
    return length;
  }

  /** Ends a secure connection whose peer broke the protocol. */
  private void fail(ChannelHandlerContext ctx, TlsTraffic keys, TlsException failure) {
    over = true;
    if (ctx.channel().isActive()) {
      lastWord = ctx.writeAndFlush(Outbox.alert(ctx, keys, failure.alert()));
    }
    ctx.fireExceptionCaught(failure);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    outbox.add((ByteBuf) message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    TlsTraffic keys = traffic;
    if (keys != null) {
      outbox.seal(ctx, keys);
    }
    ctx.flush();
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    closing = true;
    ChannelFuture word = Outbox.isAbandoned(ctx.channel()) ? null : sayClose(ctx);
    outbox.clear();
    if (word == null || word.isDone()) {
      ctx.close(promise);
      return;
    }
    // A ring's channel that closes while it writes may never end.
    word.addListener(said -> closeOnce(ctx, promise));
    ctx.executor().schedule(() -> closeOnce(ctx, promise), LAST_WORD_MS, TimeUnit.MILLISECONDS);
  }

  private static void closeOnce(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (!promise.isDone()) {
      ctx.close(promise);
    }
  }

  private @Nullable ChannelFuture sayClose(ChannelHandlerContext ctx) {
    TlsTraffic keys = traffic;
    Channel channel = ctx.channel();
    if (keys != null && !over && channel.isActive() && channel.isRegistered()) {
      over = true;
      outbox.seal(ctx, keys);
      lastWord = ctx.writeAndFlush(Outbox.closeNotify(ctx, keys));
    }
    return lastWord;
  }
}
