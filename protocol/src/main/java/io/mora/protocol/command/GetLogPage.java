package io.mora.protocol.command;

import io.netty.buffer.ByteBuf;

/**
 * Get Log Page.
 *
 * <pre>
 *  40 CDW10 4   7:0 LID, 14:8 LSP, 15 RAE, 31:16 NUMDL
 *  44 CDW11 4   15:0 NUMDU, 31:16 LSI
 *  48 LPO   8   offset in bytes, a multiple of 4
 *  56 CDW14 4   6:0 UUID index, 23 OT, 31:24 CSI
 * </pre>
 */
public final class GetLogPage {
  public static final int LPO = 48;

  public static final int RAE = 1 << 15;

  private GetLogPage() {}

  public static int lid(ByteBuf buf, int at) {
    return Sqe.cdw10(buf, at) & 0xFF;
  }

  public static int lsp(ByteBuf buf, int at) {
    return Sqe.cdw10(buf, at) >>> 8 & 0x7F;
  }

  /** Retain asynchronous event: reading does not acknowledge. */
  public static boolean rae(ByteBuf buf, int at) {
    return (Sqe.cdw10(buf, at) & RAE) != 0;
  }

  /** Bytes asked for: (NUMD + 1) * 4, up to 16 GiB. */
  public static long lengthBytes(ByteBuf buf, int at) {
    long numd0 = Sqe.cdw10(buf, at) >>> 16 | (Sqe.cdw11(buf, at) & 0xFFFFL) << 16;
    return (numd0 + 1) * 4;
  }

  public static int lsi(ByteBuf buf, int at) {
    return Sqe.cdw11(buf, at) >>> 16;
  }

  /** Unsigned. */
  public static long offset(ByteBuf buf, int at) {
    return buf.getLongLE(at + LPO);
  }

  /** Writes LID, LSP and RAE, the length in dwords and the offset. */
  public static void write(ByteBuf buf, int at, int lidLspRae, int lengthBytes, long offset) {
    int numd0 = lengthBytes / 4 - 1;
    Sqe.setDword(buf, at, Sqe.CDW10, (lidLspRae & 0xFFFF) | numd0 << 16);
    Sqe.setDword(buf, at, Sqe.CDW11, numd0 >>> 16);
    buf.setLongLE(at + LPO, offset);
  }
}
