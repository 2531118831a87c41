package io.mora.protocol.auth.message;

import io.mora.protocol.auth.AuthException;
import io.mora.protocol.auth.AuthFailure;
import io.netty.buffer.ByteBuf;

/**
 * AUTH_Failure1 of the controller, AUTH_Failure2 of the host.
 *
 * <pre>
 *   6 RCODE  1   1
 *   7 RCODEX 1   explanation
 * </pre>
 *
 * @param byHost AUTH_Failure2
 * @param explanation RCODEX, one of {@link AuthFailure} or not
 */
public record FailureMessage(int transactionId, boolean byHost, int explanation)
    implements AuthMessage {
  public static final int LENGTH = 8;

  private static final int RCODE = 6;
  private static final int RCODEX = 7;

  public FailureMessage(int transactionId, boolean byHost, AuthFailure failure) {
    this(transactionId, byHost, failure.code());
  }

  /** Reads a message of this kind, from a buffer that may be longer. */
  public static FailureMessage decode(ByteBuf buf) throws AuthException {
    AuthMessage.atLeast(buf, LENGTH);
    return new FailureMessage(
        AuthMessage.transactionId(buf),
        AuthMessage.kind(buf) == FAILURE2,
        buf.getUnsignedByte(RCODEX));
  }

  /** Why, in words. */
  public String reason() {
    AuthFailure known = AuthFailure.of(explanation);
    return known != null ? known.toString() : "explanation " + explanation;
  }

  @Override
  public int lengthBytes() {
    return LENGTH;
  }

  @Override
  public void encode(ByteBuf buf) {
    AuthMessage.start(buf, byHost ? FAILURE2 : FAILURE1, this);
    buf.setByte(RCODE, AuthFailure.REASON_FAILED);
    buf.setByte(RCODEX, explanation);
  }
}
