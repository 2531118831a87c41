package io.mora.tests.system.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.ShardSpec.TransportChoice;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.QosSpec.Policy;
import io.mora.target.backend.IoRequest;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.GatedBackend;
import io.mora.tests.kit.Gates;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Abort, wherever a command is, from an admin queue on one shard to I/O queues on two: what it says
 * is what happens, and every command completes once.
 */
@Covers("abort")
class AbortTest {
  private static final int ABORT_REQUESTED = 0x007;
  private static final int BLOCK = 4096;
  private static final int CIDS = 24;
  private static final int BIG = Setup.MDTS_BYTES;
  private static final int BIG_BLOCKS = BIG / BLOCK;

  @RegisterExtension final Evidence evidence = new Evidence();

  @SuppressWarnings("NullAway.Init") // by serve
  private GatedBackend gate;

  @SuppressWarnings("NullAway.Init") // by serve
  private InetSocketAddress address;

  private RawSession serve(int shards, Policy policy) {
    TargetSpec spec = new Setup(TransportChoice.AUTO, shards).spec();
    Gates gates = new Gates();
    TargetFixture target =
        evidence.closing(TargetFixture.start(spec.withQos(spec.qos().withPolicy(policy)), gates));
    gate = gates.get(0);
    address = target.target().listeners().get(0).address();
    return evidence.closing(RawSession.open(address, Setup.NQN.value()));
  }

  private static Frame abort(int cid, int sqid, int victim) {
    return Capsules.command(0x08, cid, 0).put(Capsules.CDW10, 4, victim << 16 | sqid);
  }

  /** Whether Abort says that it did. */
  private static boolean aborts(RawSession session, int sqid, int victim) {
    Outcome outcome = session.admin().run(abort(session.admin().cid(), sqid, victim));
    Conformance.assertOk(outcome);
    return (outcome.dw0() & 1) == 0;
  }

  private static void assertAborted(Outcome outcome) {
    Conformance.assertRefused(outcome, ABORT_REQUESTED, false);
  }

  private static byte[] block(int seed) {
    byte[] data = new byte[BLOCK];
    Arrays.fill(data, (byte) seed);
    return data;
  }

  @Test
  void whatIsAtTheDeviceEndsAsItEnds() {
    RawSession session = serve(2, Policy.CLASSES);
    gate.hold(IoRequest.READ, IoRequest.WRITE);
    for (int sqid = 1; sqid <= 2; sqid++) {
      RawHost queue = session.queue(sqid);
      queue.send(Conformance.read(1, 1, 0, 1, BLOCK));
      queue.send(Conformance.writeInCapsule(2, 1, 8L * sqid, 1, block(sqid)));
      int held = 2;
      Waiting.until("both at the device", () -> gate.held() >= held);
      assertThat(aborts(session, sqid, 1)).isFalse();
      assertThat(aborts(session, sqid, 2)).isFalse();
      assertThat(aborts(session, sqid, 3)).as("no such command").isFalse();
      gate.release();
      Conformance.assertOk(queue.outcome(1));
      Conformance.assertOk(queue.outcome(2));
      assertThat(aborts(session, sqid, 1)).as("it is over").isFalse();
      assertThat(queue.run(Conformance.read(3, 1, 8L * sqid, 1, BLOCK)).data())
          .isEqualTo(block(sqid));
      gate.hold(IoRequest.READ, IoRequest.WRITE);
    }
    assertThat(aborts(session, 3, 1)).as("no such queue").isFalse();
    assertThat(aborts(session, 0xFFFF, 1)).as("no such queue").isFalse();
  }

