package io.mora.protocol.auth.tls;

/**
 * A TLS connection cannot be made or go on. Its text names the cause and never a key; it has no
 * stack trace, because a hostile peer must not make it dear.
 */
public final class TlsException extends Exception {
  private static final long serialVersionUID = 1L;

  /** No alert: it is not about keys or what was said. */
  public static final int NONE = -1;

  private final int alert;

  /**
   * @param alert AlertDescription that the peer is told, or told us, or {@link #NONE}
   */
  public TlsException(int alert, String message) {
    super(message, null, false, false);
    this.alert = alert;
  }

  public int alert() {
    return alert;
  }
}
