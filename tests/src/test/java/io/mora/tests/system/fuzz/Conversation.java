package io.mora.tests.system.fuzz;

import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import io.mora.tests.system.conformance.Setup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One connection from TCP to its end. It begins as a host does and goes on so for a while, answers
 * R2Ts and takes its replies; then PDUs are spoilt, doubled, swapped, cut and torn to pieces. What
 * comes back is held to the rules by {@link RawHost}. Its seed is all there is to it, but for what
 * the target answers and when.
 */
final class Conversation {
  /** A conversation that nobody ends. */
  private static final int PDUS_MAX = 200;

  /** More commands without an answer are not sent: the target may have hung up. */
  private static final int UNANSWERED_MAX = 12;

  private static final int WAITS_MAX = 50;
  private static final long WAIT_NS = 100_000;

  /** What is kept to be sent again. */
  private static final int RECORD_MAX = 4 << 20;

  private final InetSocketAddress address;
  private final RawSession session;
  private final long seed;
  private final Random random;
  private final Mutator mutator;
  private final int dgst;
  private final Corpus.Stage stage;
  private final ByteArrayOutputStream record = new ByteArrayOutputStream();
  private final Deque<Received> asked = new ArrayDeque<>();
  private @Nullable Frame heldBack;
  private int sent;
  private int unanswered;
  private int succeeded;
  private boolean over;

  /** Of a host that has a controller already, for I/O queues. */
  Conversation(InetSocketAddress address, RawSession session, long seed) {
    this.address = address;
    this.session = session;
    this.seed = seed;
    this.random = new Random(seed);
    this.mutator = new Mutator(random);
    this.dgst = random.nextInt(4);
    Corpus.Stage[] stages = Corpus.Stage.values();
    int any = random.nextInt(2 * stages.length);
    this.stage = any < stages.length ? stages[any] : Corpus.Stage.QUEUE;
  }

