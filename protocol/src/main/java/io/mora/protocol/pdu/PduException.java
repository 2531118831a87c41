package io.mora.protocol.pdu;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The peer's bytes break the protocol: the connection ends. Carries what a TermReq needs.
 *
 * <p>Has no stack trace: a hostile peer must not make it dear.
 */
public final class PduException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int fatalErrorStatus;
  private final int fatalErrorInformation;
  private transient ByteBuf offendingHeader = Unpooled.EMPTY_BUFFER;

  /**
   * @param fes one of {@link FatalErrorStatus}
   * @param fei offset of the bad field, the digest received, or 0
   */
  public PduException(int fes, int fei, String message) {
    super(FatalErrorStatus.name(fes) + ": " + message, null, false, false);
    this.fatalErrorStatus = fes;
    this.fatalErrorInformation = fei;
  }

  public static PduException field(int offset, String message) {
    return new PduException(FatalErrorStatus.INVALID_HEADER_FIELD, offset, message);
  }

  public static PduException sequence(String message) {
    return new PduException(FatalErrorStatus.SEQUENCE_ERROR, 0, message);
  }

  public int fatalErrorStatus() {
    return fatalErrorStatus;
  }

  public int fatalErrorInformation() {
    return fatalErrorInformation;
  }

  /** Bytes of the offending header that had arrived; an unpooled copy. */
  public ByteBuf offendingHeader() {
    return offendingHeader;
  }

  /** True if the offending PDU says it is of this type. */
  public boolean isIn(int type) {
    return offendingHeader.isReadable() && CommonHeader.type(offendingHeader, 0) == type;
  }

  PduException withHeader(ByteBuf buf, int at, int length) {
    if (!offendingHeader.isReadable() && length > 0) {
      byte[] copy = new byte[Math.min(length, TermReqPdu.COPY_MAX)];
      buf.getBytes(at, copy);
      offendingHeader = Unpooled.wrappedBuffer(copy);
    }
    return this;
  }
}
