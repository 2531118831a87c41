package io.mora.protocol.auth;

/**
 * An authentication cannot succeed. Its text names what was wrong and never a secret; it has no
 * stack trace, because a hostile peer must not make it dear.
 */
public final class AuthException extends Exception {
  private static final long serialVersionUID = 1L;

  private final AuthFailure failure;

  public AuthException(AuthFailure failure, String message) {
    super(failure + ": " + message, null, false, false);
    this.failure = failure;
  }

  /** What the other side is told, or told us. */
  public AuthFailure failure() {
    return failure;
  }
}
