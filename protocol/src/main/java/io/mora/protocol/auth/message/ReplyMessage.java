package io.mora.protocol.auth.message;

import io.mora.protocol.auth.AuthException;
import io.mora.protocol.auth.AuthFailure;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.data.Bytes;
import io.netty.buffer.ByteBuf;

/**
 * DH-HMAC-CHAP_Reply: the host's response, and its own challenge if it wants the controller proved.
 *
 * <pre>
 *   6 HL     1
 *   8 CVALID 1   bit 0: C2 is a challenge
 *  10 DHVLEN 2
 *  12 SEQNUM 4   0 if C2 is for a TLS key only
 *  16 R1     HL
 *     C2     HL
 *     DHV    DHVLEN
 * </pre>
 *
 * @param challenged CVALID
 * @param challenge C2; zeroes unless CVALID
 */
public record ReplyMessage(
    int transactionId,
    boolean challenged,
    int sequence,
    Bytes response,
    Bytes challenge,
    Bytes dhValue)
    implements AuthMessage {
  private static final int HL = 6;
  private static final int CVALID = 8;
  private static final int DHVLEN = 10;
  private static final int SEQNUM = 12;
  private static final int R1 = 16;

  /** Reads a message of this kind that ends where its fields say. */
  public static ReplyMessage decode(ByteBuf buf, DhchapHash hash) throws AuthException {
    AuthMessage.atLeast(buf, R1);
    int hl = buf.getUnsignedByte(HL);
    if (hl != hash.lengthBytes()) {
      throw new AuthException(
          AuthFailure.INCORRECT_PAYLOAD, "HL " + hl + ", " + hash.lengthBytes());
    }
    int dhvlen = buf.getUnsignedShortLE(DHVLEN);
    AuthMessage.exactly(buf, R1 + 2 * hl + dhvlen);
    return new ReplyMessage(
        AuthMessage.transactionId(buf),
        (buf.getByte(CVALID) & 1) != 0,
        buf.getIntLE(SEQNUM),
        AuthMessage.bytes(buf, R1, hl),
        AuthMessage.bytes(buf, R1 + hl, hl),
        AuthMessage.bytes(buf, R1 + 2 * hl, dhvlen));
  }

  /** The controller has to prove itself. */
  public boolean wantsController() {
    return challenged && sequence != 0;
  }

  @Override
  public int lengthBytes() {
    return R1 + response.length() + challenge.length() + dhValue.length();
  }

  @Override
  public void encode(ByteBuf buf) {
    AuthMessage.start(buf, REPLY, this);
    int hl = response.length();
    buf.setByte(HL, hl);
    buf.setByte(CVALID, challenged ? 1 : 0);
    buf.setShortLE(DHVLEN, dhValue.length());
    buf.setIntLE(SEQNUM, sequence);
    response.encode(buf, R1);
    challenge.encode(buf, R1 + hl);
    dhValue.encode(buf, R1 + 2 * hl);
  }
}
