package io.mora.protocol.command;

import io.netty.buffer.ByteBuf;

/**
 * Submission queue entry.
 *
 * <pre>
 *   0 OPC    1   opcode
 *   1 FLAGS  1   bits 1:0 FUSE, bits 7:6 PSDT (01b over fabrics)
 *   2 CID    2
 *   4 NSID   4   fabrics commands: byte 4 is FCTYPE
 *   8 CDW2   4
 *  12 CDW3   4
 *  16 MPTR   8   unused over TCP
 *  24 SGL1  16   {@link SglDescriptor}
 *  40 CDW10..CDW15  4 each
 * </pre>
 */
public final class Sqe {
  public static final int LENGTH = 64;

  public static final int OPC = 0;
  public static final int FLAGS = 1;
  public static final int CID = 2;
  public static final int NSID = 4;
  public static final int FCTYPE = 4;
  public static final int CDW2 = 8;
  public static final int CDW3 = 12;
  public static final int MPTR = 16;
  public static final int SGL1 = 24;
  public static final int CDW10 = 40;
  public static final int CDW11 = 44;
  public static final int CDW12 = 48;
  public static final int CDW13 = 52;
  public static final int CDW14 = 56;
  public static final int CDW15 = 60;

  /** FLAGS of a command that is not fused, with SGLs. */
  public static final int PSDT_SGL = 0x40;

  public static final int FUSE_MASK = 0x03;
  public static final int PSDT_MASK = 0xC0;
  public static final int FUSE_FIRST = 1;
  public static final int FUSE_SECOND = 2;

  /** NSID that addresses every namespace. */
  public static final int NSID_ALL = 0xFFFFFFFF;

  private Sqe() {}

  public static int opcode(ByteBuf buf, int at) {
    return buf.getUnsignedByte(at + OPC);
  }

  public static int flags(ByteBuf buf, int at) {
    return buf.getUnsignedByte(at + FLAGS);
  }

  public static int fuse(ByteBuf buf, int at) {
    return buf.getByte(at + FLAGS) & FUSE_MASK;
  }

  public static int cid(ByteBuf buf, int at) {
    return buf.getUnsignedShortLE(at + CID);
  }

  /** As int: FFFFFFFFh is {@link #NSID_ALL}, compare others unsigned. */
  public static int nsid(ByteBuf buf, int at) {
    return buf.getIntLE(at + NSID);
  }

  public static int fctype(ByteBuf buf, int at) {
    return buf.getUnsignedByte(at + FCTYPE);
  }

  public static int cdw2(ByteBuf buf, int at) {
    return buf.getIntLE(at + CDW2);
  }

  public static int cdw3(ByteBuf buf, int at) {
    return buf.getIntLE(at + CDW3);
  }

  public static int cdw10(ByteBuf buf, int at) {
    return buf.getIntLE(at + CDW10);
  }

  public static int cdw11(ByteBuf buf, int at) {
    return buf.getIntLE(at + CDW11);
  }

  public static int cdw12(ByteBuf buf, int at) {
    return buf.getIntLE(at + CDW12);
  }

  public static int cdw13(ByteBuf buf, int at) {
    return buf.getIntLE(at + CDW13);
  }

  public static int cdw14(ByteBuf buf, int at) {
    return buf.getIntLE(at + CDW14);
  }

  public static int cdw15(ByteBuf buf, int at) {
    return buf.getIntLE(at + CDW15);
  }

  /** Zeroes the entry and sets opcode, PSDT, CID and NSID. */
  public static void start(ByteBuf buf, int at, int opcode, int cid, int nsid) {
    buf.setZero(at, LENGTH);
    buf.setIntLE(at, opcode | PSDT_SGL << 8 | cid << 16);
    buf.setIntLE(at + NSID, nsid);
  }

  public static void setCid(ByteBuf buf, int at, int cid) {
    buf.setShortLE(at + CID, cid);
  }

  /** Sets one of CDW2, CDW3, CDW10..CDW15 by its offset constant. */
  public static void setDword(ByteBuf buf, int at, int field, int value) {
    buf.setIntLE(at + field, value);
  }
}
