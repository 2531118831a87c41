package io.mora.protocol.auth.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.auth.AuthException;
import io.mora.protocol.auth.AuthFailure;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.data.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AuthMessagesTest {
  private static Bytes bytes(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return Bytes.of(bytes);
  }

  private static ByteBuf hex(String text) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(text.replace(" ", "")));
  }

  /** What Linux sends: three hashes, six groups. */
  @Test
  void negotiateAsLinuxWritesIt() throws AuthException {
    ByteBuf message =
        hex("00 00 00 00 2a01 00 01" + "01 00 03 06 010203" + "00".repeat(27) + "000102030405")
            .copy();
    ByteBuf whole = Unpooled.buffer(72).writeBytes(message).writeZero(72 - message.writerIndex());
    NegotiateMessage read = NegotiateMessage.decode(whole);
    assertThat(read)
        .isEqualTo(
            new NegotiateMessage(
                0x12A, 0, List.of(DhchapHash.values()), List.of(DhchapGroup.values())));
    assertThat(read.toBuf()).isEqualTo(whole);
  }

  @Test
  void headersAreAtTheirPlaces() {
    ByteBuf challenge =
        new ChallengeMessage(
                0x1234, DhchapHash.SHA384, DhchapGroup.FFDHE2048, 5, bytes(48, 1), bytes(256, 2))
            .toBuf();
    assertThat(ByteBufUtil.hexDump(challenge, 0, 16))
        .isEqualTo("0101000034123000020100010500" + "0000");
    assertThat(challenge.writerIndex()).isEqualTo(16 + 48 + 256);
    ByteBuf reply =
        new ReplyMessage(0x1234, true, 6, bytes(32, 1), bytes(32, 2), bytes(0, 0)).toBuf();
    assertThat(ByteBufUtil.hexDump(reply, 0, 16)).isEqualTo("01020000341220000100000006000000");
    ByteBuf success = new Success1Message(0x1234, true, bytes(64, 3)).toBuf();
    assertThat(ByteBufUtil.hexDump(success, 0, 17)).isEqualTo("0103000034124000010000000000000003");
    assertThat(ByteBufUtil.hexDump(new Success2Message(0x1234).toBuf()))
        .isEqualTo("01040000341200000000000000000000");
    assertThat(ByteBufUtil.hexDump(new FailureMessage(0x1234, false, AuthFailure.FAILED).toBuf()))
        .isEqualTo("00f1000034120101");
    assertThat(
            ByteBufUtil.hexDump(
                new FailureMessage(0x1234, true, AuthFailure.INCORRECT_PAYLOAD).toBuf()))
        .isEqualTo("00f0000034120106");
  }

  @Test
  void commandsAreAtTheirPlaces() {
    ByteBuf sqe = Unpooled.buffer(Sqe.LENGTH).writeZero(Sqe.LENGTH);
    AuthCommand.writeSend(sqe, 0, 72);
    assertThat(ByteBufUtil.hexDump(sqe, 0, 5)).isEqualTo("7f40000005");
    assertThat(ByteBufUtil.hexDump(sqe, 40, 8)).isEqualTo("000101e948000000");
    assertThat(AuthCommand.firstBad(sqe, 0)).isEqualTo(-1);
    AuthCommand.writeReceive(sqe, 0, 4096);
    assertThat(sqe.getByte(4)).isEqualTo((byte) 6);
    for (int field : new int[] {AuthCommand.SPSP0, AuthCommand.SPSP1, AuthCommand.SECP}) {
      AuthCommand.writeReceive(sqe, 0, 4096);
      sqe.setByte(field, 2);
      assertThat(AuthCommand.firstBad(sqe, 0)).isEqualTo(field);
    }
    for (int length : new int[] {0, 4097, -1}) {
      AuthCommand.writeReceive(sqe, 0, length);
      assertThat(AuthCommand.firstBad(sqe, 0)).isEqualTo(AuthCommand.TL);
    }
  }

  @Property
  void messagesReadBack(
      @ForAll @IntRange(max = 0xFFFF) int id,
      @ForAll DhchapHash hash,
      @ForAll DhchapGroup group,
      @ForAll int sequence,
      @ForAll boolean flag)
      throws AuthException {
    int hl = hash.lengthBytes();
    NegotiateMessage negotiate = new NegotiateMessage(id, 0, List.of(hash), List.of(group));
    assertThat(NegotiateMessage.decode(negotiate.toBuf())).isEqualTo(negotiate);
    ChallengeMessage challenge =
        new ChallengeMessage(
            id,
            hash,
            group,
            sequence == 0 ? 1 : sequence,
            bytes(hl, 4),
            bytes(group.lengthBytes(), 5));
    assertThat(ChallengeMessage.decode(challenge.toBuf())).isEqualTo(challenge);
    ReplyMessage reply =
        new ReplyMessage(
            id, flag, sequence, bytes(hl, 6), bytes(hl, 7), bytes(group.lengthBytes(), 8));
    assertThat(ReplyMessage.decode(reply.toBuf(), hash)).isEqualTo(reply);
    Success1Message success = new Success1Message(id, flag, bytes(hl, flag ? 9 : 0));
    assertThat(Success1Message.decode(success.toBuf(), hash)).isEqualTo(success);
    assertThat(Success2Message.decode(new Success2Message(id).toBuf()).transactionId())
        .isEqualTo(id);
    FailureMessage failure = new FailureMessage(id, flag, AuthFailure.GROUP_UNUSABLE);
    assertThat(FailureMessage.decode(failure.toBuf())).isEqualTo(failure);
  }

  private interface Decoder {
    Object decode(ByteBuf buf) throws AuthException;
  }

  /** Nothing but a message or an {@link AuthException} comes of any bytes. */
  @Property
  void anyBytesAreReadOrRefused(@ForAll @Size(max = 200) byte[] random, @ForAll DhchapHash hash) {
    List<Decoder> decoders =
        List.of(
            NegotiateMessage::decode,
            ChallengeMessage::decode,
            buf -> ReplyMessage.decode(buf, hash),
            buf -> Success1Message.decode(buf, hash),
            Success2Message::decode,
            FailureMessage::decode);
    for (Decoder decoder : decoders) {
      try {
        assertThat(decoder.decode(Unpooled.wrappedBuffer(random))).isNotNull();
      } catch (AuthException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
    ByteBuf buf = Unpooled.wrappedBuffer(random);
    assertThat(AuthMessage.transactionId(buf)).isBetween(0, 0xFFFF);
    assertThat(AuthMessage.kind(buf)).isBetween(-1, 0xFFFF);
  }

  @Test
  void whatComesFromTheHostMustEndWhereItSays() {
    ByteBuf negotiate =
        new NegotiateMessage(1, 0, List.of(DhchapHash.SHA256), List.of(DhchapGroup.NULL)).toBuf();
    ByteBuf reply =
        new ReplyMessage(1, false, 0, bytes(32, 1), bytes(32, 2), bytes(256, 3)).toBuf();
    for (int off : new int[] {-1, 1, 4}) {
      refused(resized(negotiate, off), NegotiateMessage::decode, AuthFailure.INCORRECT_PAYLOAD);
      refused(
          resized(reply, off),
          buf -> ReplyMessage.decode(buf, DhchapHash.SHA256),
          AuthFailure.INCORRECT_PAYLOAD);
      refused(
          resized(new Success2Message(1).toBuf(), off),
          Success2Message::decode,
          AuthFailure.INCORRECT_PAYLOAD);
    }
    refused(
        reply, buf -> ReplyMessage.decode(buf, DhchapHash.SHA512), AuthFailure.INCORRECT_PAYLOAD);
    refused(
        negotiate.copy().setByte(8, 2), NegotiateMessage::decode, AuthFailure.PROTOCOL_UNUSABLE);
    for (int at : new int[] {10, 11}) {
      for (int count : new int[] {0, 31, 255}) {
        refused(
            negotiate.copy().setByte(at, count),
            NegotiateMessage::decode,
            AuthFailure.INCORRECT_PAYLOAD);
      }
    }
  }

  @Test
  void whatTheControllerChoseMustExist() {
    ByteBuf challenge =
        new ChallengeMessage(
                1, DhchapHash.SHA256, DhchapGroup.FFDHE2048, 1, bytes(32, 1), bytes(256, 2))
            .toBuf();
    Decoder decoder = ChallengeMessage::decode;
    refused(challenge.copy().setByte(8, 4), decoder, AuthFailure.HASH_UNUSABLE);
    refused(challenge.copy().setByte(9, 6), decoder, AuthFailure.GROUP_UNUSABLE);
    refused(challenge.copy().setByte(9, 2), decoder, AuthFailure.INCORRECT_PAYLOAD);
    refused(challenge.copy().setByte(6, 48), decoder, AuthFailure.INCORRECT_PAYLOAD);
    refused(challenge.copy().setIntLE(12, 0), decoder, AuthFailure.INCORRECT_PAYLOAD);
    refused(resized(challenge, -1), decoder, AuthFailure.INCORRECT_PAYLOAD);
  }

  private static ByteBuf resized(ByteBuf message, int by) {
    int length = message.writerIndex() + by;
    ByteBuf other = Unpooled.buffer(length).writeZero(length);
    other.setBytes(0, message, 0, Math.min(length, message.writerIndex()));
    return other;
  }

  private static void refused(ByteBuf message, Decoder decoder, AuthFailure failure) {
    assertThatThrownBy(() -> decoder.decode(message))
        .isInstanceOfSatisfying(
            AuthException.class, e -> assertThat(e.failure()).isEqualTo(failure));
  }
}