  /** The scheduler lets a device have 1024; what is beyond that can be taken back. */
  @Test
  void whatIsQueuedForTheDeviceLeavesTheQueue() {
    RawSession session = serve(1, Policy.ARRIVAL);
    gate.hold(IoRequest.READ);
    List<RawHost> queues = new ArrayList<>();
    List<RawSession> sessions = new ArrayList<>(List.of(session));
    for (int i = 0; i < 3; i++) {
      sessions.add(evidence.closing(RawSession.open(address, Setup.NQN.value())));
    }
    int sent = 0;
    for (RawSession each : sessions) {
      for (int sqid = 1; sqid <= 4; sqid++) {
        RawHost queue = each.queue(sqid);
        queues.add(queue);
        for (int cid = 0; cid < 80; cid++, sent++) {
          queue.send(Conformance.read(cid, Setup.NSID_4K, cid, 1, BLOCK));
        }
      }
    }
    Waiting.until("a full device", () -> gate.held() == 1024);
    assertThat(sent).isGreaterThan(1024);
    int aborted = 0;
    for (int i = 0; i < queues.size(); i++) {
      if (aborts(sessions.get(i / 4), i % 4 + 1, 79)) {
        assertAborted(queues.get(i).outcome(79));
        aborted++;
      }
    }
    assertThat(aborted).isPositive();
    assertThat(gate.held()).isEqualTo(1024);
    gate.release();
    int ended = 0;
    for (RawHost queue : queues) {
      for (int cid = 0; cid < 79; cid++) {
        Conformance.assertOk(queue.outcome(cid));
      }
      ended++;
    }
    assertThat(ended).isEqualTo(16);
  }

  @Test
  void aWriteThatWasAskedForItsDataEndsWhenThatIsIn() {
    RawSession session = serve(2, Policy.CLASSES);
    for (int sqid = 1; sqid <= 2; sqid++) {
      RawHost queue = session.queue(sqid);
      queue.send(Conformance.write(1, 1, 0, BIG_BLOCKS, BIG));
      Received r2t = queue.receive(1);
      assertThat(r2t.type()).isEqualTo(Received.R2T);
      int of = sqid;
      Waiting.until("the abort finds it", () -> aborts(session, of, 1));
      byte[] data = new byte[r2t.u32(16)];
      queue.answer(r2t, data, Setup.H2C_DATA_BYTES);
      assertAborted(queue.outcome(1));
      assertThat(gate.arrived(IoRequest.WRITE)).isZero();
      queue.send(Conformance.read(1, 1, 0, 1, BLOCK));
      Conformance.assertOk(queue.outcome(1));
    }
  }

  @Test
  void aCapsuleThatIsStillArrivingIsTakenInAndThenEnds() {
    RawSession session = serve(2, Policy.CLASSES);
    RawHost queue = session.queue(1);
    byte[] whole = queue.encode(Conformance.writeInCapsule(1, 1, 0, 4, new byte[Setup.IN_CAPSULE]));
    byte[] before = queue.encode(Conformance.writeInCapsule(2, 1, 8, 1, block(9)));
    queue.sendBytes(before);
    queue.sendBytes(Arrays.copyOf(whole, 5000));
    Conformance.assertOk(queue.outcome(2));
    Waiting.until("the abort finds it", () -> aborts(session, 1, 1));
    queue.sendBytes(Arrays.copyOfRange(whole, 5000, whole.length));
    assertAborted(queue.outcome(1));
    assertThat(gate.arrived(IoRequest.WRITE)).isEqualTo(1);
  }

  /** More large commands than there is memory: the last of them wait for leave or a buffer. */
  @Test
  void whatWaitsForMemoryLeavesItsLine() {
    for (Policy policy : Policy.values()) {
      RawSession session = serve(2, policy);
      RawHost writes = session.queue(1);
      for (int cid = 0; cid < 60; cid++) {
        writes.send(Conformance.write(cid, 1, 0, BIG_BLOCKS, BIG));
      }
      gate.hold(IoRequest.READ);
      RawHost reads = session.queue(2);
      for (int cid = 0; cid < 60; cid++) {
        reads.send(Conformance.read(cid, 1, 0, BIG_BLOCKS, BIG));
      }
      Waiting.until("reads at the device", () -> gate.held() > 0);
      for (int cid : new int[] {59, 57, 58, 50}) {
        Waiting.until("it is there", () -> aborts(session, 1, cid));
        assertAborted(writes.outcome(cid));
        Waiting.until("it is there", () -> aborts(session, 2, cid));
        assertAborted(reads.outcome(cid));
      }
      gate.release();
      byte[] data = new byte[BIG];
      for (int cid = 0; cid < 57; cid++) {
        if (cid != 50) {
          Conformance.assertOk(reads.outcome(cid));
          Conformance.assertOk(writes.writeOn(cid, data));
        }
      }
    }
  }