  /**
   * Holds it; returns how many PDUs were sent.
   *
   * @throws AssertionError if the target says what it must not, or nothing; with what was said
   */
  int hold() {
    try (RawHost host = Corpus.begin(address, session, stage, dgst, random.nextInt(4))) {
      sent = stage.pdus();
      talk(host);
      end(host);
      return sent;
    } catch (UncheckedIOException e) {
      return sent; // the target has hung up on what it had read
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "-Dmora.fuzz.conversation="
              + seed
              + " after "
              + sent
              + " PDUs; to be kept as "
              + Corpus.keep(stage, dgst, record.toByteArray(), seed),
          e);
    }
  }

  /** Commands that ended well: a run in which none did tries nothing. */
  int succeeded() {
    return succeeded;
  }

  private void talk(RawHost host) {
    int good = random.nextInt(60);
    for (int i = 0; i < PDUS_MAX && !over; i++) {
      Received r2t = asked.poll();
      if (r2t != null && random.nextInt(8) > 0) {
        answer(host, r2t);
      } else {
        Frame frame = next();
        if (i < good || random.nextInt(4) > 0) {
          send(host, host.encode(frame));
        } else {
          mischief(host, frame);
        }
      }
      listen(host);
    }
  }

  private Frame next() {
    if (stage == Corpus.Stage.TCP && sent == 0) {
      return Capsules.icReq(dgst, random.nextInt(40));
    }
    return mutator.legal(stage != Corpus.Stage.QUEUE);
  }

  private void mischief(RawHost host, Frame frame) {
    byte[] bytes = host.encode(frame);
    switch (random.nextInt(64)) {
      case 0 -> {
        send(host, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
        over = true;
      }
      case 1, 2 -> {
        send(host, bytes);
        send(host, bytes);
      }
      case 3 -> send(host, host.encode(mutator.unasked()));
      case 4 -> {
        byte[] noise = new byte[1 + random.nextInt(200)];
        random.nextBytes(noise);
        send(host, noise);
      }
      case 5, 6, 7, 8 -> inPieces(host, bytes);
      case 9, 10, 11, 12 -> {
        Frame earlier = heldBack;
        heldBack = frame;
        if (earlier != null) {
          send(host, host.encode(earlier));
        }
      }
      default -> send(host, mutator.spoil(frame, host.headerDigest(), host.dataDigest()));
    }
  }

  /** What was asked for, or a part of it that is wrong. */
  private void answer(RawHost host, Received r2t) {
    int offset = r2t.u32(12);
    int length = r2t.u32(16);
    byte[] data = new byte[length];
    Frame whole = Capsules.h2cData(r2t.cid(), r2t.u16(10), offset, data).flags(Capsules.LAST_PDU);
    switch (random.nextInt(24)) {
      case 0 -> send(host, mutator.spoil(whole, host.headerDigest(), host.dataDigest()));
      case 1 -> inPieces(host, host.encode(whole));
      case 2 -> {
        int part = 4 + 4 * random.nextInt(length / 4);
        byte[] some = Arrays.copyOf(data, Math.min(part, length));
        send(host, host.encode(Capsules.h2cData(r2t.cid(), r2t.u16(10), offset, some)));
      }
      default -> send(host, host.encode(whole));
    }
    unanswered--; // no command
  }

  private void inPieces(RawHost host, byte[] bytes) {
    int at = 0;
    for (int pieces = 0; at < bytes.length && pieces < 40; pieces++) {
      int n = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 3 : 400));
      raw(host, Arrays.copyOfRange(bytes, at, at + n));
      at += n;
    }
    raw(host, Arrays.copyOfRange(bytes, at, bytes.length));
    sent++;
    unanswered++;
  }

  private void send(RawHost host, byte[] bytes) {
    raw(host, bytes);
    sent++;
    unanswered++;
  }

  private void raw(RawHost host, byte[] bytes) {
    if (record.size() + bytes.length <= RECORD_MAX) {
      record.writeBytes(bytes);
    }
    host.sendBytes(bytes);
  }

  /** Takes what is there, and waits a little when there is much that has not been answered. */
  private void listen(RawHost host) {
    for (int waits = 0; !over; waits++) {
      while (!over && host.hasInput()) {
        take(host.receiveOrEnd());
      }
      if (over || unanswered < UNANSWERED_MAX) {
        return;
      }
      if (waits == WAITS_MAX) {
        over = true; // what has not been answered waits for something
      }
      LockSupport.parkNanos(WAIT_NS);
    }
  }

  private void take(@Nullable Received pdu) {
    if (pdu == null || pdu.type() == Received.TERM_REQ) {
      over = true;
    } else if (pdu.type() == Received.R2T) {
      asked.add(pdu);
    } else if (pdu.type() == Received.CAPSULE_RESP || pdu.isSuccess()) {
      unanswered = Math.max(0, unanswered - 1);
      succeeded += pdu.isSuccess() || pdu.code() == 0 ? 1 : 0;
    }
  }

  /** Says goodbye and takes replies to the end, which must come; or hangs up; or is gone. */
  private void end(RawHost host) {
    int how = random.nextInt(8);
    if (how < 2) {
      return;
    }
    if (how < 4) {
      host.reset();
      return;
    }
    try {
      host.socket().shutdownOutput();
    } catch (IOException e) {
      return;
    }
    Received last = host.receiveOrEnd();
    while (last != null && last.type() != Received.TERM_REQ) {
      last = host.receiveOrEnd();
    }
  }

  /** Connects, again and again while the queue of a connection before is not quite gone. */
  static void connect(RawHost host, Frame connect) {
    Outcome outcome = host.run(connect);
    for (int i = 0; i < 10_000 && (outcome.code() == 0x00C || outcome.code() == 0x181); i++) {
      outcome = host.run(connect);
    }
    if (outcome.code() != 0) {
      throw new AssertionError("Connect: " + outcome);
    }
  }

  static String nqn() {
    return Setup.NQN.value();
  }
}
