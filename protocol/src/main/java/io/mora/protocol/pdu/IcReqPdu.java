package io.mora.protocol.pdu;

import io.netty.buffer.ByteBuf;

/**
 * ICReq: the host's first PDU, which asks for digests and alignment. Always 128 bytes, never
 * digested.
 *
 * <pre>
 *   8 PFV        2   PDU format version, 0
 *  10 HPDA       1   alignment the host wants for data sent to it, dwords, 0's based
 *  11 DGST       1   bit 0 header digest, bit 1 data digest
 *  12 MAXR2T     4   outstanding R2Ts per command, 0's based
 *  16 reserved 112   zero
 * </pre>
 */
public final class IcReqPdu {
  public static final int LENGTH = 128;

  public static final int PFV = 8;
  public static final int HPDA = 10;
  public static final int DGST = 11;
  public static final int MAXR2T = 12;
  public static final int RESERVED = 16;

  public static final int HEADER_DIGEST = 0x01;
  public static final int DATA_DIGEST = 0x02;

  /** Largest alignment code: 32 dwords. */
  public static final int PDA_MAX = 31;

  private IcReqPdu() {}

  public static int pfv(ByteBuf buf, int at) {
    return buf.getUnsignedShortLE(at + PFV);
  }

  public static int hpda(ByteBuf buf, int at) {
    return buf.getUnsignedByte(at + HPDA);
  }

  public static int dgst(ByteBuf buf, int at) {
    return buf.getUnsignedByte(at + DGST);
  }

  public static long maxR2t0(ByteBuf buf, int at) {
    return buf.getUnsignedIntLE(at + MAXR2T);
  }

  /** Writes all 128 bytes. */
  public static void write(ByteBuf buf, int at, int hpda, int dgst, int maxR2t0) {
    buf.setZero(at, LENGTH);
    CommonHeader.write(buf, at, PduType.IC_REQ, LENGTH, 0, LENGTH);
    buf.setByte(at + HPDA, hpda);
    buf.setByte(at + DGST, dgst);
    buf.setIntLE(at + MAXR2T, maxR2t0);
  }
}
