package io.mora.target.subsystem;

import io.mora.protocol.intent.LatencyClass;
import io.mora.qos.IoClass;
import io.mora.qos.mode.LatencyMode;
import io.mora.qos.mode.LatencySlo;
import io.mora.qos.mode.LatencyWindow;
import java.util.function.IntToLongFunction;

/** A latency mode that came into force on a namespace, and each shard's record of it. */
final class ModeInForce {
  /** What a mode is held to: 99 of 100 critical commands within their default budget. */
  private static final LatencySlo PROMISE =
      new LatencySlo(
          IoClass.CRITICAL,
          LatencyClass.defaultBudgetUs(IoClass.CRITICAL) * 1000L,
          100,
          10_000_000_000L);

  private final LatencyMode mode;
  private final LatencyWindow[] records;

  /**
   * @param heldNs reads for how long a shard ever held work back; any thread
   */
  ModeInForce(LatencyMode mode, int shards, IntToLongFunction heldNs, long nowNs) {
    this.mode = mode;
    records = new LatencyWindow[shards];
    for (int i = 0; i < shards; i++) {
      int shard = i;
      records[i] = new LatencyWindow(mode, PROMISE, () -> heldNs.applyAsLong(shard), nowNs);
    }
  }

  LatencyMode mode() {
    return mode;
  }

  /** A shard's record, which that shard writes. */
  LatencyWindow record(int shardIndex) {
    return records[shardIndex];
  }

  /** All shards together; any thread. */
  LatencyWindow.Report report(long nowNs) {
    LatencyWindow.Report sum = records[0].report(nowNs);
    for (int i = 1; i < records.length; i++) {
      sum = sum.plus(records[i].report(nowNs));
    }
    return sum;
  }
}
