package io.mora.tests.system.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Somebody in the middle who tells plain NVMe/TCP, where proofs are made, from TLS, and may cut the
 * latter.
 */
final class PlainWire implements AutoCloseable {
  private static final int TLS_RECORD = 22;

  private final int targetPort;
  private final boolean cutsTls;
  private final ServerSocket server;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger plain = new AtomicInteger();
  private final AtomicInteger cut = new AtomicInteger();

  PlainWire(int targetPort, boolean cutsTls) {
    this.targetPort = targetPort;
    this.cutsTls = cutsTls;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("plain-wire", this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Connections that began plain. */
  int plain() {
    return plain.get();
  }

  /** Those over TLS that did not go through. */
  int cut() {
    return cut.get();
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void run(String name, Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException gone) {
                return;
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket host = server.accept();
      open.add(host);
      run("plain-wire-host", () -> relay(host));
    }
  }

  private void relay(Socket host) throws IOException {
    try (host) {
      int first = host.getInputStream().read();
      if (first == TLS_RECORD && cutsTls) {
        cut.incrementAndGet();
        return;
      }
      plain.addAndGet(first == TLS_RECORD ? 0 : 1);
      try (Socket target = new Socket(InetAddress.getLoopbackAddress(), targetPort)) {
        open.add(target);
        run("plain-wire-target", () -> pass(target.getInputStream(), host.getOutputStream()));
        target.getOutputStream().write(first);
        pass(host.getInputStream(), target.getOutputStream());
      }
    }
  }

  private static void pass(InputStream from, OutputStream to) throws IOException {
    byte[] some = new byte[4096];
    for (int length = from.read(some); length > 0; length = from.read(some)) {
      to.write(some, 0, length);
    }
    to.close();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
