package io.mora.tests.system.conformance;

import static io.mora.tests.kit.wire.Capsules.LAST_PDU;
import static io.mora.tests.kit.wire.Capsules.SQE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sections 1.2 and 1.7: what ends a connection, with which FES and FEI, and for nobody else. */
@Covers("tcp.term")
class FatalErrorsTest extends Conformance {
  private static final int FIELD = 1;
  private static final int SEQUENCE = 2;
  private static final int OUT_OF_RANGE = 4;
  private static final int LIMIT = 5;
  private static final int UNSUPPORTED = 6;

  private static Arguments bad(String name, int fes, int fei, Frame frame) {
    return Arguments.of(Named.of(name, frame), fes, fei);
  }

  private static Frame flush() {
    return Capsules.command(0x00, 9, 1);
  }

  /** Before ICReq. */
  static Stream<Arguments> badFirst() {
    return Stream.of(
        bad("CapsuleCmd before ICReq", SEQUENCE, 0, flush()),
        bad("H2CData before ICReq", SEQUENCE, 0, Capsules.h2cData(1, 0, 0, new byte[4])),
        bad("ICResp from a host", FIELD, 0, Frame.of(1, 128)),
        bad("unknown type", FIELD, 0, Frame.of(0x20, 128)),
        bad("ClientHello", FIELD, 0, Frame.of(0x16, 128).put(1, 4, 0xFC000103L)),
        bad("PFV 1", UNSUPPORTED, 8, Capsules.icReq(0, 0).put(8, 2, 1)),
        bad("HPDA 32", FIELD, 10, Capsules.icReq(0, 32)),
        bad("HPDA 255", FIELD, 10, Capsules.icReq(0, 255)),
        bad("DGST bit 2", FIELD, 11, Capsules.icReq(4, 0)),
        bad("ICReq with HDGSTF", FIELD, 1, Capsules.icReq(0, 0).put(1, 1, 1)),
        bad("ICReq HLEN 24", FIELD, 2, Capsules.icReq(0, 0).put(2, 1, 24)),
        bad("ICReq with PDO", FIELD, 3, Capsules.icReq(0, 0).put(3, 1, 128)),
        bad("ICReq PLEN 132", FIELD, 4, Capsules.icReq(0, 0).put(4, 4, 132)),
        bad("ICReq PLEN 0", FIELD, 4, Capsules.icReq(0, 0).put(4, 4, 0)));
  }

  /** On a connected I/O queue without digests. */
  static Stream<Arguments> badOnQueue() {
    byte[] block = new byte[4096];
    Frame write = writeInCapsule(9, 1, 0, 1, block);
    return Stream.of(
        bad("type 08h", FIELD, 0, flush().put(0, 1, 8)),
        bad("type 0Ah", FIELD, 0, flush().put(0, 1, 0x0A)),
        bad("type FFh", FIELD, 0, flush().put(0, 1, 0xFF)),
        bad("CapsuleResp", FIELD, 0, Frame.of(5, 24)),
        bad("C2HData", FIELD, 0, Frame.of(7, 24)),
        bad("R2T", FIELD, 0, Frame.of(9, 24)),
        bad("second ICReq", SEQUENCE, 0, Capsules.icReq(0, 0)),
        bad("HDGSTF not negotiated", FIELD, 1, flush().flags(1)),
        bad("DDGSTF not negotiated", FIELD, 1, writeInCapsule(9, 1, 0, 1, block).flags(2)),
        bad("LAST_PDU on a capsule", FIELD, 1, flush().flags(4)),
        bad("SUCCESS on a capsule", FIELD, 1, flush().flags(8)),
        bad("reserved flag", FIELD, 1, flush().flags(0x80)),
        bad("HLEN 71", FIELD, 2, flush().put(2, 1, 71)),
        bad("HLEN 0", FIELD, 2, flush().put(2, 1, 0)),
        bad("HLEN 255", FIELD, 2, flush().put(2, 1, 255)),
        bad("PDO without data", FIELD, 3, flush().put(3, 1, 72)),
        bad("PDO in the header", FIELD, 3, writeInCapsule(9, 1, 0, 1, block).put(3, 1, 68)),
        bad("PDO 0 with data", FIELD, 3, writeInCapsule(9, 1, 0, 1, block).put(3, 1, 0)),
        bad("PDO misaligned", FIELD, 3, writeInCapsule(9, 1, 0, 1, block).put(3, 1, 74)),
        bad("PDO beyond PLEN", FIELD, 3, flush().put(3, 1, 200).put(4, 4, 100)),
        bad("PLEN below HLEN", FIELD, 3, flush().put(4, 4, 71).put(3, 1, 72)),
        bad("PLEN 4 GiB", FIELD, 4, write.put(4, 4, 0xFFFFFFFFL)),
        bad("PLEN 2 GiB", FIELD, 4, writeInCapsule(9, 1, 0, 1, block).put(4, 4, 0x80000000L)),
        bad(
            "PLEN above the in-capsule limit",
            FIELD,
            4,
            writeInCapsule(9, 1, 0, 1, block).put(4, 4, 72 + Setup.IN_CAPSULE + 4)),
        bad("H2CData unknown TTAG", SEQUENCE, 0, data(77, 0x0777, 0, 4096)),
        bad("H2CData never asked for", SEQUENCE, 0, data(77, 0, 0, 4096)),
        bad("H2CData without data", FIELD, 16, Frame.of(6, 24)),
        bad("DATAL not PLEN's", FIELD, 16, data(77, 0, 0, 4096).put(16, 4, 4092)),
        bad(
            "DATAL above MAXH2CDATA",
            LIMIT,
            0,
            data(77, 0, 0, 4096)
                .put(16, 4, Setup.H2C_DATA_BYTES + 4)
                .put(4, 4, 24 + Setup.H2C_DATA_BYTES + 4)));
  }

