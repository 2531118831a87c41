package io.mora.protocol.command;

import io.netty.buffer.ByteBuf;

/**
 * Completion queue entry.
 *
 * <pre>
 *   0 DW0    4   command specific
 *   4 DW1    4   command specific
 *   8 SQHD   2   submission queue head
 *  10 SQID   2   0 over fabrics
 *  12 CID    2
 *  14 STATUS 2   bit 0 phase (0 over fabrics), bits 15:1 {@link io.mora.protocol.status.Status}
 * </pre>
 */
public final class Cqe {
  public static final int LENGTH = 16;

  public static final int DW0 = 0;
  public static final int DW1 = 4;
  public static final int SQHD = 8;
  public static final int SQID = 10;
  public static final int CID = 12;
  public static final int STATUS = 14;

  private Cqe() {}

  public static int dw0(ByteBuf buf, int at) {
    return buf.getIntLE(at + DW0);
  }

  public static int dw1(ByteBuf buf, int at) {
    return buf.getIntLE(at + DW1);
  }

  public static int sqhd(ByteBuf buf, int at) {
    return buf.getUnsignedShortLE(at + SQHD);
  }

  public static int cid(ByteBuf buf, int at) {
    return buf.getUnsignedShortLE(at + CID);
  }

  /** A packed status. */
  public static int status(ByteBuf buf, int at) {
    return buf.getUnsignedShortLE(at + STATUS) >>> 1;
  }

  /**
   * Writes all 16 bytes.
   *
   * @param result DW0 in the low half, DW1 in the high
   * @param status a packed status
   */
  public static void write(ByteBuf buf, int at, long result, int sqhd, int cid, int status) {
    buf.setLongLE(at, result);
    buf.setIntLE(at + SQHD, sqhd & 0xFFFF);
    buf.setIntLE(at + CID, (cid & 0xFFFF) | status << 17);
  }
}
