package io.mora.protocol.auth.message;

import io.mora.protocol.auth.AuthException;
import io.netty.buffer.ByteBuf;

/** DH-HMAC-CHAP_Success2: the controller is who it says. Nothing but T_ID in 16 bytes. */
public record Success2Message(int transactionId) implements AuthMessage {
  public static final int LENGTH = 16;

  /** Reads a message of this kind. */
  public static Success2Message decode(ByteBuf buf) throws AuthException {
    AuthMessage.exactly(buf, LENGTH);
    return new Success2Message(AuthMessage.transactionId(buf));
  }

  @Override
  public int lengthBytes() {
    return LENGTH;
  }

  @Override
  public void encode(ByteBuf buf) {
    AuthMessage.start(buf, SUCCESS2, this);
  }
}