  @Test
  void moreAbortsThanTheLimitAreRefused() {
    RawSession session = serve(2, Policy.CLASSES);
    session.queue(1);
    session.queue(2);
    int limit0 = session.admin().run(Capsules.identify(1, 1, 0)).data()[258];
    Frame[] aborts = new Frame[8];
    for (int i = 0; i < aborts.length; i++) {
      aborts[i] = abort(100 + i, 1 + i % 2, 7);
    }
    session.admin().sendTogether(aborts);
    int refused = 0;
    for (int i = 0; i < aborts.length; i++) {
      Outcome outcome = session.admin().outcome(100 + i);
      if (outcome.code() == 0) {
        assertThat(outcome.dw0()).isEqualTo(1);
      } else {
        Conformance.assertRefused(outcome, 0x103, false);
        refused++;
      }
    }
    assertThat(refused).isEqualTo(aborts.length - limit0 - 1);
    assertThat(aborts(session, 1, 7)).isFalse();
  }

  /** Whatever the race, a command completes once, and as its Abort said. */
  @ParameterizedTest
  @EnumSource(Policy.class)
  void everyCommandCompletesOnceAndAsWasSaid(Policy policy) {
    RawSession session = serve(2, policy);
    SplittableRandom random = new SplittableRandom(evidence.seed());
    RawHost[] queues = {session.queue(1), session.queue(2), session.queue(3)};
    byte[] big = new byte[BIG];
    int aborted = 0;
    for (int round = 0; round < 40; round++) {
      if (random.nextBoolean()) {
        gate.hold(IoRequest.READ, IoRequest.WRITE);
      }
      int[][] kinds = new int[queues.length][CIDS];
      for (int cid = 0; cid < CIDS; cid++) {
        for (int queue = 0; queue < queues.length; queue++) {
          kinds[queue][cid] = random.nextInt(4);
          queues[queue].send(command(kinds[queue][cid], cid));
        }
      }
      boolean[][] said = new boolean[queues.length][CIDS];
      for (int i = 0; i < 12; i++) {
        int queue = random.nextInt(queues.length);
        int cid = random.nextInt(CIDS);
        said[queue][cid] |= aborts(session, queue + 1, cid);
        if (i == 6) {
          gate.release();
        }
      }
      gate.release();
      for (int queue = 0; queue < queues.length; queue++) {
        for (int cid = 0; cid < CIDS; cid++) {
          RawHost from = queues[queue];
          Outcome outcome = kinds[queue][cid] == 0 ? from.writeOn(cid, big) : from.outcome(cid);
          int want = said[queue][cid] ? ABORT_REQUESTED : 0;
          assertThat(outcome.code()).as("queue %d cid %d: %s", queue, cid, outcome).isEqualTo(want);
          aborted += want == 0 ? 0 : 1;
        }
        queues[queue].send(Conformance.read(99, 1, 0, 1, BLOCK));
        Conformance.assertOk(queues[queue].outcome(99));
        assertThat(queues[queue].unclaimed()).as("PDUs nobody waited for").isZero();
      }
    }
    assertThat(aborted).isPositive();
  }

  private static Frame command(int kind, int cid) {
    return switch (kind) {
      case 0 -> Conformance.write(cid, 1, 0, BIG_BLOCKS, BIG);
      case 1 -> Conformance.writeInCapsule(cid, 1, cid, 1, block(cid));
      case 2 -> Conformance.read(cid, 1, 0, BIG_BLOCKS, BIG);
      default -> Conformance.read(cid, 1, cid, 1, BLOCK);
    };
  }
}
