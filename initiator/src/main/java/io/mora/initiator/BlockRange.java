package io.mora.initiator;

/**
 * Blocks of a namespace.
 *
 * @param slba first block
 * @param blocks how many, 1 to 2^32 - 1
 */
public record BlockRange(long slba, long blocks) {
  public BlockRange {
    if (slba < 0 || blocks < 1 || blocks > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException("blocks " + slba + " + " + blocks);
    }
  }
}