  private static Frame data(int cid, int ttag, int offset, int bytes) {
    return Capsules.h2cData(cid, ttag, offset, new byte[bytes]).flags(LAST_PDU);
  }

  @Covers({"tcp.init", "tcp.tls"})
  @ParameterizedTest
  @MethodSource("badFirst")
  void endsAConnectionThatDoesNotInitialise(Frame frame, int fes, int fei) {
    try (RawHost host = RawHost.connect(address())) {
      host.send(frame);
      assertTermReq(host, frame, fes, fei);
    }
  }

  @ParameterizedTest
  @MethodSource("badOnQueue")
  void endsTheQueueAndNothingElse(Frame frame, int fes, int fei) {
    try (RawSession session = session();
        RawSession bystander = session()) {
      RawHost healthy = bystander.queue(1);
      RawHost host = session.queue(1);
      RawHost sibling = session.queue(2);
      host.send(frame);
      assertTermReq(host, frame, fes, fei);
      assertOk(healthy.run(read(1, 1, 0, 1, 4096)));
      assertOk(sibling.run(read(1, 1, 0, 1, 4096)));
      assertOk(session.admin().run(Capsules.identify(1, 1, 0)));
    }
  }

  /** Bad answers to an R2T of 64 KiB for CID 5. */
  static Stream<Arguments> badAnswers() {
    int all = Setup.H2C_DATA_BYTES;
    return Stream.of(
        answer("CCCID of another", SEQUENCE, f -> f.put(8, 2, 6)),
        answer("LAST_PDU early", SEQUENCE, f -> cut(f, 0, 4096).flags(LAST_PDU)),
        answer("LAST_PDU missing", SEQUENCE, f -> f.flags(0)),
        answer("DATAO inside but not next", SEQUENCE, f -> cut(f, 4096, 4096)),
        answer("beyond the R2T", OUT_OF_RANGE, f -> cut(f, all - 4096 + 4, 4096)),
        answer("far beyond", OUT_OF_RANGE, f -> cut(f, -4096, 4096).flags(LAST_PDU)));
  }

  private static Arguments answer(String name, int fes, Consumer<Frame> spoil) {
    return Arguments.of(Named.of(name, spoil), fes);
  }

  private static Frame cut(Frame frame, int offset, int bytes) {
    return frame.put(12, 4, offset).put(16, 4, bytes).data(new byte[bytes]);
  }

