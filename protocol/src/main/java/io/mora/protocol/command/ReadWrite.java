package io.mora.protocol.command;

import io.netty.buffer.ByteBuf;

/**
 * Read, Write, Compare, Write Zeroes, Verify, Write Uncorrectable.
 *
 * <pre>
 *  40 SLBA  8   first block
 *  48 CDW12 4   15:0 NLB (0's based), 19:16 CETYPE, 23:20 DTYPE, 24 STC, 25 DEAC (Write Zeroes),
 *               29:26 PRINFO, 30 FUA, 31 LR
 *  52 CDW13 4   3:0 access frequency, 5:4 access latency, 6 sequential, 7 incompressible
 * </pre>
 */
public final class ReadWrite {
  public static final int SLBA = 40;
  public static final int CDW12 = 48;
  public static final int CDW13 = 52;

  public static final int DEAC = 1 << 25;
  public static final int CETYPE_MASK = 0xF << 16;
  public static final int DTYPE_MASK = 0xF << 20;

  /** STC and PRINFO: what is to be checked or made of protection information. */
  public static final int PROTECTION_MASK = 1 << 24 | 0xF << 26;

  public static final int FUA = 1 << 30;
  public static final int LIMITED_RETRY = 1 << 31;

  /** Access frequency: reads are frequent, writes are not. */
  public static final int FREQUENCY_READS = 3;

  /** Access frequency: reads and writes are frequent. */
  public static final int FREQUENCY_BOTH = 5;

  /** Access frequency: read once. */
  public static final int FREQUENCY_ONCE = 6;

  /** Access frequency: a read nobody has asked for yet, as Linux marks its readahead. */
  public static final int FREQUENCY_SPECULATIVE = 7;

  /** Access frequency: will be overwritten soon. */
  public static final int FREQUENCY_OVERWRITTEN = 8;

  /** Access latency: a longer one is acceptable. */
  public static final int LATENCY_LONGER_OK = 1;

  /** Access latency: the smallest possible. */
  public static final int LATENCY_SMALLEST = 3;

  /** Most blocks one command can name. */
  public static final int BLOCKS_MAX = 65536;

  private ReadWrite() {}

  /** Unsigned 64 bits: compare with {@link Long#compareUnsigned}. */
  public static long slba(ByteBuf buf, int at) {
    return buf.getLongLE(at + SLBA);
  }

  public static int nlb0(ByteBuf buf, int at) {
    return buf.getUnsignedShortLE(at + CDW12);
  }

  public static int cdw12(ByteBuf buf, int at) {
    return buf.getIntLE(at + CDW12);
  }

  /** Bits 7:0 of CDW13: the dataset management hints. */
  public static int datasetHints(ByteBuf buf, int at) {
    return buf.getUnsignedByte(at + CDW13);
  }

  /** Access frequency of hints. */
  public static int accessFrequency(int hints) {
    return hints & 0xF;
  }

  /** Access latency of hints. */
  public static int accessLatency(int hints) {
    return hints >>> 4 & 3;
  }

  /** Writes SLBA, NLB (from a 1-based count) and the given CDW12 flags. */
  public static void write(ByteBuf buf, int at, long slba, int blocks, int flags) {
    buf.setLongLE(at + SLBA, slba);
    buf.setIntLE(at + CDW12, ((blocks - 1) & 0xFFFF) | (flags & 0xFFFF0000));
  }
}
