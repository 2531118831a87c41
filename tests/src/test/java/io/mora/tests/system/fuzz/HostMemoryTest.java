package io.mora.tests.system.fuzz;

import io.mora.target.backend.IoRequest;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import io.mora.tests.system.conformance.Setup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A host that asks for more than it may hold: it waits, and others have theirs. */
@Covers("bound.host")
class HostMemoryTest extends GatedTarget {
  /** Half of all that a shard has. */
  private static final long HOST_BYTES = 4 << 20;

  /** Of these, what is for capsules; the rest is for commands. */
  private static final long HOST_CAPSULE_BYTES = 1 << 20;

  /** What large commands of classes 0 to 4 use of it, whole ones. */
  private static long shareOfOne() {
    long all = HOST_BYTES - HOST_CAPSULE_BYTES;
    long ofIo = all - all / 8;
    long ofReads = ofIo - ofIo / 4;
    return (ofReads - ofReads / 8) / BIG * BIG;
  }

  private RawHost queueOfAnother() {
    String host = Capsules.HOSTNQN + "-other";
    Frame admin = Capsules.connect(0, Capsules.connectData(0xFFFF, NQN, host));
    RawSession session = evidence.closing(RawSession.connect(address, NQN, admin, 0));
    session.enable();
    byte[] data = Capsules.connectData(session.cntlid(), NQN, host);
    return session.queue(Capsules.connect(1, data), 0, 0);
  }

  private static Frame writeInCapsule(int cid) {
    byte[] data = new byte[Setup.IN_CAPSULE];
    Frame write = Capsules.inCapsule(0x01, cid, Setup.NSID_4K, data);
    return Capsules.blocks(write, 0, data.length / BLOCK);
  }

  @Test
  void oneHostLeavesMemoryForOthers() {
    serve(1, Duration.ofSeconds(5), HOST_BYTES);
    gate.hold(IoRequest.READ);
    RawSession greedy = session();
    List<RawHost> queues = askForEverything(greedy);
    queues.addAll(askForEverything(session()));
    Waiting.until("its part is used", () -> target.target().lentBytes() == shareOfOne());
    assertOk(greedy.admin().run(Capsules.identify(1, 1, 0)));
    RawHost other = queueOfAnother();
    for (int cid = 0; cid < 3; cid++) {
      other.send(read(cid, Setup.NSID_4K, BIG));
    }
    Waiting.until(
        "others have theirs", () -> target.target().lentBytes() == shareOfOne() + 3 * BIG);
    gate.release();
    for (int cid = 0; cid < 3; cid++) {
      assertOk(other.outcome(cid));
    }
    allAnswered(queues);
    target.awaitNothingLent();
  }

  @Test
  void oneHostLeavesMemoryForOthersInCapsules() {
    serve(1, Duration.ofSeconds(5), HOST_BYTES);
    gate.hold(IoRequest.WRITE);
    RawSession greedy = session();
    List<RawHost> queues = List.of(greedy.queue(1), greedy.queue(2));
    for (RawHost queue : queues) {
      for (int cid = 0; cid < 30; cid++) {
        queue.send(writeInCapsule(cid));
      }
    }
    long share =
        (HOST_CAPSULE_BYTES - HOST_CAPSULE_BYTES / 8) / Setup.IN_CAPSULE * Setup.IN_CAPSULE;
    Waiting.until("its part is used", () -> target.target().lentBytes() == share);
    assertOk(greedy.admin().run(Capsules.identify(1, 1, 0)));
    RawHost other = queueOfAnother();
    other.send(writeInCapsule(1));
    Waiting.until(
        "others have theirs", () -> target.target().lentBytes() == share + Setup.IN_CAPSULE);
    gate.release();
    assertOk(other.outcome(1));
    queues.forEach(queue -> answered(queue, 30));
    target.awaitNothingLent();
  }

  @Test
  void whatAHostHeldWhenItHungUpIsGivenBack() {
    serve(1, Duration.ofSeconds(5), HOST_BYTES);
    byte[] some = new byte[BLOCK];
    for (int life = 0; life < 5; life++) {
      gate.hold(IoRequest.READ);
      List<RawHost> connections = new ArrayList<>();
      RawSession session = session();
      connections.add(session.admin());
      RawHost writer = session.queue(4);
      writer.send(write(1, Setup.NSID_4K, BIG));
      Received r2t = writer.receive();
      writer.send(Capsules.h2cData(1, r2t.u16(10), 0, some)); // The rest of it never comes.
      connections.add(writer);
      for (int qid = 1; qid <= 3; qid++) {
        RawHost queue = session.queue(qid);
        connections.add(queue);
        for (int cid = 0; cid < 30; cid++) {
          queue.send(read(cid, Setup.NSID_4K, BIG));
          queue.send(write(100 + cid, Setup.NSID_4K, BIG));
        }
      }
      connections.addAll(askForEverything(session()));
      long all = shareOfOne() + 2 * BIG; // what is for writes has room for two
      Waiting.until("its part is used", () -> target.target().lentBytes() == all);
      Collections.shuffle(connections, new Random(evidence.seed()));
      connections.forEach(life % 2 == 0 ? RawHost::close : RawHost::reset);
      gate.release();
      target.awaitNothingLent();
    }
  }
}
