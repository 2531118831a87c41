package io.mora.initiator.signals;

import io.mora.initiator.control.AdminQueue;
import io.mora.initiator.io.RawCommand;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.intent.HostFeedback;
import io.mora.protocol.intent.HostFeedback.Field;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.intent.LatencyBuckets;
import io.mora.protocol.intent.LatencyClass;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells the target this host's half (feature E3h): one class each time {@link #send} is called,
 * those with new samples in turn. On the home loop, but for {@link #sent}.
 */
public final class FeedbackSender {
  private static final int MEDIAN = 500_000;
  private static final int P99 = 990_000;
  private static final long U32_MAX = 0xFFFF_FFFFL;

  private final AdminQueue admin;
  private final SignalTotals totals;
  private final ClassSum[] told = new ClassSum[LatencyClass.COUNT];
  private final long[] toldMs = new long[LatencyClass.COUNT];
  private final long startMs = System.nanoTime() / 1_000_000;
  private int next;
  private long sequence;
  private long churnTold;
  private boolean underWay;
  private final AtomicLong sent = new AtomicLong();

  public FeedbackSender(AdminQueue admin, SignalTotals totals) {
    this.admin = admin;
    this.totals = totals;
    for (int i = 0; i < told.length; i++) {
      told[i] = new ClassSum();
      toldMs[i] = startMs;
    }
  }

  /** Reports the target took. */
  public long sent() {
    return sent.get();
  }

  /**
   * Sends one report if there is something new and none is under way.
   *
   * @param churn registrations added, removed and stale since the beginning
   */
  public void send(long churn) {
    if (underWay) {
      return;
    }
    ClassSum[] now = totals.sums();
    for (int i = 0; i < now.length; i++) {
      int latencyClass = next;
      next = (next + 1) % now.length;
      ClassSum fresh = now[latencyClass].since(told[latencyClass]);
      if (fresh.counts[ClassCounters.COMMANDS] > 0) {
        send(latencyClass, now[latencyClass], fresh, churn);
        return;
      }
    }
  }

  private void send(int latencyClass, ClassSum now, ClassSum fresh, long churn) {
    long nowMs = System.nanoTime() / 1_000_000;
    long interval = nowMs - toldMs[latencyClass];
    HostFeedback feedback = report(latencyClass, fresh, interval, churn - churnTold);
    ByteBuf data = Unpooled.buffer(HostFeedback.LENGTH, HostFeedback.LENGTH);
    feedback.encode(data, 0);
    RawCommand command =
        new RawCommand(AdminOpcode.SET_FEATURES, 0)
            .dword(Sqe.CDW10, IntentFeature.FEEDBACK)
            .send(data.nioBuffer(0, HostFeedback.LENGTH));
    underWay = true;
    admin
        .submit(command)
        .whenComplete(
            (done, failure) -> {
              underWay = false;
              if (failure == null) { // What the target did not take is told again with the next.
                told[latencyClass] = now;
                toldMs[latencyClass] = nowMs;
                churnTold = churn;
                sent.incrementAndGet();
              }
            });
  }

  private HostFeedback report(int latencyClass, ClassSum fresh, long intervalMs, long churn) {
    return HostFeedback.builder()
        .set(Field.SEQ, sequence++ & U32_MAX)
        .set(Field.INTERVAL_MS, u32(intervalMs))
        .set(Field.CLASS, latencyClass)
        .set(Field.SAMPLES, u32(fresh.counts[ClassCounters.COMMANDS]))
        .set(Field.USEFUL_P50_NS, u32(LatencyBuckets.quantileNs(fresh.useful, MEDIAN)))
        .set(Field.USEFUL_P99_NS, u32(LatencyBuckets.quantileNs(fresh.useful, P99)))
        .set(Field.DEFERRED, u32(fresh.counts[ClassCounters.DEFERRED]))
        .set(Field.LOCALITY_MISSES, u32(fresh.counts[ClassCounters.ELSEWHERE]))
        .set(Field.REGISTRATION_CHURN, u32(churn))
        .set(Field.READY_P50_NS, u32(LatencyBuckets.quantileNs(fresh.ready, MEDIAN)))
        .set(Field.READY_P99_NS, u32(LatencyBuckets.quantileNs(fresh.ready, P99)))
        .build();
  }

  private static long u32(long value) {
    return Math.max(0, Math.min(U32_MAX, value));
  }
}
