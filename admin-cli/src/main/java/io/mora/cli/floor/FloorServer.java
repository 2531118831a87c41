package io.mora.cli.floor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Answers one connection, as a good server would: it takes all that is there in one call, and
 * answers all that is complete in one call.
 */
final class FloorServer implements Runnable {
  private final ServerSocketChannel listener;
  private final Exchange exchange;
  private final boolean spin;
  private volatile @Nullable IOException failure;

  FloorServer(ServerSocketChannel listener, Exchange exchange, boolean spin) {
    this.listener = listener;
    this.exchange = exchange;
    this.spin = spin;
  }

  @Override
  public void run() {
    try (SocketChannel peer = Sockets.ready(listener.accept(), spin)) {
      ByteBuffer in = ByteBuffer.allocateDirect(exchange.depth() * exchange.requestBytes());
      ByteBuffer out = ByteBuffer.allocateDirect(exchange.depth() * exchange.responseBytes());
      long got = 0;
      long answered = 0;
      int read = Sockets.read(peer, in.clear());
      while (read >= 0) {
        got += read;
        long complete = got / exchange.requestBytes() - answered;
        out.clear().limit((int) complete * exchange.responseBytes());
        Sockets.writeAll(peer, out);
        answered += complete;
        read = Sockets.read(peer, in.clear());
      }
    } catch (IOException e) {
      failure = e; // the client sees the end of the stream, and asks
    }
  }

  @Nullable IOException failure() {
    return failure;
  }
}
