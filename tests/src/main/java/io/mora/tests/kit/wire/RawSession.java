package io.mora.tests.kit.wire;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A controller as a host has it: an admin connection, enabled, and I/O connections on demand. */
public final class RawSession implements AutoCloseable {
  public static final int CC = 0x14;
  public static final int CSTS = 0x1C;
  public static final int ENABLE = 0x00460001;
  public static final int DISABLE = 0x00460000;

  private final InetSocketAddress address;
  private final String subNqn;
  private final RawHost admin;
  private final int cntlid;
  private final List<RawHost> queues = new ArrayList<>();

  private RawSession(InetSocketAddress address, String subNqn, RawHost admin, int cntlid) {
    this.address = address;
    this.subNqn = subNqn;
    this.admin = admin;
    this.cntlid = cntlid;
  }

  /** Connects and enables a controller, without digests and without keep-alive. */
  public static RawSession open(InetSocketAddress address, String subNqn) {
    RawSession session = connect(address, subNqn, Capsules.connect(0, 0xFFFF, subNqn), 0);
    session.enable();
    return session;
  }

  /** Connects by the given Connect, enables nothing. */
  public static RawSession connect(
      InetSocketAddress address, String subNqn, Frame connect, int dgst) {
    RawHost admin = RawHost.connect(address).initialise(dgst, 0);
    Outcome outcome = admin.run(connect);
    if (outcome.code() != 0) {
      throw new AssertionError("Connect refused: " + outcome);
    }
    return new RawSession(address, subNqn, admin, outcome.dw0() & 0xFFFF);
  }

  public RawHost admin() {
    return admin;
  }

  public int cntlid() {
    return cntlid;
  }

  public void enable() {
    set(ENABLE);
    awaitStatus(3, 1);
  }

  /** Writes CC. */
  public void set(int cc) {
    Outcome outcome = admin.run(Capsules.propertySet(admin.cid(), CC, cc));
    if (outcome.code() != 0) {
      throw new AssertionError("CC refused: " + outcome);
    }
  }

  public int status() {
    return admin.run(Capsules.propertyGet(admin.cid(), CSTS, 4)).dw0();
  }

  /** Polls CSTS as hosts do. */
  public void awaitStatus(int mask, int value) {
    long end = System.nanoTime() + 20_000_000_000L;
    int csts = status();
    while ((csts & mask) != value) {
      if (System.nanoTime() > end) {
        throw new AssertionError("CSTS " + csts + ", waited for " + value + " of " + mask);
      }
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
      csts = status();
    }
  }

  /** An I/O queue of 128 entries without digests. */
  public RawHost queue(int qid) {
    return queue(Capsules.connect(qid, cntlid, subNqn), 0, 0);
  }

  /** An I/O queue by the given Connect. */
  public RawHost queue(Frame connect, int dgst, int hpda) {
    RawHost host = initialised(dgst, hpda);
    Outcome outcome = host.run(connect);
    if (outcome.code() != 0) {
      throw new AssertionError("Connect refused: " + outcome);
    }
    return host;
  }

  /** A connection to the same port that is initialised but not connected. */
  public RawHost initialised(int dgst, int hpda) {
    RawHost host = RawHost.connect(address).initialise(dgst, hpda);
    queues.add(host);
    return host;
  }

  @Override
  public void close() {
    queues.forEach(RawHost::close);
    admin.close();
  }
}
