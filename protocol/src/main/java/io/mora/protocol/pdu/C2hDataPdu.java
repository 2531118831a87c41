package io.mora.protocol.pdu;

import io.netty.buffer.ByteBuf;

/**
 * C2HData: data of a read, in ascending order without gaps.
 *
 * <pre>
 *   8 CCCID     2   CID of the command
 *  10 TTAG      2   zero
 *  12 DATAO     4   offset in the command's data
 *  16 DATAL     4   data bytes in this PDU
 *  20 reserved  4   zero
 * </pre>
 */
public final class C2hDataPdu {
  public static final int LENGTH = 24;

  public static final int CCCID = 8;
  public static final int TTAG = 10;
  public static final int DATAO = 12;
  public static final int DATAL = 16;
  public static final int RESERVED = 20;

  private C2hDataPdu() {}

  public static int cccid(ByteBuf buf, int at) {
    return buf.getUnsignedShortLE(at + CCCID);
  }

  public static int ttag(ByteBuf buf, int at) {
    return buf.getUnsignedShortLE(at + TTAG);
  }

  /** Unsigned. */
  public static long dataOffset(ByteBuf buf, int at) {
    return buf.getUnsignedIntLE(at + DATAO);
  }

  /** Unsigned. */
  public static long dataLength(ByteBuf buf, int at) {
    return buf.getUnsignedIntLE(at + DATAL);
  }

  /** Writes everything after the common header. */
  public static void writeFields(
      ByteBuf buf, int at, int cccid, int ttag, int dataOffset, int dataLength) {
    buf.setShortLE(at + CCCID, cccid);
    buf.setShortLE(at + TTAG, ttag);
    buf.setIntLE(at + DATAO, dataOffset);
    buf.setIntLE(at + DATAL, dataLength);
    buf.setIntLE(at + RESERVED, 0);
  }
}
