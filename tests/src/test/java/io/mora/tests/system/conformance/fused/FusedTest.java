package io.mora.tests.system.conformance.fused;

import static io.mora.tests.system.conformance.fused.Pairs.BLOCK;
import static io.mora.tests.system.conformance.fused.Pairs.COMPARE_FAILURE;
import static io.mora.tests.system.conformance.fused.Pairs.FAILED;
import static io.mora.tests.system.conformance.fused.Pairs.MISSING;
import static io.mora.tests.system.conformance.fused.Pairs.assertEnds;
import static io.mora.tests.system.conformance.fused.Pairs.assertFree;
import static io.mora.tests.system.conformance.fused.Pairs.block;
import static io.mora.tests.system.conformance.fused.Pairs.first;
import static io.mora.tests.system.conformance.fused.Pairs.firstByR2t;
import static io.mora.tests.system.conformance.fused.Pairs.fuse;
import static io.mora.tests.system.conformance.fused.Pairs.second;
import static io.mora.tests.system.conformance.fused.Pairs.secondByR2t;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import io.mora.tests.system.conformance.Conformance;
import io.mora.tests.system.conformance.Setup;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fused Compare and Write by one host: every way it ends. */
@Covers("fused")
class FusedTest extends Conformance {
  private static final long AT = 40;
  private static final int INVALID_FIELD = 0x002;

  @Test
  void whatIsToldOfIt() {
    try (RawSession session = session()) {
      byte[] controller = session.admin().run(Capsules.identify(1, 1, 0)).data();
      assertThat(controller[522]).as("FUSES").isEqualTo((byte) 1);
      for (int at : new int[] {526, 528, 532}) {
        assertThat(controller[at] | controller[at + 1]).as("AWUN, AWUPF, ACWU").isZero();
      }
      for (int nsid : new int[] {1, 2, 3, Setup.NSID_NULL}) {
        byte[] namespace = session.admin().run(Capsules.identify(2, 0, nsid)).data();
        assertThat(namespace[24] & 2).as("NSFEAT: no atomicity of its own").isZero();
        assertThat(Arrays.copyOfRange(namespace, 34, 46)).as("NAWUN to NABSPF").containsOnly(0);
      }
    }
  }

