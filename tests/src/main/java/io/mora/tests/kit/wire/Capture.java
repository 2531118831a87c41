package io.mora.tests.kit.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A wire that writes down what passes, as a capture that tshark reads: no privilege is needed, as
 * the TCP in it is made up. Its connections are served at its own port; in the capture the target
 * has the port it has.
 */
public final class Capture implements AutoCloseable {
  private static final int MAGIC = 0xA1B2C3D4;
  private static final int LINKTYPE_RAW = 101;
  private static final int SNAPLEN = 1 << 18;
  private static final int IPV4_LENGTH = 20;
  private static final int TCP_LENGTH = 20;
  private static final int SEGMENT_MAX = 1400;
  private static final int FIRST_HOST_PORT = 40_000;
  private static final int TCP = 6;
  private static final int ACK = 0x10;
  private static final int SYN = 0x02;

  private final InetSocketAddress target;
  private final ServerSocket server;
  private final OutputStream file;
  private final List<Socket> sockets = new ArrayList<>();
  private final List<Thread> ways = new ArrayList<>();
  private int connections;
  private long packets;

  public Capture(InetSocketAddress target, Path to) {
    this.target = target;
    try {
      server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
      file = Files.newOutputStream(to);
      file.write(
          ByteBuffer.allocate(24)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(MAGIC)
              .putShort((short) 2)
              .putShort((short) 4)
              .putLong(0)
              .putInt(SNAPLEN)
              .putInt(LINKTYPE_RAW)
              .array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("capture", this::acceptAll);
  }

  /** Where hosts connect. */
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
  }

  private static Thread start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket host = server.accept();
        Socket to = new Socket(target.getAddress(), target.getPort());
        host.setTcpNoDelay(true);
        to.setTcpNoDelay(true);
        int port = FIRST_HOST_PORT + connections++;
        Way there = new Way(port, target.getPort());
        Way back = new Way(target.getPort(), port);
        there.other = back;
        back.other = there;
        packet(there, SYN, new byte[0], 0);
        packet(back, SYN | ACK, new byte[0], 0);
        synchronized (sockets) {
          sockets.add(host);
          sockets.add(to);
          ways.add(start("capture-there", () -> relay(there, host, to)));
          ways.add(start("capture-back", () -> relay(back, to, host)));
        }
      } catch (IOException e) {
        // closed, or the target is not there: the host sees its connection closed
      }
    }
  }

  private void relay(Way way, Socket from, Socket to) {
    byte[] bytes = new byte[SEGMENT_MAX];
    try {
      InputStream in = from.getInputStream();
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        packet(way, ACK, bytes, n);
        to.getOutputStream().write(bytes, 0, n);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // the other way has ended it
    }
  }

  /** Writes a packet before the other end can answer it. */
  private synchronized void packet(Way way, int flags, byte[] data, int length) throws IOException {
    int total = IPV4_LENGTH + TCP_LENGTH + length;
    ByteBuffer out = ByteBuffer.allocate(16 + total).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt((int) (packets / 1_000_000)).putInt((int) (packets++ % 1_000_000));
    out.putInt(total).putInt(total).order(ByteOrder.BIG_ENDIAN);
    out.put((byte) 0x45).put((byte) 0).putShort((short) total).putInt(0);
    out.put((byte) 64).put((byte) TCP).putShort((short) 0);
    out.putInt(0x7F000001).putInt(0x7F000001);
    out.putShort((short) way.from).putShort((short) way.to).putInt((int) way.next);
    out.putInt((int) way.other.next).put((byte) (TCP_LENGTH / 4 << 4)).put((byte) flags);
    out.putShort((short) -1).putInt(0).put(data, 0, length);
    file.write(out.array());
    way.next += (flags & SYN) != 0 ? 1 : length;
  }

  /** Ends all connections and the file. */
  @Override
  public void close() {
    try {
      server.close();
      synchronized (sockets) {
        for (Socket socket : sockets) {
          socket.close();
        }
        for (Thread way : ways) {
          way.join();
        }
      }
      synchronized (this) {
        file.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One direction of a connection. */
  private static final class Way {
    private final int from;
    private final int to;
    private long next;
    private Way other = this;

    Way(int from, int to) {
      this.from = from;
      this.to = to;
    }
  }
}
