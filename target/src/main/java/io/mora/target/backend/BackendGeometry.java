package io.mora.target.backend;

import io.mora.protocol.status.Status;
import io.mora.target.backend.BackendOptions.Problem;

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

  /**
   * The same storage with another size.
   *
   * @throws Problem if that is no positive multiple of the block size
   */
  public BackendGeometry resized(long newSizeBytes) throws Problem {
    if (newSizeBytes <= 0 || newSizeBytes % blockSizeBytes != 0) {
      throw new Problem(
          "sizeBytes", newSizeBytes, "a positive multiple of blockSizeBytes " + blockSizeBytes);
    }
    return new BackendGeometry(
        newSizeBytes, blockSizeBytes, volatileWriteCache, deallocates, readOnly, optimalBlocks);
  }

  public long blocks() {
    return sizeBytes / blockSizeBytes;
  }

  /**
   * The status of a request this geometry rules out, or SUCCESS. The controller has checked it in
   * blocks; every backend checks again because beyond this line lie raw offsets.
   */
  public int refusal(IoRequest request) {
    int op = request.op;
    if (op < IoRequest.READ || op > IoRequest.DEALLOCATE) {
      return Status.INVALID_OPCODE | Status.DNR;
    }
    if (op == IoRequest.FLUSH) {
      return Status.SUCCESS;
    }
    if (readOnly && op != IoRequest.READ) {
      return Status.NAMESPACE_WRITE_PROTECTED;
    }
    long offset = request.offsetBytes;
    long length = request.lengthBytes;
    if (offset < 0 || length < 0 || length > sizeBytes || offset > sizeBytes - length) {
      return Status.LBA_OUT_OF_RANGE | Status.DNR;
    }
    if (((offset | length) & (blockSizeBytes - 1)) != 0) {
      return Status.INVALID_FIELD | Status.DNR;
    }
    if (op <= IoRequest.WRITE
        && (request.data == null || length > request.data.capacity() - request.dataAt)) {
      return Status.DATA_SGL_LENGTH_INVALID | Status.DNR;
    }
    return Status.SUCCESS;
  }
}