  @Covers("tcp.r2t")
  @ParameterizedTest
  @MethodSource("badAnswers")
  void endsAQueueThatAnswersAnR2tWrongly(Consumer<Frame> spoil, int fes) {
    int all = Setup.H2C_DATA_BYTES;
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      host.send(write(5, 1, 0, all / 4096, all));
      Received r2t = host.receive(5);
      Frame frame = Capsules.h2cData(5, r2t.u16(10), 0, new byte[all]);
      spoil.accept(frame);
      host.send(frame);
      assertTermReq(host, frame, fes, 0);
    }
  }

  @Covers("tcp.digest")
  @Test
  void headerDigestErrorTellsTheValueReceived() {
    try (RawSession session = session()) {
      RawHost host = session.queue(Capsules.connect(1, session.cntlid(), NQN), 3, 0);
      Frame frame = flush().wrongHeaderDigest();
      byte[] bytes = host.encode(frame);
      host.sendBytes(bytes);
      Received term = host.receiveTermReq();
      assertThat(term.u16(8)).isEqualTo(3);
      byte[] fei = Arrays.copyOfRange(term.header(), 10, 14);
      assertThat(fei).isEqualTo(Arrays.copyOfRange(bytes, 72, 76));
    }
  }

  @Covers("tcp.digest")
  @Test
  void digestFlagsMustBeThereOnceNegotiated() {
    try (RawSession session = session()) {
      for (int flags : new int[] {0, 2}) {
        Frame frame = writeInCapsule(9, 1, 0, 1, new byte[4096]).put(1, 1, flags);
        RawHost host = session.queue(Capsules.connect(1 + flags, session.cntlid(), NQN), 3, 0);
        host.send(frame);
        assertThat(host.receiveTermReq().u16(8)).isEqualTo(FIELD);
      }
      RawHost noData = session.queue(Capsules.connect(2, session.cntlid(), NQN), 3, 0);
      noData.send(flush().put(1, 1, 3));
      Received term = noData.receiveTermReq();
      assertThat(term.u16(8)).isEqualTo(FIELD);
      assertThat(term.u32(10)).isEqualTo(1);
    }
  }

  /** 2.1: more commands than the queue has entries. */
  @Covers("bound.depth")
  @Test
  void moreCommandsThanTheQueueHoldsAreFatal() {
    try (RawSession session = session()) {
      Frame connect = Capsules.connect(1, session.cntlid(), NQN).put(SQE + 44, 2, 3);
      RawHost host = session.queue(connect, 0, 0);
      Frame[] writes = new Frame[5];
      for (int i = 0; i < writes.length; i++) {
        writes[i] = write(i, 1, i * 16L, 16, 16 * 4096);
      }
      host.sendTogether(writes);
      assertThat(host.receiveTermReq().u16(8)).isEqualTo(SEQUENCE);
    }
  }

  /** A receiver of TermReq closes and does not answer. */
  @Covers("tcp.term.host")
  @Test
  void closesOnTermReqWithoutAnAnswer() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      host.send(Capsules.termReq(2, 0, 24));
      assertThat(host.isAtEnd()).isTrue();
      RawHost bare = session.queue(2);
      bare.send(Capsules.termReq(0, 0, 0));
      assertThat(bare.isAtEnd()).isTrue();
      RawHost early = RawHost.connect(address());
      early.send(Capsules.termReq(1, 0, 8));
      assertThat(early.isAtEnd()).isTrue();
      early.close();
    }
  }

  static Stream<Frame> malformedTermReqs() {
    return Stream.of(
        Capsules.termReq(2, 0, 8).put(2, 1, 128),
        Capsules.termReq(2, 0, 8).put(1, 1, 1),
        Capsules.termReq(2, 0, 8).put(3, 1, 24),
        Capsules.termReq(2, 0, 8).put(4, 4, 23),
        Capsules.termReq(2, 0, 129));
  }

  @Covers("tcp.term.host")
  @ParameterizedTest
  @MethodSource("malformedTermReqs")
  void closesOnAMalformedTermReqWithoutAnAnswer(Frame term) {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      host.send(term);
      assertThat(host.isAtEnd()).isTrue();
    }
  }

  /** The host has half a minute to close; what it still sends is read and dropped. */
  @Test
  void saysNothingMoreAfterTermReq() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      host.sendTogether(flush().put(2, 1, 0), read(1, 1, 0, 1, 4096), flush());
      assertThat(host.receiveTermReq().u32(10)).isEqualTo(2);
      host.send(read(2, 1, 0, 1, 4096));
      assertThat(host.isAtEnd()).isTrue();
    }
  }

  private static void assertTermReq(RawHost host, Frame frame, int fes, int fei) {
    Received term = host.receiveTermReq();
    assertThat(term.u16(8)).as("FES of " + term).isEqualTo(fes);
    assertThat(term.u32(10)).as("FEI of " + term).isEqualTo(fei);
    byte[] sent = host.encode(frame);
    assertThat(term.data()).hasSizeBetween(1, 128);
    assertThat(term.data())
        .as("copy of the header")
        .isEqualTo(Arrays.copyOf(sent, term.data().length));
  }
}
