package io.mora.cli.load;

import io.mora.cli.CliException;
import io.mora.initiator.RemoteNamespace;

/**
 * What a load does to each queue.
 *
 * @param blockBytes bytes of one I/O
 * @param readPercent 0 writes only, 100 reads only
 * @param sequential one after the other instead of at random
 * @param depth I/Os of one queue under way at most
 * @param ratePerSecond I/Os of all queues together that are meant to start each second, at regular
 *     intervals whatever becomes of those before (open loop); 0 starts one when one ends (closed)
 * @param region where it happens
 * @param verify every block written is stamped, and checked when read
 * @param seed of every random choice
 */
public record Workload(
    int blockBytes,
    int readPercent,
    boolean sequential,
    int depth,
    double ratePerSecond,
    Region region,
    boolean verify,
    long seed) {

  /** Bytes of a namespace, in I/Os. */
  public record Region(long offsetBytes, long lengthBytes) {}

  public boolean openLoop() {
    return ratePerSecond > 0;
  }

  /** I/Os that fit the region: index 0 to this. */
  public long indices() {
    return region.lengthBytes() / blockBytes;
  }

  Workload withSweep(boolean reads) {
    return new Workload(blockBytes, reads ? 100 : 0, true, depth, 0, region, verify, seed);
  }

  /**
   * Checks it against a namespace.
   *
   * @throws CliException naming the option, the value and what is allowed
   */
  public void requireFits(RemoteNamespace namespace) {
    int block = namespace.blockBytes();
    if (blockBytes % block != 0) {
      throw CliException.usage(
          "--block-size=" + blockBytes + ": a multiple of the namespace's blocks, " + block);
    }
    if (region.offsetBytes() % block != 0) {
      throw CliException.usage(
          "--offset=" + region.offsetBytes() + ": a multiple of the namespace's blocks, " + block);
    }
    if (region.offsetBytes() + region.lengthBytes() > namespace.sizeBytes()) {
      throw CliException.usage(
          "--offset and --region end at "
              + (region.offsetBytes() + region.lengthBytes())
              + ": the namespace has "
              + namespace.sizeBytes()
              + " bytes");
    }
    if (indices() < 1) {
      throw CliException.usage(
          "--region=" + region.lengthBytes() + ": at least one I/O of " + blockBytes + " bytes");
    }
  }
}
