package io.mora.initiator.signals;

import io.mora.initiator.region.RegionSignals;
import java.util.List;

/**
 * What was measured of an association since it began. Immutable.
 *
 * @param classes index is the class; 0 holds commands without intent
 * @param queues each I/O queue's place
 * @param regions registrations
 * @param aborts cancelled commands at the controller
 * @param localityRepairs times a queue that ran on the wrong CPU was put back, or the choice of
 *     queues followed it
 * @param feedbackSent reports of this host that the target took (feature E3h)
 */
public record AssociationSignals(
    List<ClassSignals> classes,
    List<QueuePlace> queues,
    RegionSignals regions,
    Aborts aborts,
    long localityRepairs,
    long feedbackSent) {
  public AssociationSignals {
    classes = List.copyOf(classes);
    queues = List.copyOf(queues);
  }

  /**
   * Where a queue runs.
   *
   * @param pinnedCpu CPU its loop was pinned to, or -1
   * @param drainCpu CPU that last read from its socket, or -1
   * @param incomingCpu CPU that last took its packets from the network (SO_INCOMING_CPU), or -1
   *     where the system does not tell
   */
  public record QueuePlace(int qid, int pinnedCpu, int drainCpu, int incomingCpu) {}

  /**
   * @param sent Abort commands sent
   * @param aborted of those, that the controller carried out
   * @param skipped not sent because too many waited
   */
  public record Aborts(long sent, long aborted, long skipped) {}

  /** {@code locality_miss_rate} over all classes, 0 to 1, of completions that could be told. */
  public double localityMissRate() {
    long misses = classes.stream().mapToLong(ClassSignals::localityMisses).sum();
    long hits = classes.stream().mapToLong(ClassSignals::localityHits).sum();
    return ClassSignals.share(misses, hits + misses);
  }

  /** {@code deferred_completion_rate} over all classes, 0 to 1, of those the target timed. */
  public double deferredCompletionRate() {
    long deferred = classes.stream().mapToLong(ClassSignals::deferred).sum();
    long timed = classes.stream().mapToLong(ClassSignals::timed).sum();
    return ClassSignals.share(deferred, timed);
  }

  /** {@code registration_reuse}: commands with a valid region for each registration made. */
  public double registrationReuse() {
    long uses = classes.stream().mapToLong(ClassSignals::registrationReuse).sum();
    return ClassSignals.share(uses, Math.max(regions.added(), uses > 0 ? 1 : 0));
  }
}
