package io.mora.protocol.auth.tls;

import org.bouncycastle.tls.AlertDescription;

/** AlertDescription values that are used or told of here. */
final class TlsAlert {
  static final int CLOSE_NOTIFY = 0;
  static final int UNEXPECTED_MESSAGE = 10;
  static final int BAD_RECORD_MAC = 20;
  static final int RECORD_OVERFLOW = 22;
  static final int HANDSHAKE_FAILURE = 40;
  static final int ILLEGAL_PARAMETER = 47;
  static final int DECODE_ERROR = 50;
  static final int DECRYPT_ERROR = 51;
  static final int INTERNAL_ERROR = 80;
  static final int USER_CANCELED = 90;
  static final int UNKNOWN_PSK_IDENTITY = 115;

  private TlsAlert() {}

  /** Name and number. */
  static String text(int description) {
    return AlertDescription.getText((short) description);
  }
}
