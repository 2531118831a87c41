package io.mora.initiator.auth;

import io.mora.protocol.command.Connect;

/** What a controller's reply to Connect asks for (AUTHREQ). */
public enum AuthDemand {
  NOTHING,
  /** A proof (ATR). */
  PROOF,
  /** A proof that makes a key for TLS (ASCR). */
  SECURE_CHANNEL;

  /** That of a reply's DW0. */
  public static AuthDemand of(int dw0) {
    if ((dw0 & Connect.ASCR) != 0) {
      return SECURE_CHANNEL;
    }
    return (dw0 & Connect.ATR) != 0 ? PROOF : NOTHING;
  }
}
