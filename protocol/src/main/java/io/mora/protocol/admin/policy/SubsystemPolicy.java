package io.mora.protocol.admin.policy;

import io.mora.protocol.admin.storage.PoolSpec;
import io.mora.protocol.intent.LatencyClass;
import java.util.List;

/**
 * How commands of a subsystem are served.
 *
 * @param latencyMode for namespaces that have none of their own
 * @param queueClasses base classes by QID, for hosts that put kinds of I/O on queues of their own
 * @param pool where hosts may make namespaces
 */
public record SubsystemPolicy(
    LatencyModeSpec latencyMode, List<QueueClass> queueClasses, PoolSpec pool) {
  public static final SubsystemPolicy DEFAULT =
      new SubsystemPolicy(LatencyModeSpec.AUTO, List.of());

  /** Most ranges of QIDs. */
  public static final int QUEUE_CLASSES_MAX = 64;

  public SubsystemPolicy {
    queueClasses = List.copyOf(queueClasses);
  }

  /** Without a pool. */
  public SubsystemPolicy(LatencyModeSpec latencyMode, List<QueueClass> queueClasses) {
    this(latencyMode, queueClasses, PoolSpec.NONE);
  }

  public SubsystemPolicy withPool(PoolSpec newPool) {
    return new SubsystemPolicy(latencyMode, queueClasses, newPool);
  }

  /** Base class of a queue's commands; DEFAULT when nothing is said about it. */
  public LatencyClass classOf(int qid) {
    for (QueueClass range : queueClasses) {
      if (range.firstQid <= qid && qid <= range.lastQid) {
        return range.latencyClass;
      }
    }
    return LatencyClass.DEFAULT;
  }

  /** A range of QIDs, both ends included. */
  public record QueueClass(int firstQid, int lastQid, LatencyClass latencyClass) {
    /** As {@code 1-4 critical}, or {@code 1 critical} for one queue. */
    @Override
    public String toString() {
      String range = firstQid == lastQid ? "" + firstQid : firstQid + "-" + lastQid;
      return range + " " + latencyClass.word();
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException if it has another form
     */
    public static QueueClass parse(String text) {
      String[] parts = text.strip().split("[ -]+", -1);
      try {
        int first = Integer.parseInt(parts[0]);
        int last = parts.length == 3 ? Integer.parseInt(parts[1]) : first;
        if (parts.length == 2 || parts.length == 3) {
          return new QueueClass(first, last, LatencyClass.parse(parts[parts.length - 1]));
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("not QIDs and a class, as 1-4 critical", e);
      }
      throw new IllegalArgumentException("not QIDs and a class, as 1-4 critical");
    }
  }
}
