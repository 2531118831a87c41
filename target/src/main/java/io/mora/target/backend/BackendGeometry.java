package io.mora.target.backend;

/**
 * What a backend tells about itself; Identify is derived from it, so it must be true.
 *
 * @param sizeBytes capacity; a multiple of blockSizeBytes
 * @param blockSizeBytes logical block the namespace serves: 512 or 4096
 * @param volatileWriteCache completed writes may be lost with power until FLUSH or FUA
 * @param deallocates DEALLOCATE returns space and the blocks read as zeroes afterwards
 * @param readOnly writes are refused
 * @param optimalBlocks preferred granularity and alignment of writes, in blocks; at least 1
 */
public record BackendGeometry(
    long sizeBytes,
    int blockSizeBytes,
    boolean volatileWriteCache,
    boolean deallocates,
    boolean readOnly,
    int optimalBlocks) {

  public BackendGeometry {
    if (blockSizeBytes != 512 && blockSizeBytes != 4096) {
      throw new IllegalArgumentException("blockSizeBytes " + blockSizeBytes + ": 512 or 4096");
    }
    if (sizeBytes <= 0 || sizeBytes % blockSizeBytes != 0) {
      throw new IllegalArgumentException(
          "sizeBytes " + sizeBytes + ": a positive multiple of " + blockSizeBytes);
    }
    if (optimalBlocks < 1) {
      throw new IllegalArgumentException("optimalBlocks " + optimalBlocks + ": at least 1");
    }
  }

  public long blocks() {
    return sizeBytes / blockSizeBytes;
  }
}
