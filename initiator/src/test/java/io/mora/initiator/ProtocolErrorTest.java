package io.mora.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mora.initiator.fake.Command;
import io.mora.initiator.fake.FakeDisk;
import io.mora.initiator.fake.Script;
import io.mora.initiator.fake.Wire;
import io.mora.protocol.CommandException;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.pdu.CommonHeader;
import io.mora.protocol.pdu.FatalErrorStatus;
import io.mora.protocol.pdu.IcRespPdu;
import io.mora.protocol.pdu.PduException;
import io.mora.protocol.pdu.PduType;
import io.mora.protocol.pdu.TermReqPdu;
import io.mora.protocol.status.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a controller must not do, and what the host then says: section 1.7, initiator rows. */
class ProtocolErrorTest {
  private static final int LAST = CommonHeader.LAST_PDU;

  private final Rig rig = new Rig();

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  @ParameterizedTest
  @CsvSource({
    "8, 1, 6, 8, PFV", // PFV
    "10, 1, 6, 10, CPDA", // CPDA
    "11, 1, 6, 11, DGST", // a digest nobody asked for
    "12, 4098, 1, 12, MAXH2CDATA",
    "12, 4092, 1, 12, MAXH2CDATA",
  })
  void icRespIsChecked(int offset, int value, int fes, int fei, String named) {
    rig.controller.icResp =
        resp ->
            offset == IcRespPdu.MAXH2CDATA
                ? resp.setIntLE(offset, value)
                : resp.setByte(offset, value);
    assertIcRefused(fes, fei, named);
  }

  @Test
  void aDeclinedDigestFailsTheConnect() {
    rig.controller.icResp = resp -> resp.setByte(IcRespPdu.DGST, 0);
    ConnectOptions options = rig.options().headerDigest(true).build();
    ConnectionException failure =
        Rig.failure(rig.initiator.connect(options), ConnectionException.class);
    assertThat(failure.reason()).isEqualTo(Reason.INCOMPATIBLE);
    assertThat(failure).hasMessageContaining("DGST 0 of ICResp where 1 was asked");
  }

  @Test
  void icRespMustBeWhole() {
    rig.controller.icResp = resp -> resp.setIntLE(CommonHeader.PLEN, 132);
    assertIcRefused(FatalErrorStatus.INVALID_HEADER_FIELD, CommonHeader.PLEN, "PLEN");
  }

  @Test
  void anythingElseFirstIsOutOfSequence() {
    rig.controller.icResp = resp -> Unpooled.buffer().writeBytes(HEX_RESP);
    assertIcRefused(FatalErrorStatus.SEQUENCE_ERROR, 0, "before the connection is initialised");
  }

  private static final byte[] HEX_RESP = {5, 0, 24, 0, 24, 0, 0, 0};

  private void assertIcRefused(int fes, int fei, String named) {
    ConnectionException failure =
        Rig.failure(rig.initiator.connect(rig.options().build()), ConnectionException.class);
    assertThat(failure).hasMessageContaining(named);
    awaitTerm(fes, fei);
  }

  @Test
  void dataForNobody() throws IOException {
    assertFatal(
        read((wire, command) -> wire.c2hData(999, 0, block(1), LAST)),
        FatalErrorStatus.INVALID_HEADER_FIELD,
        8);
  }

  @Test
  void r2tForNobody() throws IOException {
    assertFatal(
        write((wire, command) -> wire.r2t(999, 1, 0, 512)),
        FatalErrorStatus.INVALID_HEADER_FIELD,
        8);
  }

  @Test
  void anAnswerForNobody() throws IOException {
    assertFatal(
        read((wire, command) -> wire.response(999, 0, 0, 0)),
        FatalErrorStatus.INVALID_HEADER_FIELD,
        20);
  }

  @Test
  void anAnswerTwice() throws IOException {
    assertFatalLater(
        (wire, command) -> {
          ByteBuf answer = wire.response(command.cid(), Status.INTERNAL_ERROR, 0, 0);
          return Wire.join(answer, answer.copy());
        },
        FatalErrorStatus.INVALID_HEADER_FIELD,
        20);
  }

  @Test
  void dataBeyondTheBuffer() throws IOException {
    assertFatal(
        read((wire, command) -> wire.c2hData(command.cid(), 0, block(3), LAST)),
        FatalErrorStatus.DATA_OUT_OF_RANGE,
        0);
  }

  @Test
  void dataOutOfOrder() throws IOException {
    assertFatal(
        read((wire, command) -> wire.c2hData(command.cid(), 512, block(1), LAST)),
        FatalErrorStatus.INVALID_HEADER_FIELD,
        12);
  }

  @Test
  void dataForAWrite() throws IOException {
    assertFatal(
        write((wire, command) -> wire.c2hData(command.cid(), 0, block(1), LAST)),
        FatalErrorStatus.DATA_OUT_OF_RANGE,
        0);
  }

  @Test
  void r2tForARead() throws IOException {
    assertFatal(
        read((wire, command) -> wire.r2t(command.cid(), 1, 0, 512)),
        FatalErrorStatus.SEQUENCE_ERROR,
        0);
  }

  @Test
  void r2tThatSkips() throws IOException {
    assertFatal(
        write((wire, command) -> wire.r2t(command.cid(), 1, 512, 512)),
        FatalErrorStatus.SEQUENCE_ERROR,
        0);
  }

