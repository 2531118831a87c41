package io.mora.tests.system.conformance;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static io.mora.tests.kit.wire.Capsules.CDW11;
import static io.mora.tests.kit.wire.Capsules.LAST_PDU;
import static io.mora.tests.kit.wire.Capsules.SGL_ADDRESS;
import static io.mora.tests.kit.wire.Capsules.SGL_LENGTH;
import static io.mora.tests.kit.wire.Capsules.SGL_TYPE;
import static io.mora.tests.kit.wire.Capsules.SQE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 1.3 to 1.6: digests, padding, in-capsule data, R2T, C2HData. */
class DataTransferTest extends Conformance {
  private static final int ALL = Setup.MDTS_BYTES;

  @Covers("tcp.init")
  @Test
  void icRespGrantsWhatWasAskedForAndNoMore() {
    for (int dgst = 0; dgst < 4; dgst++) {
      try (RawHost host = RawHost.connect(address()).initialise(dgst, 0)) {
        Received reply = host.icResp();
        assertThat(reply.u16(8)).as("PFV").isZero();
        assertThat(reply.u8(10)).as("CPDA").isZero();
        assertThat(reply.u8(11)).as("DGST").isEqualTo(dgst);
        assertThat(reply.u32(12)).as("MAXH2CDATA").isEqualTo(Setup.H2C_DATA_BYTES);
        assertThat(Arrays.copyOfRange(reply.header(), 16, 128)).containsOnly(0);
      }
    }
  }

  @Covers("tcp.init")
  @Test
  void icReqInAnyNumberOfPieces() {
    byte[] bytes = Capsules.icReq(0, 0).put(12, 4, 0xFFFFFFFFL).encode(false, false);
    try (RawHost host = RawHost.connect(address())) {
      for (byte each : bytes) {
        host.sendBytes(new byte[] {each});
      }
      assertThat(host.receive().type()).isEqualTo(Received.ICRESP);
    }
  }

  /** Every combination of digests with data in the capsule, by R2T and back; HPDA other than 0. */
  @Covers({"tcp.digest", "tcp.capsule", "tcp.r2t", "tcp.c2h"})
  @ParameterizedTest
  @ValueSource(ints = {0x000, 0x001, 0x002, 0x003, 0x013, 0x070, 0x071, 0x1F0, 0x1F3})
  void movesDataBothWays(int hpdaAndDgst) {
    try (RawSession session = session()) {
      Frame connect = Capsules.connect(1, session.cntlid(), NQN);
      RawHost host = session.queue(connect, hpdaAndDgst & 3, hpdaAndDgst >>> 4);
      byte[] small = pattern(512, hpdaAndDgst);
      assertOk(host.run(writeInCapsule(1, Setup.NSID_512, 3, 1, small)));
      byte[] medium = pattern(Setup.IN_CAPSULE, hpdaAndDgst + 1);
      assertOk(host.run(writeInCapsule(2, Setup.NSID_4K, 1, 4, medium)));
      byte[] large = pattern(ALL, hpdaAndDgst + 2);
      assertOk(host.write(write(3, Setup.NSID_4K, 64, 64, ALL), large));
      assertThat(host.run(read(4, Setup.NSID_512, 3, 1, 512)).data()).isEqualTo(small);
      assertThat(host.run(read(5, Setup.NSID_4K, 1, 4, Setup.IN_CAPSULE)).data()).isEqualTo(medium);
      assertThat(host.run(read(6, Setup.NSID_4K, 64, 64, ALL)).data()).isEqualTo(large);
    }
  }

  /** CPDA is 0: a multiple of 4 above it is still a legal place for the data. */
  @Covers({"tcp.capsule", "tcp.r2t"})
  @Test
  void acceptsPaddedDataFromTheHost() {
    try (RawSession session = session()) {
      RawHost host = session.queue(Capsules.connect(1, session.cntlid(), NQN), 3, 0);
      byte[] data = pattern(4096, 1);
      assertOk(host.run(writeInCapsule(1, 1, 0, 1, data).pad(52)));
      assertThat(host.run(read(2, 1, 0, 1, 4096)).data()).isEqualTo(data);
      host.send(write(3, 1, 0, 1, 4096));
      Received r2t = host.receive(3);
      byte[] other = pattern(4096, 2);
      host.send(Capsules.h2cData(3, r2t.u16(10), 0, other).flags(LAST_PDU).pad(4));
      assertOk(host.outcome(3));
      assertThat(host.run(read(4, 1, 0, 1, 4096)).data()).isEqualTo(other);
    }
  }

