package io.mora.protocol.pdu;

import io.netty.buffer.ByteBuf;

/**
 * H2CTermReq and C2HTermReq: the sender found a fatal error and will close the connection.
 *
 * <pre>
 *   8 FES       2   fatal error status, {@link FatalErrorStatus}
 *  10 FEI       4   offset of the bad field, or the digest received; not aligned
 *  14 reserved 10   zero
 *  24 header 1..128 copy of the offending PDU's header
 * </pre>
 */
public final class TermReqPdu {
  /** HLEN: the fixed part. */
  public static final int HEADER_LENGTH = 24;

  /** Most bytes of the offending header that may follow. */
  public static final int COPY_MAX = 128;

  public static final int LENGTH_MAX = HEADER_LENGTH + COPY_MAX;

  public static final int FES = 8;
  public static final int FEI = 10;
  public static final int RESERVED = 14;
  public static final int COPY = 24;

  private TermReqPdu() {}

  public static int fes(ByteBuf buf, int at) {
    return buf.getUnsignedShortLE(at + FES);
  }

  public static long fei(ByteBuf buf, int at) {
    return buf.getUnsignedIntLE(at + FEI);
  }

  /**
   * Writes a TermReq of the given type with 1 to {@value #COPY_MAX} bytes of the offending header:
   * some hosts refuse a TermReq without a copy.
   *
   * @return bytes written
   */
  public static int write(ByteBuf buf, int at, int type, PduException cause) {
    ByteBuf header = cause.offendingHeader();
    int copy = Math.max(1, Math.min(COPY_MAX, header.readableBytes()));
    buf.setZero(at, HEADER_LENGTH + copy);
    CommonHeader.write(buf, at, type, HEADER_LENGTH, 0, HEADER_LENGTH + copy);
    buf.setShortLE(at + FES, cause.fatalErrorStatus());
    buf.setIntLE(at + FEI, cause.fatalErrorInformation());
    if (header.isReadable()) {
      buf.setBytes(at + COPY, header, header.readerIndex(), copy);
    }
    return HEADER_LENGTH + copy;
  }
}
