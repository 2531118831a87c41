package io.mora.tests.kit.hostile;

import io.mora.protocol.Nqn;
import io.mora.protocol.auth.tls.TlsHandshake;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.protocol.auth.tls.TlsPsk;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawChap;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.Received;
import java.io.IOException;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a hostile host can do. Each visit is one try; it tells whether the target was brought to do
 * what it is to do then, which is the evidence that the abuse was any.
 */
public enum Abuse {
  /** ICReq, Connect or the data of a command, a byte at a time. */
  SLOWLORIS {
    @Override
    boolean visit(Visit visit) throws IOException {
      byte[] icReq = Capsules.icReq(0, 0).encode(false, false);
      switch (visit.random.nextInt(3)) {
        case 0 -> {
          return Visit.drip(visit.socket(visit.victim.plain()), icReq, 25);
        }
        case 1 -> {
          Frame connect = Capsules.connect(0, 0xFFFF, visit.victim.subsystem());
          return Visit.drip(visit.initialised(0).socket(), connect.encode(false, false), 5);
        }
        default -> {
          RawHost queue = visit.queue(visit.admin(0), 1);
          queue.send(Visit.big(WRITE, 1));
          Received r2t = queue.receive(1);
          Frame data = Capsules.h2cData(1, r2t.u16(10), 0, new byte[4096]);
          // It has a minute for this, and is left half done.
          Visit.drip(queue.socket(), Arrays.copyOf(data.encode(false, false), 200), 5);
          return true;
        }
      }
    }
  },

