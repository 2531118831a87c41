package io.mora.protocol.auth.message;

import io.mora.protocol.auth.AuthException;
import io.mora.protocol.auth.AuthFailure;
import io.mora.protocol.data.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A message of an authentication transaction.
 *
 * <pre>
 *  0 AUTH_TYPE 1   0 common, 1 DH-HMAC-CHAP
 *  1 AUTH_ID   1
 *  2 reserved  2
 *  4 T_ID      2
 * </pre>
 *
 * <p>A buffer holds one message from index 0 to its writer index; reserved bytes are not looked at.
 */
public sealed interface AuthMessage
    permits NegotiateMessage,
        ChallengeMessage,
        ReplyMessage,
        Success1Message,
        Success2Message,
        FailureMessage {
  int T_ID = 4;

  /** Of every message. */
  int HEADER_LENGTH = 6;

  /** AUTH_TYPE and AUTH_ID, as {@code type << 8 | id}. */
  int NEGOTIATE = 0x0000;

  int FAILURE2 = 0x00F0;
  int FAILURE1 = 0x00F1;
  int CHALLENGE = 0x0101;
  int REPLY = 0x0102;
  int SUCCESS1 = 0x0103;
  int SUCCESS2 = 0x0104;

  /** T_ID. */
  int transactionId();

  /** Bytes of the message. */
  int lengthBytes();

  /** Writes the message at index 0; the writer index does not move. */
  void encode(ByteBuf buf);

  /** The message alone, in a new buffer. */
  default ByteBuf toBuf() {
    ByteBuf buf = Unpooled.buffer(lengthBytes(), lengthBytes());
    encode(buf);
    return buf.writerIndex(lengthBytes());
  }

  /** Which message it is; a value none has, if it is too short for one. */
  static int kind(ByteBuf buf) {
    return buf.writerIndex() < HEADER_LENGTH ? -1 : buf.getUnsignedShort(0);
  }

  /** T_ID, or 0 if the message is too short for one. */
  static int transactionId(ByteBuf buf) {
    return buf.writerIndex() < HEADER_LENGTH ? 0 : buf.getUnsignedShortLE(T_ID);
  }

  /** Zeroes the message and writes what all have. */
  static void start(ByteBuf buf, int kind, AuthMessage message) {
    buf.setZero(0, message.lengthBytes());
    buf.setShort(0, kind);
    buf.setShortLE(T_ID, message.transactionId());
  }

  /** A message shorter than it says; longer is what a receiver has room for. */
  static void atLeast(ByteBuf buf, int length) throws AuthException {
    if (buf.writerIndex() < length) {
      throw new AuthException(
          AuthFailure.INCORRECT_PAYLOAD,
          "a message of " + buf.writerIndex() + " bytes that needs " + length);
    }
  }

  /** A message that does not end where it says. */
  static void exactly(ByteBuf buf, int length) throws AuthException {
    atLeast(buf, length);
    if (buf.writerIndex() > length) {
      throw new AuthException(
          AuthFailure.INCORRECT_PAYLOAD,
          "a message of " + buf.writerIndex() + " bytes that ends at " + length);
    }
  }

  /** Bytes of a field inside the message. */
  static Bytes bytes(ByteBuf buf, int at, int length) {
    return Bytes.copyOf(buf, at, length);
  }
}
