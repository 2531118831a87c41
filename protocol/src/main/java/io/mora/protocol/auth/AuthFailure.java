package io.mora.protocol.auth;

import org.jspecify.annotations.Nullable;

/** Why an authentication failed: the reason code explanations of Failure1 and Failure2. */
public enum AuthFailure {
  FAILED(1, "authentication failed"),
  PROTOCOL_UNUSABLE(2, "authentication protocol not usable"),
  SECURE_CHANNEL_MISMATCH(3, "secure channel concatenation mismatch"),
  HASH_UNUSABLE(4, "hash function not usable"),
  GROUP_UNUSABLE(5, "DH group not usable"),
  INCORRECT_PAYLOAD(6, "incorrect payload"),
  INCORRECT_MESSAGE(7, "incorrect protocol message");

  /** The only reason code there is. */
  public static final int REASON_FAILED = 1;

  private final int code;
  private final String text;

  AuthFailure(int code, String text) {
    this.code = code;
    this.text = text;
  }

  public int code() {
    return code;
  }

  /** The failure of an explanation code, or null if there is none. */
  public static @Nullable AuthFailure of(int code) {
    for (AuthFailure failure : values()) {
      if (failure.code == code) {
        return failure;
      }
    }
    return null;
  }

  /** The spec's words. */
  @Override
  public String toString() {
    return text;
  }
}
