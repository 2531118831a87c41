package io.mora.target.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * The last slow commands of a shard, with where their time went; the shard's thread only. What is
 * kept is bounded; a new one takes the place of the oldest.
 */
public final class SlowIos {
  /** Commands kept. */
  public static final int KEPT = 256;

  private static final int FIELDS = 16;

  private final long thresholdNs;
  private final long[] ring = new long[KEPT * FIELDS];
  private long count;

  public SlowIos(long thresholdNs) {
    this.thresholdNs = thresholdNs;
  }

  /** Keeps a command if it was slow, and tells a running flight recording. */
  public void offer(SampleSlot sample, int hostIndex, int qid) {
    if (sample.totalNs < thresholdNs) {
      return;
    }
    LateCause late = sample.late;
    int at = (int) (count++ % KEPT) * FIELDS;
    ring[at++] = System.currentTimeMillis();
    ring[at++] = hostIndex;
    ring[at++] = qid;
    ring[at++] = sample.nsid;
    ring[at++] = sample.opcode;
    ring[at++] = sample.bytes;
    ring[at++] = sample.effectiveClass;
    ring[at++] = sample.leaveNs;
    ring[at++] = sample.bufferNs;
    ring[at++] = sample.hostNs;
    ring[at++] = sample.scheduledNs;
    ring[at++] = sample.deviceNs;
    ring[at++] = sample.sendNs;
    ring[at++] = sample.totalNs;
    ring[at++] = sample.budgetNs;
    ring[at] = late == null ? -1 : late.index();
    SlowIoEvent.tell(sample, qid);
  }

  /** How many there were, those no longer kept included. */
  public long count() {
    return count;
  }

  /** Oldest first; on the shard's thread. */
  public List<SlowIo> snapshot() {
    List<SlowIo> list = new ArrayList<>();
    for (long i = Math.max(0, count - KEPT); i < count; i++) {
      int at = (int) (i % KEPT) * FIELDS;
      list.add(
          new SlowIo(
              ring[at],
              (int) ring[at + 1],
              (int) ring[at + 2],
              (int) ring[at + 3],
              (int) ring[at + 4],
              ring[at + 5],
              (int) ring[at + 6],
              ring[at + 7],
              ring[at + 8],
              ring[at + 9],
              ring[at + 10],
              ring[at + 11],
              ring[at + 12],
              ring[at + 13],
              ring[at + 14],
              (int) ring[at + 15]));
    }
    return list;
  }
}
