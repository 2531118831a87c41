package io.mora.target.controller.nvm;

import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.intent.Timing;
import io.mora.protocol.status.Status;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.metrics.QueueCounts;
import io.mora.target.metrics.SampleSlot;
import io.mora.target.metrics.SlowIos;
import io.mora.target.subsystem.KnownHost;
import org.jspecify.annotations.Nullable;

/** Counts a queue pair's commands when their replies have left. Its shard's thread only. */
final class IntentRecorder {
  private static final long NS_PER_US = 1_000;

  private final QueueCounts counts;
  private final KnownHost host;
  private final @Nullable SlowIos slow;
  private final SampleSlot sample = new SampleSlot();

  IntentRecorder(int qid, KnownHost host, @Nullable SlowIos slow) {
    this.counts = new QueueCounts(qid);
    this.host = host;
    this.slow = slow;
  }

  QueueCounts counts() {
    return counts;
  }

  /** A reply has been handed to the socket. */
  void sent(CommandSlot slot, long nowNs) {
    if (slot.opcode() == IntentFeature.HASTEN) {
      return; // It moves nothing: the read that it hastened counts.
    }
    boolean expired = Status.code(slot.status) == Status.INTENT_EXPIRED;
    if (Status.code(slot.status) == Status.INTENT_CANNOT_MEET) {
      counts.refused(slot.nsid(), slot.ioClass);
      return;
    }
    boolean ran = Status.isSuccess(slot.status) || Status.sct(slot.status) == Status.MEDIA;
    if (!ran && !expired) {
      return;
    }
    fill(slot, nowNs, expired);
    sample.judge();
    counts.record(sample);
    if (slow != null) {
      slow.offer(sample, host.index(), counts.qid());
    }
  }

  private void fill(CommandSlot slot, long nowNs, boolean expired) {
    sample.nsid = slot.nsid();
    sample.opcode = slot.opcode();
    sample.bytes = slot.dataLength;
    sample.effectiveClass = slot.ioClass;
    sample.record = slot.hasIntent ? slot.ioClass : 0;
    sample.deferred = slot.wasDeferred();
    sample.downgraded = (slot.intentFlags & Timing.DOWNGRADED) != 0;
    sample.throttled = slot.throttled;
    sample.expired = expired;
    sample.step = slot.stepCritical;
    sample.cacheHit = slot.cacheHit;
    sample.registrationHit = slot.registration != 0;
    sample.registrationStale = slot.registrationStale;
    sample.flow = slot.flow;
    times(slot, nowNs);
  }

  private void times(CommandSlot slot, long nowNs) {
    long received = slot.receivedNs;
    boolean atDevice = slot.issuedNs != 0;
    long asked = slot.waitDataNs != 0 ? slot.waitDataNs : slot.queuedNs;
    long ready = asked == 0 ? received : asked;
    long leave = slot.leaveNs == 0 ? received : slot.leaveNs;
    sample.leaveNs = leave - received;
    sample.bufferNs = Math.max(0, ready - leave);
    sample.hostNs = slot.hostWaitNs();
    sample.scheduledNs = atDevice ? slot.issuedNs - slot.queuedNs : 0;
    sample.deviceNs = atDevice ? slot.deviceDoneNs - slot.issuedNs : 0;
    sample.queueNs = atDevice ? slot.issuedNs - received : 0;
    sample.sendNs = nowNs - (atDevice ? slot.deviceDoneNs : received);
    sample.totalNs = nowNs - received;
    sample.budgetNs = slot.budgetUs * NS_PER_US;
  }
}
