package io.mora.target.metrics;

import io.mora.protocol.command.NvmOpcode;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Stage times of one shard's I/O commands. The shard writes without waiting for anybody; readers
 * take intervals.
 */
public final class ShardStages implements StageRecorder {
  private static final long HIGHEST_NS = 60_000_000_000L;
  private static final int DIGITS = 2;

  private final SlowIos slow;
  private final AtomicLong wrongDigests = new AtomicLong();
  private final Stages reads = new Stages();
  private final Stages writes = new Stages();
  private final Stages others = new Stages();

  /**
   * @param slowNs commands that take at least this long are kept
   */
  public ShardStages(long slowNs) {
    this.slow = new SlowIos(slowNs);
  }

  @Override
  public SlowIos slow() {
    return slow;
  }

  @Override
  public void wrongDigest() {
    wrongDigests.setOpaque(wrongDigests.getPlain() + 1);
  }

  /** Data that came with a wrong digest; any thread. */
  public long wrongDigests() {
    return wrongDigests.getOpaque();
  }

  @Override
  public void record(int opcode, long queueNs, long deviceNs, long totalNs) {
    Stages stages =
        switch (opcode) {
          case NvmOpcode.READ -> reads;
          case NvmOpcode.WRITE -> writes;
          default -> others;
        };
    stages.queue.recordValue(clamp(queueNs));
    stages.device.recordValue(clamp(deviceNs));
    stages.total.recordValue(clamp(totalNs));
  }

  private static long clamp(long ns) {
    return Math.max(0, Math.min(ns, HIGHEST_NS));
  }

  public Stages reads() {
    return reads;
  }

  public Stages writes() {
    return writes;
  }

  public Stages others() {
    return others;
  }

  /** The stages of one kind of command, in nanoseconds. */
  public static final class Stages {
    private final SingleWriterRecorder queue = new SingleWriterRecorder(HIGHEST_NS, DIGITS);
    private final SingleWriterRecorder device = new SingleWriterRecorder(HIGHEST_NS, DIGITS);
    private final SingleWriterRecorder total = new SingleWriterRecorder(HIGHEST_NS, DIGITS);

    /** Adds what was recorded since the last call; one reader at a time. */
    public void drainTo(Histogram queueInto, Histogram deviceInto, Histogram totalInto) {
      queueInto.add(queue.getIntervalHistogram());
      deviceInto.add(device.getIntervalHistogram());
      totalInto.add(total.getIntervalHistogram());
    }
  }
}
