package io.mora.target.metrics;

import io.mora.protocol.intent.ClassLogPage;
import org.jspecify.annotations.Nullable;

/**
 * Counts of one queue pair by namespace and class, and its flows. Written by its shard's thread.
 */
public final class QueueCounts {
  /** Namespaces counted each for itself; those that come later are counted together. */
  public static final int NAMESPACES_MAX = 16;

  private final int qid;
  private final int[] nsids = new int[NAMESPACES_MAX];
  private final @Nullable ClassCounts[] byNamespace = new ClassCounts[NAMESPACES_MAX];
  private final ClassCounts others = new ClassCounts();
  private volatile int known;
  private volatile @Nullable FlowTable flows;

  public QueueCounts(int qid) {
    this.qid = qid;
  }

  public int qid() {
    return qid;
  }

  /** Counts a command whose reply has left. */
  public void record(SampleSlot sample) {
    ClassCounts counts = of(sample.nsid);
    int at = sample.record;
    counts.add(at, ClassCounts.COMMANDS, 1);
    counts.add(at, ClassCounts.BYTES, sample.bytes);
    LateCause late = sample.late;
    counts.ran(sample.effectiveClass, sample.totalNs, late == null ? -1 : late.index());
    counts.time(at, ClassLogPage.TOTAL, sample.totalNs);
    counts.time(at, ClassLogPage.SEND, sample.sendNs);
    if (sample.deviceNs > 0) {
      counts.time(at, ClassLogPage.QUEUE_WAIT, sample.queueNs);
      counts.time(at, ClassLogPage.DEVICE, sample.deviceNs);
    }
    if (late != null) {
      counts.add(at, ClassCounts.MISSES, 1);
    }
    if (sample.step) {
      counts.add(at, ClassCounts.STEP, 1);
      counts.add(at, ClassCounts.STEP_MISSES, late == null ? 0 : 1);
    }
    flags(counts, at, sample);
    if (sample.flow != 0) {
      flow(sample);
    }
  }

  /** Counts a read that was refused because it could not meet its budget. */
  public void refused(int nsid, int record) {
    of(nsid).add(record, ClassCounts.REFUSED, 1);
  }

  private static void flags(ClassCounts counts, int at, SampleSlot sample) {
    if (sample.deferred) {
      counts.add(at, ClassCounts.DEFERRED, 1);
    }
    if (sample.downgraded) {
      counts.add(at, ClassCounts.DOWNGRADED, 1);
    }
    if (sample.throttled) {
      counts.add(at, ClassCounts.THROTTLED, 1);
    }
    if (sample.expired) {
      counts.add(at, ClassCounts.EXPIRED, 1);
    }
    if (sample.cacheHit) {
      counts.add(at, ClassCounts.CACHE_HITS, 1);
    }
    if (sample.registrationHit) {
      counts.add(at, ClassCounts.REGISTRATION_HITS, 1);
    } else if (sample.registrationStale) {
      counts.add(at, ClassCounts.REGISTRATION_STALE, 1);
    }
  }

  private void flow(SampleSlot sample) {
    FlowTable table = flows;
    if (table == null) {
      table = new FlowTable();
      flows = table;
    }
    table.record(sample.flow, sample.record, sample.totalNs, sample.late != null);
  }

  private ClassCounts of(int nsid) {
    int count = known;
    for (int i = 0; i < count; i++) {
      ClassCounts counts = byNamespace[i];
      if (nsids[i] == nsid && counts != null) {
        return counts;
      }
    }
    if (count == NAMESPACES_MAX) {
      return others;
    }
    ClassCounts added = new ClassCounts();
    nsids[count] = nsid;
    byNamespace[count] = added;
    known = count + 1;
    return added;
  }

  /**
   * Adds what there is to a reader's sums; any thread.
   *
   * @param nsid 0 for all namespaces
   */
  public void addTo(ClassSums sums, int nsid) {
    int count = known;
    for (int i = 0; i < count; i++) {
      ClassCounts counts = byNamespace[i];
      if (counts != null && (nsid == 0 || nsids[i] == nsid)) {
        counts.addTo(sums);
      }
    }
    if (nsid == 0) {
      addUnnamedTo(sums);
    }
  }

  /** Adds what was not counted for one namespace; any thread. */
  public void addUnnamedTo(ClassSums sums) {
    others.addTo(sums);
  }

  /** Namespaces counted each for itself; any thread. */
  public int[] namespaces() {
    int[] copy = new int[known];
    System.arraycopy(nsids, 0, copy, 0, copy.length);
    return copy;
  }

  /** Its flows, null when no command named one; any thread. */
  public @Nullable FlowTable flows() {
    return flows;
  }
}
