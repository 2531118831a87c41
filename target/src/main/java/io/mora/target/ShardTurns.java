package io.mora.target;

import io.mora.protocol.admin.policy.QosSpec;
import io.mora.qos.ArrivalOrder;
import io.mora.qos.ClassScheduler;
import io.mora.qos.SchedulerOptions;
import io.mora.target.metrics.StageRecorder;
import io.mora.target.shard.Admission;
import io.mora.target.shard.Shard;
import io.mora.target.shard.ShardTurn;
import java.util.concurrent.TimeUnit;

/** Makes the turn of a shard as the configuration wants its I/O ordered. */
final class ShardTurns {
  /** Commands a shard hands to its devices at once; more wait in its scheduler. */
  static final int DEVICE_WINDOW = 1024;

  /** Data of writes a shard has asked its hosts for and not yet written. */
  static final long ADMISSION_BYTES = 4L << 20;

  private ShardTurns() {}

  static ShardTurn of(Shard shard, QosSpec qos, StageRecorder recorder) {
    if (qos.policy() == QosSpec.Policy.ARRIVAL) {
      return new ShardTurn(shard, new ArrivalOrder(DEVICE_WINDOW), recorder);
    }
    // More than half of the buffers must not be asked for: reads need some too.
    long window = Math.min(ADMISSION_BYTES, shard.buffers().limitBytes() / 2);
    Admission admission =
        new Admission(
            admission(qos),
            window,
            afterNs -> shard.loop().eventLoop().schedule(() -> {}, afterNs, TimeUnit.NANOSECONDS),
            System.nanoTime());
    return new ShardTurn(shard, new ClassScheduler(devices(qos)), admission, recorder);
  }

  private static SchedulerOptions devices(QosSpec qos) {
    SchedulerOptions base = SchedulerOptions.DEVICES;
    return new SchedulerOptions(
        DEVICE_WINDOW,
        base.lineInFlightMax(),
        base.weights(),
        qos.minimumPercent(),
        Math.min(base.backgroundMinimumPercent(), qos.minimumPercent()),
        base.waiting());
  }

  private static SchedulerOptions admission(QosSpec qos) {
    SchedulerOptions base = SchedulerOptions.ADMISSION;
    return new SchedulerOptions(
        base.inFlightMax(),
        base.lineInFlightMax(),
        base.weights(),
        base.minimumPercent(),
        base.backgroundMinimumPercent(),
        new SchedulerOptions.Wait(qos.admissionWait().toNanos(), 1, true));
  }
}