  @Test
  void r2tOfNothing() throws IOException {
    assertFatal(
        write((wire, command) -> wire.r2t(command.cid(), 1, 0, 0)),
        FatalErrorStatus.INVALID_HEADER_FIELD,
        16);
  }

  @Test
  void r2tOfTooMuch() throws IOException {
    assertFatal(
        write((wire, command) -> wire.r2t(command.cid(), 1, 0, 1 << 20)),
        FatalErrorStatus.DATA_OUT_OF_RANGE,
        0);
  }

  @Test
  void twoR2tsAtOnce() throws IOException {
    assertFatal(
        write(
            (wire, command) ->
                Wire.join(
                    wire.r2t(command.cid(), 1, 0, 4096), wire.r2t(command.cid(), 2, 4096, 4096))),
        FatalErrorStatus.LIMIT_EXCEEDED,
        0);
  }

  @Test
  void successWithoutLast() throws IOException {
    assertFatal(
        read((wire, command) -> wire.c2hData(command.cid(), 0, block(2), CommonHeader.SUCCESS)),
        FatalErrorStatus.INVALID_HEADER_FIELD,
        1);
  }

  @Test
  void aWrongHeaderDigest() throws IOException {
    Association association =
        rig.connect(rig.options().headerDigest(true).controllerLossTimeoutMs(0).build());
    onIo(
        (wire, command) -> {
          ByteBuf response = wire.response(command.cid(), 0, 0, 0);
          return response.setIntLE(24, 0xABCD);
        });
    CompletionStage<?> stage = association.namespace(1).onQueue(0).flush();
    ConnectionException failure = first(Rig.failure(stage, ConnectionException.class));
    assertThat(failure.fatalErrorStatus()).isEqualTo(FatalErrorStatus.HEADER_DIGEST_ERROR);
    awaitTerm(FatalErrorStatus.HEADER_DIGEST_ERROR, 0xABCD);
  }

  @Test
  void aTermReqOfTheControllerEndsTheConnection() throws IOException {
    Association association = rig.connect(rig.options().controllerLossTimeoutMs(0).build());
    onIo(
        (wire, command) -> {
          ByteBuf term = Unpooled.buffer(256);
          PduException cause = new PduException(4, 0, "made up");
          return term.writerIndex(TermReqPdu.write(term, 0, PduType.C2H_TERM_REQ, cause));
        });
    ConnectionException failure =
        Rig.failure(association.namespace(1).flush(), ConnectionException.class);
    ConnectionException first = first(failure);
    assertThat(first.reason()).isEqualTo(Reason.TERMINATED_BY_PEER);
    assertThat(first.fatalErrorStatus()).isEqualTo(4);
  }

  /** Bytes to send instead of an answer. */
  private interface Reply {
    ByteBuf to(Wire wire, Command command) throws IOException;
  }

  private void onIo(Reply reply) {
    rig.controller.script(once((wire, command) -> wire.bytes(reply.to(wire, command))));
  }

  private interface Answer {
    void give(Wire wire, Command command) throws IOException;
  }

  private static Script once(Answer answer) {
    return (wire, command) -> {
      if (wire.qid <= 0 || command.opcode() == 0x7F) {
        return false;
      }
      answer.give(wire, command);
      return true;
    };
  }

  private CompletionStage<?> read(Reply reply) {
    Association association = rig.connect(rig.options().controllerLossTimeoutMs(0).build());
    onIo(reply);
    return association.namespace(1).read(0, 2, ByteBuffer.allocate(1024));
  }

  private CompletionStage<?> write(Reply reply) {
    Association association = rig.connect(rig.options().controllerLossTimeoutMs(0).build());
    onIo(reply);
    return association.namespace(1).write(0, 64, Rig.random(64, 1));
  }

  private void assertFatal(CompletionStage<?> stage, int fes, int fei) throws IOException {
    ConnectionException failure = first(Rig.failure(stage, ConnectionException.class));
    assertThat(failure.reason()).isEqualTo(Reason.PROTOCOL_ERROR);
    assertThat(failure.fatalErrorStatus()).isEqualTo(fes);
    assertThat(failure.fatalErrorInformation()).isEqualTo(fei);
    awaitTerm(fes, fei);
  }

  private void assertFatalLater(Reply reply, int fes, int fei) {
    Association association = rig.connect(rig.options().controllerLossTimeoutMs(0).build());
    onIo(reply);
    Rig.failure(association.namespace(1).flush(), CommandException.class);
    awaitTerm(fes, fei);
  }

  private static ConnectionException first(ConnectionException failure) {
    return failure.getCause() instanceof ConnectionException cause ? cause : failure;
  }

  private void awaitTerm(int fes, int fei) {
    await()
        .atMost(Rig.PATIENCE_S, TimeUnit.SECONDS)
        .until(
            () ->
                rig.controller.seen().stream()
                    .anyMatch(
                        pdu ->
                            pdu.type() == PduType.H2C_TERM_REQ
                                && TermReqPdu.fes(pdu.header(), 0) == fes
                                && TermReqPdu.fei(pdu.header(), 0) == fei));
  }

  private static ByteBuf block(int blocks) {
    return Unpooled.wrappedBuffer(new byte[blocks * FakeDisk.BLOCK]);
  }
}
