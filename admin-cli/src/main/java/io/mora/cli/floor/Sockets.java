package io.mora.cli.floor;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Plain channels, blocking or polled without end. */
final class Sockets {
  private static final int BUFFER_BYTES = 4 << 20;

  private Sockets() {}

  static SocketChannel ready(SocketChannel socket, boolean spin) throws IOException {
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    socket.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
    socket.configureBlocking(!spin);
    return socket;
  }

  /** Reads what is there, at least a byte; -1 at the end of the stream. */
  static int read(SocketChannel socket, ByteBuffer into) throws IOException {
    int read = socket.read(into);
    while (read == 0 && into.hasRemaining()) {
      Thread.onSpinWait();
      read = socket.read(into);
    }
    return read;
  }

  static void writeAll(SocketChannel socket, ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      if (socket.write(from) == 0) {
        Thread.onSpinWait();
      }
    }
  }
}
