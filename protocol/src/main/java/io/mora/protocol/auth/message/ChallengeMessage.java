package io.mora.protocol.auth.message;

import io.mora.protocol.auth.AuthException;
import io.mora.protocol.auth.AuthFailure;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.data.Bytes;
import io.netty.buffer.ByteBuf;

/**
 * DH-HMAC-CHAP_Challenge: what the controller chose, and its challenge.
 *
 * <pre>
 *   6 HL     1   bytes of a hash
 *   8 HashID 1
 *   9 DHgID  1
 *  10 DHVLEN 2   0 without Diffie-Hellman
 *  12 SEQNUM 4   never 0
 *  16 C1     HL
 *     DHV    DHVLEN
 * </pre>
 */
public record ChallengeMessage(
    int transactionId,
    DhchapHash hash,
    DhchapGroup group,
    int sequence,
    Bytes challenge,
    Bytes dhValue)
    implements AuthMessage {
  private static final int HL = 6;
  private static final int HASH_ID = 8;
  private static final int DHG_ID = 9;
  private static final int DHVLEN = 10;
  private static final int SEQNUM = 12;
  private static final int C1 = 16;

  /** Reads a message of this kind, from a buffer that may be longer. */
  public static ChallengeMessage decode(ByteBuf buf) throws AuthException {
    AuthMessage.atLeast(buf, C1);
    int hashId = buf.getUnsignedByte(HASH_ID);
    DhchapHash hash = DhchapHash.of(hashId);
    if (hash == null) {
      throw new AuthException(AuthFailure.HASH_UNUSABLE, "HashID " + hashId + ", 1 to 3");
    }
    int hl = buf.getUnsignedByte(HL);
    if (hl != hash.lengthBytes()) {
      throw new AuthException(
          AuthFailure.INCORRECT_PAYLOAD, "HL " + hl + ", " + hash.lengthBytes());
    }
    int groupId = buf.getUnsignedByte(DHG_ID);
    DhchapGroup group = DhchapGroup.of(groupId);
    if (group == null) {
      throw new AuthException(AuthFailure.GROUP_UNUSABLE, "DHgID " + groupId + ", 0 to 5");
    }
    int dhvlen = buf.getUnsignedShortLE(DHVLEN);
    if (dhvlen != group.lengthBytes()) {
      throw new AuthException(
          AuthFailure.INCORRECT_PAYLOAD, "DHVLEN " + dhvlen + ", " + group.lengthBytes());
    }
    AuthMessage.atLeast(buf, C1 + hl + dhvlen);
    int sequence = buf.getIntLE(SEQNUM);
    if (sequence == 0) {
      throw new AuthException(AuthFailure.INCORRECT_PAYLOAD, "SEQNUM 0");
    }
    return new ChallengeMessage(
        AuthMessage.transactionId(buf),
        hash,
        group,
        sequence,
        AuthMessage.bytes(buf, C1, hl),
        AuthMessage.bytes(buf, C1 + hl, dhvlen));
  }

  @Override
  public int lengthBytes() {
    return C1 + challenge.length() + dhValue.length();
  }

  @Override
  public void encode(ByteBuf buf) {
    AuthMessage.start(buf, CHALLENGE, this);
    buf.setByte(HL, challenge.length());
    buf.setByte(HASH_ID, hash.code());
    buf.setByte(DHG_ID, group.code());
    buf.setShortLE(DHVLEN, dhValue.length());
    buf.setIntLE(SEQNUM, sequence);
    challenge.encode(buf, C1);
    dhValue.encode(buf, C1 + challenge.length());
  }
}
