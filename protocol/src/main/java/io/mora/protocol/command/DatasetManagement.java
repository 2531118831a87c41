package io.mora.protocol.command;

import io.netty.buffer.ByteBuf;

/**
 * Dataset Management and its ranges.
 *
 * <pre>
 *  40 CDW10 4   7:0 NR (0's based)
 *  44 CDW11 4   bit 0 IDR, bit 1 IDW, bit 2 AD (deallocate)
 *
 *  range, 16 bytes: 0 attributes 4, 4 NLB 4 (not 0's based), 8 SLBA 8
 * </pre>
 */
public final class DatasetManagement {
  public static final int RANGE_LENGTH = 16;
  public static final int RANGES_MAX = 256;

  public static final int RANGE_NLB = 4;
  public static final int RANGE_SLBA = 8;

  public static final int DEALLOCATE = 1 << 2;

  private DatasetManagement() {}

  public static int nr0(ByteBuf buf, int at) {
    return Sqe.cdw10(buf, at) & 0xFF;
  }

  public static boolean deallocate(ByteBuf buf, int at) {
    return (Sqe.cdw11(buf, at) & DEALLOCATE) != 0;
  }

  /** Unsigned count of blocks. */
  public static long rangeBlocks(ByteBuf data, int rangeAt) {
    return data.getUnsignedIntLE(rangeAt + RANGE_NLB);
  }

  /** Unsigned. */
  public static long rangeSlba(ByteBuf data, int rangeAt) {
    return data.getLongLE(rangeAt + RANGE_SLBA);
  }

  public static void writeRange(ByteBuf data, int rangeAt, long slba, int blocks) {
    data.setIntLE(rangeAt, 0);
    data.setIntLE(rangeAt + RANGE_NLB, blocks);
    data.setLongLE(rangeAt + RANGE_SLBA, slba);
  }
}
