package io.mora.protocol.command;

import io.netty.buffer.ByteBuf;

/**
 * Copy and its source ranges, format 0.
 *
 * <pre>
 *  40 SDLBA 8   first block of the destination
 *  48 CDW12 4   7:0 NR (0's based), 11:8 descriptor format, 15:12 and 29:26 PRINFO, 30 FUA
 *
 *  source range, 32 bytes: 8 SLBA 8, 16 NLB 2 (0's based)
 * </pre>
 */
public final class Copy {
  public static final int RANGE_LENGTH = 32;

  public static final int PRINFO_MASK = 0xF << 12 | 0xF << 26;

  private static final int RANGE_SLBA = 8;
  private static final int RANGE_NLB0 = 16;

  private Copy() {}

  public static int nr0(ByteBuf buf, int at) {
    return ReadWrite.cdw12(buf, at) & 0xFF;
  }

  public static int format(ByteBuf buf, int at) {
    return ReadWrite.cdw12(buf, at) >>> 8 & 0xF;
  }

  /** Unsigned. */
  public static long destination(ByteBuf buf, int at) {
    return ReadWrite.slba(buf, at);
  }

  /** Unsigned. */
  public static long rangeSlba(ByteBuf data, int rangeAt) {
    return data.getLongLE(rangeAt + RANGE_SLBA);
  }

  public static int rangeBlocks(ByteBuf data, int rangeAt) {
    return data.getUnsignedShortLE(rangeAt + RANGE_NLB0) + 1;
  }
}