  /** Data in the capsule or by R2T, of either half. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void anEqualBlockIsReplacedAndAnotherIsNot(int byR2t) {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] before = pattern(BLOCK, 1);
      byte[] after = pattern(BLOCK, 2);
      assertOk(host.run(writeInCapsule(1, 1, AT, 1, before)));
      run(host, byR2t, before, after);
      assertThat(replies(host, 2)).as("the first is told first").containsExactly(10, 11);
      assertThat(content(host)).isEqualTo(after);
      before = after.clone();
      before[BLOCK - 1] ^= 1;
      run(host, byR2t, before, block(9));
      Outcome compare = host.outcome(10);
      Outcome write = host.outcome(11);
      assertRefused(compare, COMPARE_FAILURE, true);
      assertRefused(write, FAILED, true);
      assertThat(content(host)).isEqualTo(after);
      assertFree(host, AT);
      assertThat(host.unclaimed()).isZero();
    }
  }

  private static void run(RawHost host, int byR2t, byte[] expected, byte[] next) {
    boolean a = (byR2t & 1) != 0;
    boolean b = (byR2t & 2) != 0;
    host.sendTogether(
        a ? firstByR2t(10, 1, AT, BLOCK) : first(10, 1, AT, expected),
        b ? secondByR2t(11, 1, AT, BLOCK) : second(11, 1, AT, next));
    // The second half's data may well come before the first's.
    if (b) {
      host.answer(host.receive(11), next, BLOCK);
    }
    if (a) {
      host.answer(host.receive(10), expected, BLOCK);
    }
  }

  private static int[] replies(RawHost host, int count) {
    int[] cids = new int[count];
    for (int i = 0; i < count; i++) {
      Received pdu = host.receive();
      assertThat(pdu.code()).as(pdu.toString()).isZero();
      cids[i] = pdu.cid();
    }
    return cids;
  }

  private static byte[] content(RawHost host) {
    return host.run(read(90, 1, AT, 1, BLOCK)).data();
  }

  @Test
  void blocksOf512BytesAndForcedUnitAccess() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      int nsid = Setup.NSID_512;
      byte[] zeroes = new byte[512];
      byte[] data = pattern(512, 3);
      long last = Setup.SIZE_BYTES / 512 - 1;
      assertOk(host.run(writeInCapsule(1, nsid, last - 1, 2, new byte[1024])));
      Frame fua = second(11, nsid, last, data).put(Capsules.CDW12 + 3, 1, 0x40);
      host.sendTogether(first(10, nsid, last, zeroes), fua);
      assertEnds(host, 10, 0, 0);
      assertThat(host.run(read(12, nsid, last - 1, 1, 512)).data()).containsOnly(0);
      assertThat(host.run(read(13, nsid, last, 1, 512)).data()).isEqualTo(data);
    }
  }

  /** Twenty pairs on the way at once, each of which needs what the one before it wrote. */
  @Test
  void pairsOfAQueueRunInTheirOrder() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      assertOk(host.run(writeInCapsule(1, 1, AT, 1, block(0))));
      Frame[] frames = new Frame[40];
      for (int i = 0; i < 20; i++) {
        frames[2 * i] = first(100 + 2 * i, 1, AT, block(i));
        frames[2 * i + 1] = second(101 + 2 * i, 1, AT, block(i + 1));
      }
      host.sendTogether(frames);
      for (int i = 0; i < 20; i++) {
        assertEnds(host, 100 + 2 * i, 0, 0);
      }
      assertThat(content(host)).isEqualTo(block(20));
    }
  }

  /** What is on the way of other commands, and their data, is nothing to a pair. */
  @Test
  void writesThatWaitForTheirDataDoNotComeBetween() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      assertOk(host.run(writeInCapsule(1, 1, AT, 1, block(1))));
      host.send(write(2, 1, AT + 1, 1, BLOCK));
      Received owed = host.receive(2);
      host.send(firstByR2t(10, 1, AT, BLOCK));
      Received compare = host.receive(10);
      host.answer(owed, block(5), BLOCK);
      assertOk(host.outcome(2));
      host.send(secondByR2t(11, 1, AT, BLOCK));
      Received write = host.receive(11);
      assertOk(host.run(read(3, 1, AT, 1, BLOCK)));
      host.answer(write, block(2), BLOCK);
      host.answer(compare, block(1), BLOCK);
      assertEnds(host, 10, 0, 0);
      assertFree(host, AT);
    }
  }

  @Test
  void aHalfAloneIsMissingItsOther() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      assertOk(host.run(writeInCapsule(1, 1, AT, 1, block(1))));
      assertRefused(host.run(second(10, 1, AT, block(2))), MISSING, true);
      // Something else comes between, also where the first is owed its data.
      host.sendTogether(first(10, 1, AT, block(1)), read(11, 1, AT, 1, BLOCK));
      assertRefused(host.outcome(10), MISSING, true);
      assertOk(host.outcome(11));
      assertRefused(host.run(second(12, 1, AT, block(2))), MISSING, true);
      host.send(firstByR2t(10, 1, AT, BLOCK));
      Received r2t = host.receive(10);
      assertOk(host.run(read(11, 1, AT, 1, BLOCK)));
      host.answer(r2t, block(1), BLOCK);
      assertRefused(host.outcome(10), MISSING, true);
      // Another first takes its place, and has its own second.
      host.sendTogether(
          first(10, 1, AT, block(1)), first(11, 1, AT, block(1)), second(12, 1, AT, block(2)));
      assertRefused(host.outcome(10), MISSING, true);
      assertEnds(host, 11, 0, 0);
      host.sendTogether(first(10, 1, AT, block(2)), fuse(second(11, 1, AT, block(3)), 3));
      assertEnds(host, 10, MISSING, INVALID_FIELD);
      assertThat(content(host)).isEqualTo(block(2));
      assertFree(host, AT);
    }
  }

  /** A first half that waits for its second holds nothing, not even when it is left so. */
  @Test
  void aFirstHalfAloneKeepsNobodyOut() {
    try (RawSession session = session();
        RawSession other = session()) {
      session.queue(1).send(first(10, 1, AT, block(1)));
      session.queue(2).send(firstByR2t(10, 1, AT, BLOCK));
      assertFree(other.queue(1), AT);
      assertFree(other.queue(2), AT);
    }
  }

  @Test
  void halvesThatDoNotBelongTogether() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] data = block(1);
      assertOk(host.run(writeInCapsule(1, 1, AT, 1, data)));
      assertPair(host, first(10, 1, AT, data), second(11, 1, AT + 1, data), 0x002, 0x002);
      Frame longer = fuse(writeInCapsule(11, 1, AT, 2, new byte[2 * BLOCK]), 2);
      assertPair(host, first(10, 1, AT, data), longer, 0x002, 0x002);
      assertPair(host, first(10, 1, AT, data), second(11, 7, AT, data), 0x002, 0x002);
      Frame flush = fuse(Capsules.command(0x00, 11, 1), 2);
      assertPair(host, first(10, 1, AT, data), flush, FAILED, 0x002);
      Frame read = fuse(read(10, 1, AT, 1, BLOCK), 1);
      assertPair(host, read, second(11, 1, AT, block(2)), 0x002, FAILED);
      Frame writeFirst = fuse(writeInCapsule(10, 1, AT, 1, block(2)), 1);
      assertPair(host, writeFirst, second(11, 1, AT, block(2)), 0x002, FAILED);
      assertThat(content(host)).isEqualTo(data);
      assertFree(host, AT);
    }
  }

  private static void assertPair(RawHost host, Frame a, Frame b, int first, int second) {
    host.sendTogether(a, b);
    Outcome compare = host.outcome(10);
    Outcome write = host.outcome(11);
    assertRefused(compare, first, true);
    assertRefused(write, second, true);
  }

  @Test
  void whatOneHalfIsRefusedForFailsTheOther() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] data = block(1);
      long end = Setup.SIZE_BYTES / BLOCK;
      assertPair(host, first(10, 1, end, data), second(11, 1, end, data), 0x080, FAILED);
      assertPair(host, first(10, 1, -1, data), second(11, 1, -1, data), 0x080, FAILED);
      assertPair(host, first(10, 5, AT, data), second(11, 5, AT, data), 0x00B, FAILED);
      int readOnly = Setup.NSID_READ_ONLY;
      assertPair(host, first(10, readOnly, 0, data), second(11, readOnly, 0, data), FAILED, 0x020);
      Frame protects = second(11, 1, AT, data).put(Capsules.CDW12 + 3, 1, 0x04);
      assertPair(host, first(10, 1, AT, data), protects, FAILED, 0x002);
      byte[] two = new byte[2 * BLOCK];
      Frame a = fuse(Capsules.blocks(Capsules.inCapsule(Pairs.COMPARE, 10, 1, two), AT, 2), 1);
      assertPair(host, a, fuse(writeInCapsule(11, 1, AT, 2, two), 2), 0x014, FAILED);
      Frame shorter = Capsules.blocks(Capsules.inCapsule(Pairs.WRITE, 11, 1, new byte[512]), AT, 1);
      assertPair(host, first(10, 1, AT, data), fuse(shorter, 2), FAILED, 0x00F);
      assertFree(host, AT);
    }
  }

  /** The first half's end may be known while the second's data is on the way. */
  @Test
  void theSecondHalfsDataIsTakenInAlsoWhenTheFirstHasFailed() {
    try (RawSession session = session()) {
      RawHost host = session.queue(Capsules.connect(1, session.cntlid(), Conformance.NQN), 2, 0);
      assertOk(host.run(writeInCapsule(1, 1, AT, 1, block(1))));
      host.sendTogether(firstByR2t(10, 1, AT, BLOCK), secondByR2t(11, 1, AT, BLOCK));
      Received compare = host.receive(10);
      Received write = host.receive(11);
      Frame spoilt = Capsules.h2cData(10, compare.u16(10), 0, block(1)).wrongDataDigest();
      host.send(spoilt.flags(Capsules.LAST_PDU));
      assertRefused(host.outcome(10), 0x022, false);
      host.answer(write, block(2), BLOCK);
      assertRefused(host.outcome(11), FAILED, false);
      // The other way round, and where the second comes after the first has ended.
      host.sendTogether(first(10, 1, AT, block(1)), second(11, 1, AT, block(2)).wrongDataDigest());
      assertEnds(host, 10, FAILED, 0x022);
      host.send(first(10, 1, AT, block(1)).wrongDataDigest());
      assertRefused(host.outcome(10), 0x022, false);
      assertRefused(host.run(second(11, 1, AT, block(2))), FAILED, false);
      assertThat(content(host)).isEqualTo(block(1));
      assertFree(host, AT);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 9, 83", "2, 83, 9"})
  void aReservationIsAskedAboutForEachHalf(int type, String first, String second) {
    byte[] identity = Capsules.connectData(0xFFFF, NQN, "nqn.2026-01.io.mora:fused", 5);
    try (RawSession session = session();
        RawSession other = RawSession.connect(address(), NQN, Capsules.connect(0, identity), 0)) {
      other.enable();
      byte[] again = Capsules.connectData(other.cntlid(), NQN, "nqn.2026-01.io.mora:fused", 5);
      RawHost holder = other.queue(Capsules.connect(1, again), 0, 0);
      RawHost host = session.queue(1);
      assertOk(host.run(writeInCapsule(1, 1, AT, 1, block(1))));
      assertOk(holder.run(Capsules.reservation(0x0D, 1, 1, 0, 0, 6)));
      assertOk(holder.run(Capsules.reservation(0x11, 2, 1, type << 8, 6, 0)));
      Pairs.send(host, 10, AT, block(1), block(2));
      assertEnds(host, 10, Integer.parseInt(first, 16), Integer.parseInt(second, 16));
      // Taken between the capsules and their data.
      assertOk(holder.run(Capsules.reservation(0x15, 3, 1, 1, 6, 0)));
      assertOk(holder.run(Capsules.reservation(0x0D, 4, 1, 0, 0, 6)));
      host.sendTogether(firstByR2t(10, 1, AT, BLOCK), secondByR2t(11, 1, AT, BLOCK));
      Received compare = host.receive(10);
      Received write = host.receive(11);
      assertOk(holder.run(Capsules.reservation(0x11, 5, 1, type << 8, 6, 0)));
      host.answer(compare, block(1), BLOCK);
      host.answer(write, block(2), BLOCK);
      assertEnds(host, 10, Integer.parseInt(first, 16), Integer.parseInt(second, 16));
      assertOk(holder.run(Capsules.reservation(0x15, 6, 1, 1, 6, 0)));
      assertThat(content(host)).isEqualTo(block(1));
      assertFree(host, AT);
    }
  }

  @Test
  void connectionsMayGoWithHalvesOnTheirWay() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      for (int i = 0; i < 40; i++) {
        try (RawSession lost = session()) {
          RawHost victim = lost.queue(1 + i % 4);
          switch (i / 4 % 5) {
            case 0 -> victim.send(first(10, 1, AT, block(1)));
            case 1 -> victim.send(firstByR2t(10, 1, AT, BLOCK));
            case 2 ->
                victim.sendTogether(firstByR2t(10, 1, AT, BLOCK), second(11, 1, AT, block(2)));
            case 3 ->
                victim.sendTogether(first(10, 1, AT, block(1)), secondByR2t(11, 1, AT, BLOCK));
            default -> {
              for (int cid = 10; cid < 40; cid += 2) {
                Pairs.send(victim, cid, AT, block(1), block(1));
              }
            }
          }
        }
        assertFree(host, AT);
      }
    }
  }
}
