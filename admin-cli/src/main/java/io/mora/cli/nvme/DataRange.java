package io.mora.cli.nvme;

import io.mora.cli.CliException;
import io.mora.cli.output.Figures;
import io.mora.initiator.RemoteNamespace;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a namespace, which are whole blocks.
 *
 * @param offsetBytes first byte, a multiple of the block
 * @param lengthBytes how many, a multiple of the block
 */
record DataRange(long offsetBytes, long lengthBytes) {
  /**
   * The range asked for, checked.
   *
   * @param length null for all from the offset to the end
   * @throws CliException saying which multiples and how much there is
   */
  static DataRange of(RemoteNamespace namespace, long offset, @Nullable Long length) {
    long size = namespace.sizeBytes();
    int block = namespace.blockBytes();
    requireMultiple("--offset", offset, block);
    if (offset > size || (offset == size && size > 0 && length == null)) {
      throw CliException.usage(
          "--offset=" + offset + ": the namespace has " + size + " bytes (" + name(size) + ")");
    }
    long bytes = length == null ? size - offset : length;
    requireMultiple("--length", bytes, block);
    if (bytes > size - offset) {
      throw CliException.usage(
          "--length=" + bytes + ": " + (size - offset) + " bytes follow offset " + offset);
    }
    return new DataRange(offset, bytes);
  }

  private static void requireMultiple(String option, long value, int block) {
    if (value % block != 0) {
      long below = value - value % block;
      throw CliException.usage(
          option
              + "="
              + value
              + ": the namespace has blocks of "
              + block
              + " bytes, so a multiple of that, such as "
              + below
              + " or "
              + (below + block));
    }
  }

  private static String name(long size) {
    return Figures.bytes(size);
  }
}
