package io.mora.protocol.net.tls;

import io.mora.protocol.auth.tls.TlsTraffic;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.List;

/**
 * What was written to a connection and not flushed, and how it becomes records. The loop's thread.
 */
final class Outbox {
  /** Most bytes of records in one piece of memory. */
  private static final int PIECE_MAX = 128 << 10;

  private static final FastThreadLocal<Scratch> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
          return new Scratch();
        }
      };

  private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>();
  private final ArrayDeque<ChannelPromise> promises = new ArrayDeque<>();
  private int bytes;

  /** Memory for one record, sealed and open; a loop's connections share it. */
  static final class Scratch {
    final byte[] plain = new byte[TlsTraffic.PLAIN_BYTES];
    final byte[] record = new byte[TlsTraffic.RECORD_MAX];
  }

  static Scratch scratch() {
    return SCRATCH.get();
  }

  void add(ByteBuf piece, ChannelPromise promise) {
    if (piece.isReadable()) {
      bytes += piece.readableBytes();
      pieces.add(piece);
    } else {
      piece.release();
    }
    if (!promise.isVoid()) {
      promises.add(promise);
    }
  }

  /** Writes what was added as records; promises are kept when the socket has taken them. */
  void seal(ChannelHandlerContext ctx, TlsTraffic keys) {
    if (pieces.isEmpty() && promises.isEmpty()) {
      return;
    }
    ByteBuf out = Unpooled.EMPTY_BUFFER;
    try {
      Scratch scratch = scratch();
      while (bytes > 0) {
        if (keys.owesKeyUpdate()) {
          ByteBuf before = out;
          out = Unpooled.EMPTY_BUFFER; // Given away: a failure must not release it again.
          ctx.write(before, ctx.voidPromise());
          ctx.write(keyUpdate(ctx, keys), ctx.voidPromise());
        }
        int filled = fill(scratch.plain);
        int length = keys.seal(scratch.plain, filled, scratch.record, 0);
        if (out.writableBytes() < length) {
          ByteBuf full = out;
          out = Unpooled.EMPTY_BUFFER;
          ctx.write(full, ctx.voidPromise());
          out = ctx.alloc().directBuffer(piece(length));
        }
        out.writeBytes(scratch.record, 0, length);
      }
    } catch (RuntimeException | Error e) {
      out.release();
      ctx.close(); // What the peer got ends in the middle.
      clear();
      throw e;
    }
    finish(ctx.write(out));
  }

  private int piece(int first) {
    int records = bytes / TlsTraffic.CONTENT_MAX + 1;
    long rest = bytes == 0 ? 0 : bytes + (long) records * TlsTraffic.OVERHEAD_BYTES;
    return (int) Math.min(PIECE_MAX, first + rest);
  }

  private int fill(byte[] plain) {
    int filled = 0;
    while (filled < TlsTraffic.CONTENT_MAX && bytes > 0) {
      ByteBuf piece = pieces.element();
      int take = Math.min(piece.readableBytes(), TlsTraffic.CONTENT_MAX - filled);
      piece.readBytes(plain, filled, take);
      filled += take;
      bytes -= take;
      if (!piece.isReadable()) {
        pieces.remove().release();
      }
    }
    return filled;
  }

  private void finish(ChannelFuture written) {
    if (promises.isEmpty()) {
      return;
    }
    List<ChannelPromise> told = List.copyOf(promises);
    promises.clear();
    written.addListener(
        done -> {
          for (ChannelPromise promise : told) {
            if (done.isSuccess()) {
              promise.trySuccess();
            } else {
              promise.tryFailure(done.cause());
            }
          }
        });
  }

  /**
   * What the socket holds is to be forgotten when it closes: then nobody waits for a last word to a
   * peer that may be gone.
   */
  static boolean isAbandoned(Channel channel) {
    try {
      Integer lingerS = channel.config().getOption(ChannelOption.SO_LINGER);
      return lingerS != null && lingerS == 0;
    } catch (ChannelException closed) {
      return true;
    }
  }

  /** Lets go of what was not flushed. */
  void clear() {
    pieces.forEach(ByteBuf::release);
    pieces.clear();
    bytes = 0;
    ChannelPromise promise = promises.poll();
    while (promise != null) {
      promise.tryFailure(new ClosedChannelException());
      promise = promises.poll();
    }
  }

  static ByteBuf keyUpdate(ChannelHandlerContext ctx, TlsTraffic keys) {
    byte[] record = scratch().record;
    return copy(ctx, record, keys.keyUpdate(record, 0));
  }

  static ByteBuf closeNotify(ChannelHandlerContext ctx, TlsTraffic keys) {
    byte[] record = scratch().record;
    return copy(ctx, record, keys.closeNotify(record, 0));
  }

  static ByteBuf alert(ChannelHandlerContext ctx, TlsTraffic keys, int description) {
    byte[] record = scratch().record;
    return copy(ctx, record, keys.alert(description, record, 0));
  }

  private static ByteBuf copy(ChannelHandlerContext ctx, byte[] record, int length) {
    return ctx.alloc().directBuffer(length, length).writeBytes(record, 0, length);
  }
}
