package io.mora.target.controller.nvm;

/**
 * What one Copy may name; Identify Namespace tells it (MSRC, MSSRL, MCL). More is refused with
 * Command Size Limit Exceeded. A copy passes through the target's memory, so these bound how long
 * one command lasts, not what it takes.
 */
public final class CopyLimits {
  /** Source ranges. */
  public static final int RANGES_MAX = 128;

  private static final long RANGE_BYTES = 16L << 20;
  private static final long TOTAL_BYTES = 64L << 20;
  private static final int MSSRL_MAX = 0xFFFF;

  private CopyLimits() {}

  /** Blocks of one source range. */
  public static int rangeBlocks(int blockShift) {
    return (int) Math.min(MSSRL_MAX, RANGE_BYTES >>> blockShift);
  }

  /** Blocks of all of them. */
  public static int totalBlocks(int blockShift) {
    return (int) (TOTAL_BYTES >>> blockShift);
  }
}
