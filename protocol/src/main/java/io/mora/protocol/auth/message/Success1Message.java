package io.mora.protocol.auth.message;

import io.mora.protocol.auth.AuthException;
import io.mora.protocol.auth.AuthFailure;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.data.Bytes;
import io.netty.buffer.ByteBuf;

/**
 * DH-HMAC-CHAP_Success1: the host is who it says, and the controller's response if it was asked.
 *
 * <pre>
 *   6 HL     1
 *   8 RVALID 1   bit 0: R2 is a response
 *  16 R2     HL
 * </pre>
 *
 * @param responds RVALID
 * @param response R2; zeroes unless RVALID
 */
public record Success1Message(int transactionId, boolean responds, Bytes response)
    implements AuthMessage {
  private static final int HL = 6;
  private static final int RVALID = 8;
  private static final int R2 = 16;

  /** Reads a message of this kind, from a buffer that may be longer. */
  public static Success1Message decode(ByteBuf buf, DhchapHash hash) throws AuthException {
    AuthMessage.atLeast(buf, R2);
    int hl = buf.getUnsignedByte(HL);
    if (hl != hash.lengthBytes()) {
      throw new AuthException(
          AuthFailure.INCORRECT_PAYLOAD, "HL " + hl + ", " + hash.lengthBytes());
    }
    boolean responds = (buf.getByte(RVALID) & 1) != 0;
    if (!responds) {
      return new Success1Message(AuthMessage.transactionId(buf), false, Bytes.zero(hl));
    }
    AuthMessage.atLeast(buf, R2 + hl);
    return new Success1Message(
        AuthMessage.transactionId(buf), true, AuthMessage.bytes(buf, R2, hl));
  }

  @Override
  public int lengthBytes() {
    return R2 + response.length();
  }

  @Override
  public void encode(ByteBuf buf) {
    AuthMessage.start(buf, SUCCESS1, this);
    buf.setByte(HL, response.length());
    buf.setByte(RVALID, responds ? 1 : 0);
    response.encode(buf, R2);
  }
}
