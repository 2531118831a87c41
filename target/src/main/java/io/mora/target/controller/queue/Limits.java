package io.mora.target.controller.queue;

import io.mora.protocol.admin.LimitsSpec;

/**
 * Bounds of every controller; each is told to the host where the protocol has a field for it.
 *
 * @param ioQueuesMax I/O queues granted to a controller (Set Features 07h)
 * @param queueDepthMax entries of a queue (CAP.MQES + 1)
 * @param inCapsuleBytes data an I/O command may bring in its capsule (IOCCSZ)
 * @param maxTransferBytes data of one command (MDTS), a power of two of 4 KiB
 * @param maxH2cDataBytes data in one H2CData (MAXH2CDATA)
 * @param r2tMaxBytes data asked for by one R2T
 * @param queueBufferBytes buffers one queue pair may hold; further commands wait in order
 * @param hostMemoryBytes buffers of a shard that one host may hold; 0 is no bound
 * @param controllersMax controllers of a subsystem; one more Connect is answered "busy"
 */
public record Limits(
    int ioQueuesMax,
    int queueDepthMax,
    int inCapsuleBytes,
    int maxTransferBytes,
    int maxH2cDataBytes,
    int r2tMaxBytes,
    long queueBufferBytes,
    long hostMemoryBytes,
    int controllersMax) {
  /** Buffers one queue pair may hold: enough for a few of the largest commands. */
  private static final long QUEUE_BUFFER_BYTES = 16L << 20;

  private static final int CONTROLLERS_MAX = 1024;

  /** The bounds that a configuration leaves open, too. */
  public static Limits of(LimitsSpec spec) {
    return new Limits(
        spec.ioQueuesPerController(),
        spec.queueDepth(),
        spec.transfer().inCapsuleBytes(),
        spec.transfer().commandBytes(),
        spec.transfer().h2cDataBytes(),
        spec.transfer().commandBytes(),
        Math.max(QUEUE_BUFFER_BYTES, 2L * spec.transfer().commandBytes()),
        spec.hostMemoryBytes(),
        CONTROLLERS_MAX);
  }

  /** MDTS field: log2 of the transfer limit in units of 4 KiB. */
  public int mdts() {
    return Integer.numberOfTrailingZeros(maxTransferBytes) - 12;
  }
}
