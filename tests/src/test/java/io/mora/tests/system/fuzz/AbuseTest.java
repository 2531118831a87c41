package io.mora.tests.system.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.backend.IoRequest;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Setup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Hosts that say the right things in a way that is none: what they ask for is bounded, and who is
 * served beside them, on the same shard, notices nothing.
 */
class AbuseTest extends GatedTarget {
  private static final int KATO = Capsules.SQE + 48;

  /**
   * One shard, every slot of every queue taken, every buffer lent, the device stuck: the admin
   * queue is answered all the same.
   */
  @Test
  @Covers({"bound.saturated", "keepalive"})
  void keepAliveIsAnsweredWhenNothingElseIs() {
    serve(1, Duration.ofSeconds(5));
    Frame connect = Capsules.connect(0, 0xFFFF, NQN).put(KATO, 4, 60_000);
    RawSession session = evidence.closing(RawSession.connect(address, NQN, connect, 0));
    session.enable();
    gate.hold(IoRequest.READ, IoRequest.WRITE);
    List<RawHost> queues = askForEverything(session);
    queues.addAll(askForEverything(session()));
    long all = COMMAND_BUFFERS_BYTES - COMMAND_BUFFERS_BYTES / 8;
    Waiting.until(
        "all but what is for classes 5 to 7", () -> target.target().lentBytes() > all - BIG);
    Waiting.until("at the device", () -> gate.held() > 16);
    for (int i = 0; i < 100; i++) {
      assertOk(session.admin().run(Capsules.keepAlive(session.admin().cid())));
    }
    assertOk(session.admin().run(Capsules.identify(1, 1, 0)));
    assertThat(queues).as("replies to I/O").allMatch(queue -> queue.unclaimed() == 0);
    gate.release();
    allAnswered(queues);
    session.close();
    target.awaitNothingLent();
  }

  /**
   * A host asks to write all it may and sends nothing; the one beside it reads and writes. Its
   * large writes wait for {@code qos.admissionWait} each, at most.
   */
  @Test
  @Covers("bound.data")
  void dataThatNeverComesHoldsNobodyElseUp() {
    serve(1, Duration.ofSeconds(5));
    RawSession silent = session();
    for (int qid = 1; qid <= 4; qid++) {
      RawHost queue = silent.queue(qid);
      for (int cid = 0; cid < 50; cid++) {
        queue.send(write(cid, Setup.NSID_4K, BIG));
      }
      queue.receive(0);
    }
    RawHost other = session().queue(1);
    byte[] data = new byte[BIG];
    new Random(evidence.seed()).nextBytes(data);
    assertOk(other.write(write(1, Setup.NSID_4K, BIG), data));
    for (int i = 0; i < 100; i++) {
      assertThat(other.run(read(2, Setup.NSID_4K, BIG)).data()).isEqualTo(data);
    }
    assertOk(silent.admin().run(Capsules.identify(1, 1, 0)));
  }

  /**
   * Eight hosts that enable, connect queues, load them and reset or hang up, over and over. Whoever
   * is served beside them is served, and afterwards there is nothing left of them.
   */
  @Test
  @Covers("bound.reset")
  void aStormOfResets() {
    serve(2, Duration.ofSeconds(5));
    RawHost steady = session().queue(1);
    List<CompletableFuture<Void>> storm = new ArrayList<>();
    for (int host = 0; host < 8; host++) {
      Random random = new Random(evidence.seed() + host);
      storm.add(CompletableFuture.runAsync(() -> resets(random), GatedTarget::start));
    }
    CompletableFuture<Void> all = CompletableFuture.allOf(storm.toArray(CompletableFuture[]::new));
    byte[] data = new byte[8 * BLOCK];
    int exchanges = 0;
    do {
      data[exchanges % data.length]++;
      assertOk(steady.write(write(1, Setup.NSID_512, 512 * 64).put(Capsules.CDW12, 2, 63), data));
      Frame read = read(2, Setup.NSID_512, 512 * 64).put(Capsules.CDW12, 2, 63);
      assertThat(steady.run(read).data()).isEqualTo(data);
      exchanges++;
    } while (!all.isDone());
    Waiting.get(all);
    Waiting.until("two connections left", () -> target.target().connections() == 2);
    assertThat(exchanges).isPositive();
  }

