package io.mora.target.subsystem;

import io.mora.protocol.admin.LimitsSpec;
import io.mora.target.shard.BufferPool;
import io.mora.target.shard.HostBuffers;
import io.mora.target.shard.Shard;

/**
 * What one host may hold of one shard's memory; that shard's thread only.
 *
 * @param io for I/O commands, but for {@code writes}
 * @param writes for writes that have to ask for leave to ask for their data: promised before they
 *     do, so that none waits for its host's memory with leave that others could have
 * @param admin for admin commands, so that they do not wait for I/O
 * @param capsules for data that comes in the capsules of I/O commands
 */
public record HostMemory(
    HostBuffers io, HostBuffers writes, HostBuffers admin, HostBuffers capsules) {
  /** One part in so many of a host's is for its admin commands. */
  private static final int ADMIN_PART = 8;

  /** One part in so many of the rest is for writes that ask for leave. */
  private static final int WRITES_PART = 4;

  /**
   * Of a shard's two pools the same part.
   *
   * @param limitBytes of both together; {@link LimitsSpec#OFF}, and as much as there is, are no
   *     bound
   * @param largestBytes what the largest command wants
   */
  public static HostMemory of(Shard shard, long limitBytes, int largestBytes) {
    BufferPool buffers = shard.buffers();
    BufferPool capsules = shard.capsuleBuffers();
    long all = buffers.limitBytes() + capsules.limitBytes();
    if (limitBytes == LimitsSpec.OFF || limitBytes >= all) {
      return unbounded(shard);
    }
    double part = (double) limitBytes / all;
    long commands = (long) (part * buffers.limitBytes());
    long admin = commands / ADMIN_PART;
    long writes = (commands - admin) / WRITES_PART;
    return new HostMemory(
        new HostBuffers(buffers, commands - admin - writes, largestBytes),
        new HostBuffers(buffers, writes, largestBytes),
        new HostBuffers(buffers, admin, largestBytes),
        new HostBuffers(capsules, (long) (part * capsules.limitBytes()), largestBytes));
  }

  /** Of a host without a bound. */
  public static HostMemory unbounded(Shard shard) {
    HostBuffers commands = HostBuffers.unbounded(shard.buffers());
    return new HostMemory(
        commands, commands, commands, HostBuffers.unbounded(shard.capsuleBuffers()));
  }
}
