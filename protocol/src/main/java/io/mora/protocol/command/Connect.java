package io.mora.protocol.command;

import io.netty.buffer.ByteBuf;

/**
 * The Connect command's dwords; its data is {@code ConnectData}.
 *
 * <pre>
 *  40 RECFMT 2   0
 *  42 QID    2   0 is the admin queue
 *  44 SQSIZE 2   0's based
 *  46 CATTR  1   1:0 priority class, bit 2 disable SQ flow control
 *  48 KATO   4   ms
 * </pre>
 */
public final class Connect {
  public static final int RECFMT = 40;
  public static final int QID = 42;
  public static final int SQSIZE = 44;
  public static final int CATTR = 46;
  public static final int KATO = 48;

  public static final int CATTR_PRIORITY_MASK = 0x03;
  public static final int CATTR_DISABLE_SQ_FLOW = 0x04;

  /** Length of the data, always in the capsule. */
  public static final int DATA_LENGTH = 1024;

  /** SQHD of a reply that accepts {@link #CATTR_DISABLE_SQ_FLOW}. */
  public static final int SQHD_FLOW_DISABLED = 0xFFFF;

  /** Reply DW0: authentication required. */
  public static final int ATR = 1 << 17;

  /** Reply DW0: authentication required, and a secure channel after it. */
  public static final int ASCR = 1 << 18;

  /** Reply DW0 of a refusal: the offset is in the data, not in the SQE. */
  public static final int IATTR = 1 << 16;

  private Connect() {}

  public static int recfmt(ByteBuf buf, int at) {
    return buf.getUnsignedShortLE(at + RECFMT);
  }

  public static int qid(ByteBuf buf, int at) {
    return buf.getUnsignedShortLE(at + QID);
  }

  /** 0's based. */
  public static int sqsize0(ByteBuf buf, int at) {
    return buf.getUnsignedShortLE(at + SQSIZE);
  }

  public static int cattr(ByteBuf buf, int at) {
    return buf.getUnsignedByte(at + CATTR);
  }

  /** Unsigned, ms. */
  public static long katoMs(ByteBuf buf, int at) {
    return buf.getUnsignedIntLE(at + KATO);
  }

  /** Writes a whole Connect SQE with its in-capsule SGL. */
  public static void write(ByteBuf buf, int at, int qid, int sqsize0, int cattr, int katoMs) {
    Sqe.start(buf, at, AdminOpcode.FABRICS, 0, FabricsType.CONNECT);
    SglDescriptor.write(buf, at, DATA_LENGTH, SglDescriptor.IN_CAPSULE);
    buf.setShortLE(at + QID, qid);
    buf.setShortLE(at + SQSIZE, sqsize0);
    buf.setByte(at + CATTR, cattr);
    buf.setIntLE(at + KATO, katoMs);
  }
}