  /** Connections on which nothing is ever said. */
  HALF_OPEN {
    @Override
    boolean visit(Visit visit) throws IOException {
      List<Socket> silent = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        silent.add(visit.socket(visit.victim.plain()));
      }
      boolean all = true;
      for (Socket each : silent) {
        all &= Visit.ends(each);
      }
      return all;
    }
  },

  /** Writes of all that may be written, and not a byte of it when it is asked for. */
  R2T_HOARDING {
    @Override
    boolean visit(Visit visit) throws IOException {
      Visit.Admin admin = visit.admin(0);
      for (int qid = 1; qid <= 2; qid++) {
        RawHost queue = visit.queue(admin, qid);
        for (int cid = 0; cid < 50; cid++) {
          queue.send(Visit.big(WRITE, cid));
        }
        queue.receive(0);
      }
      pause(500);
      return true;
    }
  },

  /** PDUs that say they are as long as can be said. */
  GIANT_PLEN {
    @Override
    boolean visit(Visit visit) throws IOException {
      RawHost host = visit.initialised(0);
      long length = visit.random.nextBoolean() ? 0xFFFF_FFFFL : 1L << 30;
      host.send(Capsules.connect(0, 0xFFFF, visit.victim.subsystem()).put(4, 4, length));
      return host.receive().type() == Received.TERM_REQ;
    }
  },

  /** Digests that are wrong, of data until the connection ends or a header's comes. */
  DIGEST_STORM {
    @Override
    boolean visit(Visit visit) throws IOException {
      RawHost queue = visit.queue(visit.admin(3), 1);
      boolean told = true;
      boolean on = visit.random.nextBoolean();
      for (int i = 0; i < (on ? 63 : 20); i++) {
        told &= queue.run(wrong(i)).code() != 0;
      }
      if (on) {
        queue.send(wrong(63));
        return told && (queue.receiveOrEnd() == null || queue.isAtEnd());
      }
      queue.send(Capsules.command(READ, 1, Victim.NSID).wrongHeaderDigest());
      return told && queue.receive().type() == Received.TERM_REQ;
    }

    private Frame wrong(int cid) {
      Frame write = Capsules.inCapsule(WRITE, cid, Victim.NSID, new byte[Victim.BLOCK]);
      return Capsules.blocks(write, 0, 1).wrongDataDigest();
    }
  },

  /** Another's name, and a guess at its secret. */
  WRONG_SECRETS {
    @Override
    boolean visit(Visit visit) throws IOException {
      RawHost host = visit.initialised(0);
      String subsystem = visit.victim.subsystem();
      byte[] data = Capsules.connectData(0xFFFF, subsystem, visit.victim.keyedHost());
      // Who has failed often has to wait, with whatever secret.
      if (host.run(Capsules.connect(0, data)).code() != 0) {
        return true;
      }
      byte[] guess = new byte[32];
      visit.random.nextBytes(guess);
      String name = visit.victim.keyedHost();
      RawChap chap = new RawChap(name, subsystem, guess, guess, visit.random);
      return chap.authenticate(host, 1, visit.random.nextInt(2), false) != 0;
    }
  },

  /** Half of a ClientHello, a key nobody has, and what is no TLS. */
  BROKEN_TLS {
    @Override
    boolean visit(Visit visit) throws IOException {
      Nqn host = new Nqn(visit.victim.keyedHost());
      TlsPsk psk = TlsPsk.generate(TlsHash.SHA256, new SecureRandom());
      TlsKey key = TlsKey.of(psk, 1, host, new Nqn(visit.victim.subsystem()));
      byte[] hello = TlsHandshake.client(key).output();
      int kind = visit.random.nextInt(4);
      Socket socket = visit.socket(visit.victim.secured());
      byte[] bytes =
          switch (kind) {
            case 0 -> Arrays.copyOf(hello, hello.length / 2);
            case 1 -> Capsules.icReq(0, 0).encode(false, false);
            default -> hello;
          };
      socket.getOutputStream().write(bytes);
      // The last hangs up while the target computes.
      return kind == 3 || Visit.ends(socket);
    }
  },

  /** Controllers that are made to be left. */
  CONNECT_STORM {
    @Override
    boolean visit(Visit visit) throws IOException {
      Visit.Admin admin = visit.admin(0);
      RawHost queue = visit.queue(admin, 1);
      for (int cid = 0; cid < 20; cid++) {
        queue.send(Visit.big(READ, cid));
      }
      if (visit.random.nextBoolean()) {
        admin.host().send(Capsules.propertySet(2, 0x14, 0x00460000));
      }
      return true;
    }
  },

  /** More event requests than there are, keep-alives without end, and then silence. */
  ADMIN_STORM {
    @Override
    boolean visit(Visit visit) throws IOException {
      RawHost admin = visit.admin(0).host();
      boolean refused = false;
      for (int cid = 100; cid < 120; cid++) {
        admin.send(Capsules.asyncEvent(cid));
      }
      for (int cid = 1; cid <= 200; cid++) {
        refused |= admin.run(Capsules.keepAlive(20)).code() != 0;
        refused |= admin.unclaimed() > 0;
      }
      pause(200);
      return refused;
    }
  },

  /** More commands than the queue has entries, and for a while no reply is read. */
  QUEUE_OVERFLOW {
    @Override
    boolean visit(Visit visit) throws IOException {
      RawHost queue = visit.queue(visit.admin(0), 1);
      // No more bytes than sockets take.
      for (int i = 0; i < 2_000; i++) {
        queue.send(Visit.big(READ, i % 1_000));
      }
      pause(300);
      return Visit.ends(queue.socket());
    }
  },

  /** One CID for everything. */
  DUPLICATE_CIDS {
    @Override
    boolean visit(Visit visit) throws IOException {
      RawHost queue = visit.queue(visit.admin(0), 1);
      for (int i = 0; i < 60; i++) {
        queue.send(Visit.big(WRITE, 9));
      }
      for (int i = 0; i < 60; i++) {
        Received answer = queue.receive();
        if (answer.type() == Received.TERM_REQ || answer.type() == Received.CAPSULE_RESP) {
          return true;
        }
      }
      return false;
    }
  };

  private static final int WRITE = 0x01;
  private static final int READ = 0x02;

  /**
   * @return the target did what it is to do
   * @throws IOException when it turned the host away before
   */
  abstract boolean visit(Visit visit) throws IOException;

  private static void pause(int ms) throws IOException {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
