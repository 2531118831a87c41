package io.mora.protocol.command;

import io.netty.buffer.ByteBuf;

/**
 * Property Get and Property Set, and the controller properties they reach.
 *
 * <pre>
 *  40 ATTRIB 1   2:0 size: 0 four bytes, 1 eight
 *  44 OFST   4
 *  48 VALUE  8   Set only; Get returns it in DW0 and DW1
 * </pre>
 */
public final class PropertyAccess {
  public static final int ATTRIB = 40;
  public static final int OFST = 44;
  public static final int VALUE = 48;

  public static final int SIZE_4 = 0;
  public static final int SIZE_8 = 1;

  /** Properties. */
  public static final int CAP = 0x00;

  public static final int VS = 0x08;
  public static final int CC = 0x14;
  public static final int CSTS = 0x1C;
  public static final int NSSR = 0x20;
  public static final int CRTO = 0x68;

  /** CC fields. */
  public static final int CC_EN = 1;

  public static final int CC_SHN_SHIFT = 14;
  public static final int CC_IOSQES_SHIFT = 16;
  public static final int CC_IOCQES_SHIFT = 20;

  /** What Linux and we write to enable: 64-byte SQEs, 16-byte CQEs. */
  public static final int CC_ENTRY_SIZES = 6 << CC_IOSQES_SHIFT | 4 << CC_IOCQES_SHIFT;

  /** CSTS fields. */
  public static final int CSTS_RDY = 1;

  public static final int CSTS_CFS = 2;
  public static final int CSTS_SHST_SHIFT = 2;
  public static final int CSTS_SHST_COMPLETE = 2 << CSTS_SHST_SHIFT;

  private PropertyAccess() {}

  public static int size(ByteBuf buf, int at) {
    return buf.getByte(at + ATTRIB) & 7;
  }

  public static int offset(ByteBuf buf, int at) {
    return buf.getIntLE(at + OFST);
  }

  public static long value(ByteBuf buf, int at) {
    return buf.getLongLE(at + VALUE);
  }

  /** Writes a whole Property Get SQE. */
  public static void writeGet(ByteBuf buf, int at, int cid, int size, int property) {
    Sqe.start(buf, at, AdminOpcode.FABRICS, cid, FabricsType.PROPERTY_GET);
    buf.setByte(at + ATTRIB, size);
    buf.setIntLE(at + OFST, property);
  }

  /** Writes a whole Property Set SQE for a four-byte property. */
  public static void writeSet(ByteBuf buf, int at, int cid, int property, int value) {
    Sqe.start(buf, at, AdminOpcode.FABRICS, cid, FabricsType.PROPERTY_SET);
    buf.setByte(at + ATTRIB, SIZE_4);
    buf.setIntLE(at + OFST, property);
    buf.setLongLE(at + VALUE, Integer.toUnsignedLong(value));
  }

  /** CC.SHN: 0 none, 1 normal, 2 abrupt. */
  public static int shn(int cc) {
    return cc >>> CC_SHN_SHIFT & 3;
  }

  /** CSTS.SHST: 0 none, 1 in progress, 2 complete. */
  public static int shst(int csts) {
    return csts >>> CSTS_SHST_SHIFT & 3;
  }
}
