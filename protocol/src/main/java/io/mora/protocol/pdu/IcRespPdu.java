package io.mora.protocol.pdu;

import io.netty.buffer.ByteBuf;

/**
 * ICResp: the controller's first PDU, which grants digests and limits H2CData. Always 128 bytes,
 * never digested.
 *
 * <pre>
 *   8 PFV        2   PDU format version, 0
 *  10 CPDA       1   alignment the controller wants for data sent to it, dwords, 0's based
 *  11 DGST       1   bit 0 header digest, bit 1 data digest
 *  12 MAXH2CDATA 4   most data bytes in one H2CData: at least 4096, a multiple of 4
 *  16 reserved 112   zero
 * </pre>
 */
public final class IcRespPdu {
  public static final int LENGTH = 128;

  public static final int PFV = 8;
  public static final int CPDA = 10;
  public static final int DGST = 11;
  public static final int MAXH2CDATA = 12;
  public static final int RESERVED = 16;

  public static final int HEADER_DIGEST = 0x01;
  public static final int DATA_DIGEST = 0x02;

  /** Largest alignment code: 32 dwords. */
  public static final int PDA_MAX = 31;

  private IcRespPdu() {}

  public static int pfv(ByteBuf buf, int at) {
    return buf.getUnsignedShortLE(at + PFV);
  }

  public static int cpda(ByteBuf buf, int at) {
    return buf.getUnsignedByte(at + CPDA);
  }

  public static int dgst(ByteBuf buf, int at) {
    return buf.getUnsignedByte(at + DGST);
  }

  public static long maxH2cData(ByteBuf buf, int at) {
    return buf.getUnsignedIntLE(at + MAXH2CDATA);
  }

  /** Writes all 128 bytes. */
  public static void write(ByteBuf buf, int at, int cpda, int dgst, int maxH2cData) {
    buf.setZero(at, LENGTH);
    CommonHeader.write(buf, at, PduType.IC_RESP, LENGTH, 0, LENGTH);
    buf.setByte(at + CPDA, cpda);
    buf.setByte(at + DGST, dgst);
    buf.setIntLE(at + MAXH2CDATA, maxH2cData);
  }
}
