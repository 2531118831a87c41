package io.mora.tests.kit.hostile;

import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One visit of a hostile host: its connections, which end with it by a reset. One thread, but for
 * {@link #close}.
 */
final class Visit implements AutoCloseable {
  /** Longer than a target bears with who holds back; nobody waits longer for an answer. */
  static final int WAIT_MS = 3_000;

  private static final int DEPTH = 127;

  final Victim victim;
  final Random random;
  private final List<Socket> sockets = new ArrayList<>();
  private boolean closed;

  Visit(Victim victim, Random random) {
    this.victim = victim;
    this.random = random;
  }

  private synchronized <T extends Socket> T keep(T socket) throws IOException {
    sockets.add(socket);
    if (closed) {
      close();
      throw new IOException("the visit is over");
    }
    socket.setSoTimeout(WAIT_MS);
    return socket;
  }

  /** A connection on which nothing was said. */
  Socket socket(InetSocketAddress to) throws IOException {
    Socket socket = keep(new Socket());
    socket.connect(to, WAIT_MS);
    return socket;
  }

  /** After ICReq. */
  RawHost initialised(int digests) throws IOException {
    RawHost host = RawHost.connect(victim.plain());
    keep(host.socket());
    return host.initialise(digests, 0);
  }

  /** An enabled controller's admin queue. */
  Admin admin(int digests) throws IOException {
    RawHost admin = initialised(digests);
    Outcome connected = admin.run(Capsules.connect(0, 0xFFFF, victim.subsystem()));
    ok(connected);
    ok(admin.run(Capsules.propertySet(1, 0x14, 0x00460001)));
    while ((admin.run(Capsules.propertyGet(1, 0x1C, 4)).dw0() & 3) != 1) {
      Thread.onSpinWait();
    }
    return new Admin(admin, connected.dw0() & 0xFFFF, digests);
  }

  /** An admin queue, its controller, and how its connections begin. */
  record Admin(RawHost host, int cntlid, int digests) {}

  /** One more I/O queue. */
  RawHost queue(Admin admin, int qid) throws IOException {
    RawHost queue = initialised(admin.digests);
    byte[] data = Capsules.connectData(admin.cntlid, victim.subsystem(), Capsules.HOSTNQN);
    ok(queue.run(Capsules.connect(qid, data).put(Capsules.SQE + 44, 2, DEPTH)));
    return queue;
  }

  /** A read or write of {@value Victim#BIG} bytes. */
  static Frame big(int opcode, int cid) {
    return Capsules.blocks(
        Capsules.transfer(opcode, cid, Victim.NSID, Victim.BIG), 0, Victim.BIG / Victim.BLOCK);
  }

  private static void ok(Outcome outcome) throws IOException {
    if (outcome.code() != 0) {
      throw new IOException("refused: " + outcome);
    }
  }

  /** Sends a byte at a time until all is sent or the target has had enough; true if it has. */
  static boolean drip(Socket socket, byte[] bytes, int pauseMs) throws IOException {
    long end = System.nanoTime() + WAIT_MS * 1_000_000L;
    try {
      for (byte each : bytes) {
        socket.getOutputStream().write(each);
        Thread.sleep(pauseMs);
        if (System.nanoTime() > end) {
          return false;
        }
      }
    } catch (IOException cut) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return ends(socket);
  }

  /** Reads until the target ends the connection; false if it does not in time. */
  static boolean ends(Socket socket) throws IOException {
    try {
      InputStream in = socket.getInputStream();
      byte[] rest = new byte[1 << 16];
      while (in.read(rest) >= 0) {
        Thread.onSpinWait();
      }
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    sockets.forEach(Visit::reset);
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException gone) {
      return;
    }
  }
}