  private void resets(Random random) {
    try (RawSession session = RawSession.open(address, NQN)) {
      for (int life = 0; life < 10; life++) {
        int queues = 1 + random.nextInt(4);
        for (int qid = 1; qid <= queues; qid++) {
          RawHost queue = session.queue(qid);
          for (int cid = 0; cid < 20; cid++) {
            queue.send(read(cid, Setup.NSID_4K, BIG));
            queue.send(write(100 + cid, Setup.NSID_4K, BIG));
          }
          if (random.nextInt(4) == 0) {
            queue.close();
          }
        }
        session.set(RawSession.DISABLE);
        if (random.nextBoolean()) {
          session.awaitStatus(1, 0);
          session.enable();
        } else {
          // Not waited for: enabling comes while the old life still drains.
          session.set(RawSession.ENABLE);
          session.awaitStatus(1, 1);
        }
      }
    }
  }

  /** What is at the device ends as it ends and is answered; nothing new begins. */
  @Test
  @Covers({"bound.stop", "state"})
  void aShutdownLetsWhatIsAtTheDeviceEnd() {
    serve(2, Duration.ofSeconds(5));
    RawSession session = session();
    RawHost queue = session.queue(1);
    gate.hold(IoRequest.WRITE);
    byte[] block = new byte[BLOCK];
    block[0] = 7;
    queue.send(Capsules.blocks(Capsules.inCapsule(0x01, 1, Setup.NSID_4K, block), 9, 1));
    Waiting.until("at the device", () -> gate.held() == 1);
    session.set(RawSession.ENABLE | 1 << 14);
    session.awaitStatus(0xC, 8);
    assertThat(queue.run(read(2, Setup.NSID_4K, BLOCK)).code()).isEqualTo(0x00C);
    gate.release();
    assertOk(queue.outcome(1));
    session.close();
    RawHost again = session().queue(1);
    Frame read = Capsules.blocks(Capsules.transfer(0x02, 1, Setup.NSID_4K, BLOCK), 9, 1);
    assertThat(again.run(read).data()).isEqualTo(block);
  }

  /** A device that never answers does not keep a target from stopping. */
  @Test
  @Covers("bound.stop")
  void aStopDoesNotWaitForEverForTheDevice() {
    serve(2, Duration.ofMillis(300));
    RawSession session = session();
    RawHost queue = session.queue(1);
    gate.hold(IoRequest.READ);
    for (int cid = 0; cid < 100; cid++) {
      queue.send(read(cid, Setup.NSID_4K, BLOCK));
    }
    Waiting.until("all at the device", () -> gate.held() == 100);
    target.close();
    assertThat(target.target().connections()).isZero();
    assertThat(queue.isAtEnd()).isTrue();
    assertThat(session.admin().isAtEnd()).isTrue();
  }

  /** Of refusals without end a bounded number of lines, and how many more there were. */
  @Test
  @Covers("bound.log")
  void refusalsAreLoggedUpToABound() {
    serve(1, Duration.ofSeconds(5));
    int refusals = 1000;
    long fromNs = System.nanoTime();
    try (LogWatch log = new LogWatch("io.mora.target.controller.Associations");
        RawHost host = RawHost.connect(address).initialise(0, 0)) {
      for (int i = 0; i < refusals; i++) {
        assertThat(host.run(Capsules.connect(0, 0xFFFF, NQN + ":no")).code()).isEqualTo(0x182);
      }
      long windows = 2 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - fromNs) / 10;
      assertThat(log.containing("refused with status")).isLessThanOrEqualTo(50 * windows);
      Waiting.until("the rest is counted", () -> log.containing("that are not logged") > 0);
    }
  }
}
