package io.mora.cli.floor;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads of a file, as a load does them.
 *
 * @param depth reads under way
 * @param blockBytes of one read
 * @param sequential one after the other instead of at random places
 * @param firstByte where the region begins
 * @param count blocks of the region
 * @param seed of the random places
 */
public record FileReads(
    int depth, int blockBytes, boolean sequential, long firstByte, long count, long seed) {
  private static final int KIND_MASK = 0xF000;
  private static final int REGULAR = 0x8000;
  private static final int BLOCK_DEVICE = 0x6000;

  /** What O_DIRECT asks for on any storage, at least. */
  private static final int UNIT_BYTES = 512;

  /**
   * Checks that a file can be read so.
   *
   * @throws IOException with what is wrong and what is needed
   */
  public void requireFits(Path path) throws IOException {
    int kind;
    try {
      kind = (int) Files.getAttribute(path, "unix:mode") & KIND_MASK;
    } catch (NoSuchFileException e) {
      throw new IOException(path + ": no such file", e);
    }
    if (kind != REGULAR && kind != BLOCK_DEVICE) {
      throw new IOException(path + ": neither a regular file nor a block device");
    }
    if (blockBytes % UNIT_BYTES != 0 || firstByte % UNIT_BYTES != 0) {
      throw new IOException(
          path
              + ": reads of "
              + blockBytes
              + " bytes from byte "
              + firstByte
              + ": past the page cache both are multiples of "
              + UNIT_BYTES);
    }
    long needed = firstByte + count * blockBytes;
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      if (file.size() < needed) {
        throw new IOException(
            path + ": " + file.size() + " bytes, the load's region ends at " + needed);
      }
    }
  }
}
