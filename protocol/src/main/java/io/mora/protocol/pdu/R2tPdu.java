package io.mora.protocol.pdu;

import io.netty.buffer.ByteBuf;

/**
 * R2T: the controller is ready for a part of a write's data.
 *
 * <pre>
 *   8 CCCID     2   CID of the command
 *  10 TTAG      2   chosen by the controller, opaque to the host
 *  12 R2TO      4   offset of the part
 *  16 R2TL      4   bytes of the part, more than 0
 *  20 reserved  4   zero
 * </pre>
 */
public final class R2tPdu {
  public static final int LENGTH = 24;

  public static final int CCCID = 8;
  public static final int TTAG = 10;
  public static final int R2TO = 12;
  public static final int R2TL = 16;
  public static final int RESERVED = 20;

  private R2tPdu() {}

  public static int cccid(ByteBuf buf, int at) {
    return buf.getUnsignedShortLE(at + CCCID);
  }

  public static int ttag(ByteBuf buf, int at) {
    return buf.getUnsignedShortLE(at + TTAG);
  }

  /** Unsigned. */
  public static long r2tOffset(ByteBuf buf, int at) {
    return buf.getUnsignedIntLE(at + R2TO);
  }

  /** Unsigned. */
  public static long r2tLength(ByteBuf buf, int at) {
    return buf.getUnsignedIntLE(at + R2TL);
  }

  /** Writes everything after the common header. */
  public static void writeFields(
      ByteBuf buf, int at, int cccid, int ttag, int r2tOffset, int r2tLength) {
    buf.setShortLE(at + CCCID, cccid);
    buf.setShortLE(at + TTAG, ttag);
    buf.setIntLE(at + R2TO, r2tOffset);
    buf.setIntLE(at + R2TL, r2tLength);
    buf.setIntLE(at + RESERVED, 0);
  }
}
