package io.mora.initiator.auth;

/** A proof was demanded of this host, which has none to give: trying again does not help. */
public final class NoSecretException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoSecretException() {
    super("no secret of this host is configured", null, false, false);
  }
}
