package io.mora.tests.system.tls;

import io.mora.protocol.Nqn;
import io.mora.protocol.auth.tls.TlsException;
import io.mora.protocol.auth.tls.TlsHandshake;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.protocol.auth.tls.TlsPsk;
import io.mora.protocol.auth.tls.TlsSession;
import io.mora.protocol.auth.tls.TlsTraffic;
import io.mora.tests.kit.Served;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Objects;

/** A TLS connection by hand: what is sent after the handshake is the test's. */
final class RawTls implements AutoCloseable {
  private static final int WAIT_MS = 20_000;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final TlsTraffic traffic;
  private final byte[] plain = new byte[TlsTraffic.PLAIN_BYTES];
  private final byte[] record = new byte[TlsTraffic.RECORD_MAX];

  private RawTls(Socket socket, TlsTraffic traffic) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
    this.traffic = traffic;
  }

  static Socket socket(int port) {
    try {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(WAIT_MS);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Shakes hands as a host does; the key of the tests' subsystem. */
  static RawTls connect(int port, TlsPsk psk, Nqn host) {
    return connect(port, TlsKey.of(psk, 1, host, Served.SUBSYSTEM));
  }

  static RawTls connect(int port, TlsKey key) {
    try {
      Socket socket = socket(port);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      TlsHandshake handshake = TlsHandshake.client(key);
      while (true) {
        socket.getOutputStream().write(handshake.output());
        TlsSession session = handshake.session();
        if (session != null) {
          return new RawTls(socket, new TlsTraffic(session, true));
        }
        byte[] record = readRecord(in);
        handshake.accept(record, record.length);
      }
    } catch (IOException | TlsException e) {
      throw new AssertionError("no TLS session: " + e, e);
    }
  }

  private static byte[] readRecord(DataInputStream in) throws IOException {
    byte[] header = in.readNBytes(TlsTraffic.HEADER_BYTES);
    if (header.length < TlsTraffic.HEADER_BYTES) {
      throw new EOFException("the end instead of a record");
    }
    int length = (header[3] & 0xFF) << 8 | header[4] & 0xFF;
    byte[] record = Arrays.copyOf(header, TlsTraffic.HEADER_BYTES + length);
    in.readFully(record, TlsTraffic.HEADER_BYTES, length);
    return record;
  }

  Socket socket() {
    return socket;
  }

  /** A record of these bytes, not sent. */
  byte[] sealed(byte[] content) {
    System.arraycopy(content, 0, plain, 0, content.length);
    return Arrays.copyOf(record, traffic.seal(plain, content.length, record, 0));
  }

  byte[] keyUpdate() {
    return Arrays.copyOf(record, traffic.keyUpdate(record, 0));
  }

  byte[] closeNotify() {
    return Arrays.copyOf(record, traffic.closeNotify(record, 0));
  }

  void sendBytes(byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void send(byte[] content) {
    for (int at = 0; at < content.length; at += TlsTraffic.CONTENT_MAX) {
      int end = Math.min(content.length, at + TlsTraffic.CONTENT_MAX);
      sendBytes(sealed(Arrays.copyOfRange(content, at, end)));
    }
  }

  /** Content of the next record that has some; empty at the end. */
  byte[] receive() {
    try {
      while (!traffic.isClosedByPeer()) {
        byte[] bytes = readRecord(in);
        int length = traffic.open(bytes, bytes.length, plain, 0);
        if (length > 0) {
          return Arrays.copyOf(plain, length);
        }
      }
    } catch (EOFException | SocketException end) {
      return new byte[0];
    } catch (IOException | TlsException e) {
      throw new AssertionError(e);
    }
    return new byte[0];
  }

  /** Whether the other end lets go; what it says before is passed over. */
  static boolean ends(Socket socket) {
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (SocketException e) {
      return true;
    } catch (IOException e) {
      throw new AssertionError("still open: " + e, e);
    }
  }

  /**
   * A port of plain bytes for one connection, which go through this one.
   *
   * @return the port
   */
  int asPort() {
    try {
      ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      Thread accepts = new Thread(() -> relay(port), "tls-relay");
      accepts.setDaemon(true);
      accepts.start();
      return port.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void relay(ServerSocket port) {
    try (port;
        Socket client = port.accept()) {
      OutputStream back = client.getOutputStream();
      Thread answers =
          new Thread(
              () -> {
                try {
                  for (byte[] content = receive(); content.length > 0; content = receive()) {
                    back.write(content);
                  }
                  client.shutdownOutput();
                } catch (IOException gone) {
                  return;
                }
              },
              "tls-relay-back");
      answers.setDaemon(true);
      answers.start();
      byte[] some = new byte[TlsTraffic.CONTENT_MAX];
      int length = client.getInputStream().read(some);
      while (length > 0) {
        send(Arrays.copyOf(some, length));
        length = client.getInputStream().read(some);
      }
    } catch (IOException | RuntimeException gone) {
      Objects.requireNonNull(gone);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
