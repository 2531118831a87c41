package io.mora.tests.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Relays connections between this machine and a guest so that the guest's emulator survives their
 * end. Two threads a connection; for tests only.
 */
public final class GuestWire implements AutoCloseable {
  /*
   * libslirp 4.7.0, QEMU's user network, aborts the whole emulator ("soread: Assertion `buf_len !=
   * 0' failed") when a socket of this machine hangs up while the guest's receive buffer is full
   * and data of the guest still waits to be taken: it polls that socket for output only, is told of
   * the hang-up, and reads where it has no room. A loss under load does just that. So towards the
   * guest a connection is never reset and everything is taken: it is shut down for output, read to
   * its end, and only then closed.
   */
  private static final int CHUNK = 64 << 10;
  private static final int BACKLOG = 64;

  private final ServerSocket server;
  private final int port;
  private final boolean guestAccepts;
  private final AtomicInteger accepted = new AtomicInteger();

  private GuestWire(int port, boolean guestAccepts) {
    this.port = port;
    this.guestAccepts = guestAccepts;
    try {
      server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    FaultProxy.start("guest-wire", this::acceptAll);
  }

  /** To a guest's server, behind a port of this machine that the emulator forwards. */
  public static GuestWire toGuest(int forwardedPort) {
    return new GuestWire(forwardedPort, true);
  }

  /** From a guest to a server of this machine. */
  public static GuestWire fromGuest(int serverPort) {
    return new GuestWire(serverPort, false);
  }

  /** Where to connect instead. */
  public int port() {
    return server.getLocalPort();
  }

  /** Connections taken so far. */
  public int accepted() {
    return accepted.get();
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket from = server.accept();
        accepted.incrementAndGet();
        relay(from);
      } catch (IOException e) {
        // closed, or nobody listens behind: who connected sees its connection closed
      }
    }
  }

  private void relay(Socket from) throws IOException {
    Socket to;
    try {
      to = new Socket(InetAddress.getLoopbackAddress(), port);
    } catch (IOException e) {
      from.close();
      throw e;
    }
    from.setTcpNoDelay(true);
    to.setTcpNoDelay(true);
    Socket guest = guestAccepts ? to : from;
    Socket ours = guestAccepts ? from : to;
    AtomicInteger left = new AtomicInteger(2);
    FaultProxy.start(
        "guest-wire-in",
        () -> {
          pump(ours, guest);
          ended(left, ours, guest);
        });
    FaultProxy.start(
        "guest-wire-out",
        () -> {
          pump(guest, ours);
          close(guest); // It has said all: safe now, and frees the other thread's write.
          ended(left, ours, guest);
        });
  }

  /** Takes everything to its end, even where the other end does not want it any more. */
  private static void pump(Socket from, Socket to) {
    byte[] buffer = new byte[CHUNK];
    boolean wanted = true;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        wanted = wanted && write(out, buffer, got);
      }
    } catch (IOException e) {
      // reset: the other end is told below
    }
    try {
      to.shutdownOutput();
    } catch (IOException e) {
      // that end is over too
    }
  }

  private static boolean write(OutputStream out, byte[] buffer, int length) {
    try {
      out.write(buffer, 0, length);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void ended(AtomicInteger left, Socket ours, Socket guest) {
    if (left.decrementAndGet() == 0) {
      close(ours);
      close(guest);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it was over already
    }
  }

  /** Takes no more connections; those there are end by their ends. */
  @Override
  public void close() throws IOException {
    server.close();
  }
}
