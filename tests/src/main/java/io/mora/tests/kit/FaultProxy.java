package io.mora.tests.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A wire between host and target that can go wrong, and knows PDUs: it relays every connection to
 * its own port to the target's. A thread each way of each connection; for tests only.
 */
public final class FaultProxy implements AutoCloseable {
  /** More connections at once are refused. */
  static final int CONNECTIONS_MAX = 256;

  /** Of {@link Fault#pduType}: whichever comes. */
  public static final int ANY_PDU = -1;

  /** Which way bytes go. */
  public enum Way {
    TO_TARGET,
    TO_HOST
  }

  /** What happens. */
  public enum Act {
    /** Both ends are told that the connection is over: FIN. */
    CUT,
    /** As when a machine forgets it: RST. */
    RESET,
    /** Nothing moves any more, and nobody is told. */
    HOLE,
    /** One bit of the next byte is turned over, and all goes on. */
    GARBLE
  }

  /**
   * A fault that happens once.
   *
   * @param pduType the PDU it hits, or {@link #ANY_PDU}
   * @param skip PDUs of that type that pass before, counted from when it is armed
   * @param bytes of the PDU that still pass
   */
  public record Fault(Way way, int pduType, int skip, int bytes, Act act) {}

  private final int targetPort;
  private final ServerSocket server;
  private final List<Relay> relays = new ArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger toSkip = new AtomicInteger();
  private final AtomicInteger faults = new AtomicInteger();
  private volatile @Nullable Fault armed;
  private volatile boolean hole;
  private volatile boolean refusing;
  private volatile long slowBytesPerSecond;
  private volatile long delayMs;

  public FaultProxy(int targetPort) {
    this.targetPort = targetPort;
    try {
      server = new ServerSocket(0, CONNECTIONS_MAX, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("fault-proxy", this::acceptAll);
  }

  static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Connections taken so far. */
  public int accepted() {
    return accepted.get();
  }

  /** Faults that have happened. */
  public int faults() {
    return faults.get();
  }

  /** Lets this happen once, to the first PDU it fits. */
  public void arm(Fault fault) {
    toSkip.set(fault.skip());
    armed = fault;
  }

  /** Takes back what {@link #arm} asked for, if it has not happened. */
  public void disarm() {
    armed = null;
  }

  /** Whether nothing moves, on old connections and new. */
  public void hole(boolean newHole) {
    hole = newHole;
  }

  /** Whether new connections are cut at once. */
  public void refuse(boolean newRefusing) {
    refusing = newRefusing;
  }

  /** The host reads no faster than this; 0 for as fast as it can. */
  public void slowHost(long bytesPerSecond) {
    slowBytesPerSecond = bytesPerSecond;
  }

  /** Each PDU to the target is held back so long. */
  public void delayMs(long newDelayMs) {
    delayMs = newDelayMs;
  }

  /** Cuts every connection there is. */
  public void cutAll(Act how) {
    synchronized (relays) {
      relays.forEach(relay -> relay.end(how));
      relays.clear();
    }
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket host = server.accept();
        accepted.incrementAndGet();
        relay(host);
      } catch (IOException e) {
        // closed, or the target is not there: the host sees its connection closed
      }
    }
  }

  private void relay(Socket host) throws IOException {
    synchronized (relays) {
      relays.removeIf(Relay::ended);
      if (refusing || relays.size() >= CONNECTIONS_MAX) {
        host.close();
        return;
      }
      try {
        Socket target = new Socket(InetAddress.getLoopbackAddress(), targetPort);
        Relay relay = new Relay(this, host, target);
        relays.add(relay);
        relay.start();
      } catch (IOException e) {
        host.close();
        throw e;
      }
    }
  }

  /** The fault this PDU meets, or null; a fault is met once. */
  synchronized @Nullable Fault meet(Way way, int pduType) {
    Fault fault = armed;
    boolean hit =
        fault != null
            && fault.way() == way
            && (fault.pduType() == ANY_PDU || fault.pduType() == pduType)
            && toSkip.getAndDecrement() == 0;
    if (!hit) {
      return null;
    }
    armed = null;
    faults.incrementAndGet();
    return fault;
  }

  /** Holds a PDU up as asked; returns only when bytes may move. */
  void hold(Way way, int bytes) throws InterruptedException {
    while (hole && !server.isClosed()) {
      Thread.sleep(5);
    }
    if (way == Way.TO_TARGET && delayMs > 0) {
      Thread.sleep(delayMs);
    }
    long rate = slowBytesPerSecond;
    if (way == Way.TO_HOST && rate > 0) {
      Thread.sleep(Math.min(1000, bytes * 1000L / rate));
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cutAll(Act.CUT);
  }
}
