package io.mora.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A connection (and with it every command on it) failed, or could not be made.
 *
 * <p>Two families: the wire said so (a TermReq was sent or received, with its fatal error status
 * FES and information FEI), or this side did ({@link Reason}). Those of the first kind carry no
 * stack trace, because a hostile peer must not make them dear.
 */
public final class ConnectionException extends NvmeException {
  private static final long serialVersionUID = 1L;

  /** Why, and whether a new connection can be expected to help. */
  public enum Reason {
    /** The peer broke the protocol; this side sent the TermReq, or would have. */
    PROTOCOL_ERROR(true),
    /** The peer sent a TermReq: it says this side broke the protocol. */
    TERMINATED_BY_PEER(true),
    /** The connection ended: reset, end of stream, or an I/O error of the socket. */
    LOST(true),
    /** Nobody answered at the address, or the name did not resolve. */
    UNREACHABLE(true),
    /** No answer within the time allowed. The command may have been carried out. */
    TIMEOUT(true),
    /** The controller reports a fatal status, or never became ready. */
    CONTROLLER_FAILED(true),
    /**
     * The controller said something this side cannot work with: a limit, an identity, a version.
     */
    INCOMPATIBLE(false),
    /** This host, or the controller, has not proved who it is. */
    UNAUTHENTICATED(false),
    /** Of several ways to a namespace none served it for as long as a command may wait. */
    NO_PATH(true),
    /** Reconnecting was given up. */
    GIVEN_UP(false),
    /** This side closed the connection on purpose. */
    CLOSED(false);

    private final boolean retryable;

    Reason(boolean retryable) {
      this.retryable = retryable;
    }
  }

  private final Reason reason;
  private final int fatalErrorStatus;
  private final int fatalErrorInformation;

  private ConnectionException(Reason reason, int fes, int fei, String message) {
    super(message);
    this.reason = reason;
    this.fatalErrorStatus = fes;
    this.fatalErrorInformation = fei;
  }

  /** A failure seen on this side, with a stack trace. */
  public ConnectionException(Reason reason, String message, @Nullable Throwable cause) {
    super(reason + ": " + message, cause);
    this.reason = reason;
    this.fatalErrorStatus = 0;
    this.fatalErrorInformation = 0;
  }

  public ConnectionException(Reason reason, String message) {
    this(reason, message, null);
  }

  /**
   * The peer broke the protocol.
   *
   * @param fes fatal error status of the TermReq
   * @param fei offset of the bad field, the digest received, or 0
   */
  public static ConnectionException protocolError(int fes, int fei, String message) {
    return wire(Reason.PROTOCOL_ERROR, fes, fei, message);
  }

  /** The peer sent a TermReq with these values. */
  public static ConnectionException terminatedByPeer(int fes, int fei) {
    return wire(Reason.TERMINATED_BY_PEER, fes, fei, "the peer ended the connection");
  }

  private static ConnectionException wire(Reason reason, int fes, int fei, String message) {
    return new ConnectionException(
        reason,
        fes,
        fei,
        reason + ": " + message + " (FES " + fes + ", FEI " + Integer.toUnsignedString(fei) + ")");
  }

  public Reason reason() {
    return reason;
  }

  /** FES of the TermReq; 0 when none was involved (some hosts also send 0). */
  public int fatalErrorStatus() {
    return fatalErrorStatus;
  }

  /** FEI of the TermReq, unsigned; 0 when none was involved. */
  public int fatalErrorInformation() {
    return fatalErrorInformation;
  }

  @Override
  public boolean retryable() {
    return reason.retryable;
  }
}