  @Covers("tcp.r2t")
  @Test
  void r2tsAreInOrderContiguousAndOneAtATime() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      host.send(write(1, 1, 0, 64, ALL));
      int next = 0;
      while (next < ALL) {
        Received r2t = host.receive(1);
        assertThat(r2t.type()).isEqualTo(Received.R2T);
        assertThat(r2t.u32(12)).isEqualTo(next);
        assertThat(r2t.u32(16)).isBetween(1, ALL - next);
        next += r2t.u32(16);
        host.answer(r2t, new byte[ALL], 4096);
      }
      assertOk(host.outcome(1));
    }
  }

  @Covers("tcp.r2t")
  @Test
  void ttagsOfOutstandingWritesDiffer() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      Received[] r2ts = new Received[16];
      for (int i = 0; i < r2ts.length; i++) {
        host.send(write(100 + i, 1, i, 1, 4096));
        r2ts[i] = host.receive(100 + i);
      }
      assertThat(Arrays.stream(r2ts).map(r2t -> r2t.u16(10))).doesNotHaveDuplicates();
      for (int i = r2ts.length - 1; i >= 0; i--) {
        host.answer(r2ts[i], pattern(4096, i), 1024);
      }
      for (int i = 0; i < r2ts.length; i++) {
        assertOk(host.outcome(100 + i));
        assertThat(host.run(read(1, 1, i, 1, 4096)).data()).isEqualTo(pattern(4096, i));
      }
    }
  }

  @Covers("tcp.r2t")
  @Test
  void dataOfDifferentCommandsMayInterleave() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] a = pattern(8192, 1);
      byte[] b = pattern(8192, 2);
      host.sendTogether(write(1, 1, 0, 2, 8192), write(2, 1, 2, 2, 8192));
      int tagA = host.receive(1).u16(10);
      int tagB = host.receive(2).u16(10);
      byte[] inCapsule = pattern(4096, 3);
      host.sendTogether(
          Capsules.h2cData(2, tagB, 0, Arrays.copyOf(b, 4096)),
          Capsules.h2cData(1, tagA, 0, Arrays.copyOf(a, 4096)),
          writeInCapsule(3, 1, 4, 1, inCapsule),
          Capsules.h2cData(1, tagA, 4096, Arrays.copyOfRange(a, 4096, 8192)).flags(LAST_PDU),
          Capsules.h2cData(2, tagB, 4096, Arrays.copyOfRange(b, 4096, 8192)).flags(LAST_PDU));
      assertOk(host.outcome(1));
      assertOk(host.outcome(2));
      assertOk(host.outcome(3));
      assertThat(host.run(read(4, 1, 0, 2, 8192)).data()).isEqualTo(a);
      assertThat(host.run(read(5, 1, 2, 2, 8192)).data()).isEqualTo(b);
      assertThat(host.run(read(6, 1, 4, 1, 4096)).data()).isEqualTo(inCapsule);
    }
  }

  @Covers({"tcp.c2h", "tcp.flow"})
  @Test
  void successFlagOnlyWithoutFlowControl() {
    try (RawSession session = session()) {
      RawHost flow = session.queue(1);
      flow.send(read(1, 1, 0, 1, 4096));
      Received data = flow.receive(1);
      assertThat(data.isLast() && !data.isSuccess()).isTrue();
      assertThat(flow.receive(1).type()).isEqualTo(Received.CAPSULE_RESP);

      Frame connect = Capsules.connect(2, session.cntlid(), NQN).put(SQE + 46, 1, 4);
      RawHost noFlow = session.queue(connect, 0, 0);
      noFlow.send(read(1, 1, 0, 1, 4096));
      Received only = noFlow.receive(1);
      assertThat(only.isLast() && only.isSuccess()).isTrue();
      noFlow.send(read(2, 1, Setup.SIZE_BYTES, 1, 4096));
      assertThat(noFlow.receive(2).code()).as("failures always reply").isEqualTo(0x080);
      noFlow.send(Capsules.command(0x00, 3, 1));
      Received flush = noFlow.receive(3);
      assertThat(flush.type()).as("commands without data reply").isEqualTo(Received.CAPSULE_RESP);
      assertThat(flush.sqhd()).as("SQHD is reserved").isZero();
    }
  }

  /** 1.6: Linux's DSM carries 4096 bytes whatever NR is. */
  @Covers({"tcp.sgl", "dsm"})
  @Test
  void datasetManagementTakesA4096ByteSgl() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      assertOk(host.run(writeInCapsule(1, 1, 8, 1, pattern(4096, 5))));
      byte[] ranges = new byte[4096];
      ranges[4] = 1;
      ranges[8] = 8;
      Frame dsm = Capsules.inCapsule(0x09, 2, 1, ranges).put(CDW11, 4, 4);
      assertOk(host.run(dsm));
      assertThat(host.run(read(3, 1, 8, 1, 4096)).data()).containsOnly(0);
      Frame byR2t = Capsules.transfer(0x09, 4, 1, 4096).put(CDW11, 4, 4);
      assertOk(host.write(byR2t, ranges));
      Frame exact = Capsules.inCapsule(0x09, 5, 1, Arrays.copyOf(ranges, 16)).put(CDW11, 4, 4);
      assertOk(host.run(exact));
      Frame tooShort = Capsules.inCapsule(0x09, 6, 1, Arrays.copyOf(ranges, 16)).put(CDW10, 4, 1);
      assertRefused(host.run(tooShort), 0x00F, true);
    }
  }

  @Covers("tcp.sgl")
  @Test
  void commandsWithoutDataTakeAnyEmptySgl() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      for (int type : new int[] {0x5A, 0x00, 0x01}) {
        assertOk(host.run(Capsules.command(0x00, 1, 1).put(SGL_TYPE, 1, type)));
        assertOk(
            host.run(Capsules.blocks(Capsules.command(0x08, 2, 1), 0, 1).put(SGL_TYPE, 1, type)));
        assertOk(session.admin().run(Capsules.setFeature(3, 0x0B, 0).put(SGL_TYPE, 1, type)));
      }
    }
  }

  @Covers("tcp.sgl")
  @Test
  void wrongSglsAreRefusedByStatus() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] block = new byte[4096];
      assertRefused(
          host.run(writeInCapsule(1, 1, 0, 1, block).put(SGL_LENGTH, 4, 4092)), 0x00F, true);
      assertRefused(host.run(writeInCapsule(2, 1, 0, 2, block)), 0x00F, true);
      assertRefused(
          host.run(writeInCapsule(3, 1, 0, 1, block).put(SGL_ADDRESS, 8, 16)), 0x016, true);
      assertRefused(
          host.run(writeInCapsule(4, 1, 0, 1, block).put(SGL_TYPE, 1, 0x40)), 0x011, true);
      assertRefused(host.run(write(5, 1, 0, 1, 4096).put(SGL_TYPE, 1, 0)), 0x011, true);
      assertRefused(host.run(read(6, 1, 0, 1, 4096).put(SGL_TYPE, 1, 1)), 0x011, true);
      assertRefused(host.run(read(7, 1, 0, 1, 8192)), 0x00F, true);
      assertRefused(host.run(read(8, 1, 0, 1, 0)), 0x00F, true);
      assertRefused(host.run(write(9, 1, 0, 1, -1)), 0x00F, true);
      assertRefused(host.run(read(10, 1, 0, 65, ALL + 4096)), 0x002, true);
      assertRefused(host.run(write(11, 1, 0, 65, ALL + 4096)), 0x002, true);
      assertOk(host.run(read(12, 1, 0, 1, 4096)));
    }
  }

  /** 1.7: not fatal: the data is swallowed, the command fails, the connection lives. */
  @Covers("tcp.digest")
  @Test
  void dataDigestErrorsFailTheCommandOnly() {
    try (RawSession session = session()) {
      RawHost host = session.queue(Capsules.connect(1, session.cntlid(), NQN), 3, 0);
      byte[] before = host.run(read(1, 1, 0, 1, 4096)).data();
      Frame inCapsule = writeInCapsule(2, 1, 0, 1, pattern(4096, 9)).wrongDataDigest();
      assertRefused(host.run(inCapsule), 0x022, false);
      host.send(write(3, 1, 0, 2, 8192));
      Received r2t = host.receive(3);
      byte[] data = pattern(8192, 9);
      host.send(Capsules.h2cData(3, r2t.u16(10), 0, Arrays.copyOf(data, 4096)).wrongDataDigest());
      host.send(Capsules.h2cData(3, r2t.u16(10), 4096, Arrays.copyOf(data, 4096)).flags(LAST_PDU));
      Outcome outcome = host.outcome(3);
      assertRefused(outcome, 0x022, false);
      assertThat(host.run(read(4, 1, 0, 1, 4096)).data()).isEqualTo(before);
    }
  }

  /**
   * A host behind a link that spoils much is served; one whose data is spoilt nearly always not.
   */
  @Covers({"tcp.digest", "bound.digests"})
  @Test
  void aConnectionEndsWhenMostDataDigestsAreWrong() {
    try (RawSession session = session()) {
      RawHost host = session.queue(Capsules.connect(1, session.cntlid(), NQN), 3, 0);
      for (int cid = 0; cid < 200; cid++) {
        Frame write = writeInCapsule(cid, 1, 0, 1, pattern(4096, cid));
        if (cid % 2 == 0) {
          assertRefused(host.run(write.wrongDataDigest()), 0x022, false);
        } else {
          assertOk(host.run(write));
        }
      }
      RawHost other = session.queue(Capsules.connect(2, session.cntlid(), NQN), 2, 0);
      for (int cid = 0; cid < 63; cid++) {
        Frame wrong = writeInCapsule(cid, 1, 0, 1, pattern(4096, cid)).wrongDataDigest();
        assertRefused(other.run(wrong), 0x022, false);
      }
      other.send(writeInCapsule(63, 1, 0, 1, pattern(4096, 63)).wrongDataDigest());
      Received last = other.receiveOrEnd();
      assertThat(last == null || other.isAtEnd()).isTrue();
      assertOk(host.run(read(1, 1, 0, 1, 4096)));
      assertOk(session.admin().run(Capsules.identify(1, 1, 0)));
    }
  }

  @Covers({"tcp.digest", "connect"})
  @Test
  void dataDigestErrorOfConnectIsNotFatal() {
    try (RawHost host = RawHost.connect(address()).initialise(3, 0)) {
      Frame connect = Capsules.connect(0, 0xFFFF, NQN).wrongDataDigest();
      assertRefused(host.run(connect), 0x022, false);
      assertOk(host.run(Capsules.connect(0, 0xFFFF, NQN)));
    }
  }
}
