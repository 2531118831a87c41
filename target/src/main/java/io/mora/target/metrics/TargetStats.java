package io.mora.target.metrics;

import io.mora.qos.mode.LatencyWindow;
import io.mora.qos.pause.PauseSum;
import java.util.List;

/**
 * What a target has done by class, host and namespace, at one moment; immutable.
 *
 * @param controllers live controllers, a row for each namespace they used
 * @param ended what controllers that are gone did, by subsystem
 * @param modes each namespace's latency mode in force, and what became of its promise
 * @param slow the last slow commands of every shard, oldest first within a shard
 * @param shards by index
 * @param pauses of the process' collector, since two seconds after the target started
 */
public record TargetStats(
    List<ControllerRow> controllers,
    List<EndedRow> ended,
    List<ModeRow> modes,
    List<SlowIo> slow,
    List<ShardRow> shards,
    PauseSum pauses) {
  public TargetStats {
    controllers = List.copyOf(controllers);
    ended = List.copyOf(ended);
    modes = List.copyOf(modes);
    slow = List.copyOf(slow);
    shards = List.copyOf(shards);
  }

  /**
   * A controller's commands to one namespace.
   *
   * @param hostIndex as in {@link SlowIo#hostIndex}
   * @param nsid 0 for namespaces that are not counted each for itself
   * @param sums not changed any more
   */
  public record ControllerRow(
      String hostNqn, int hostIndex, String subsystemNqn, int cntlid, int nsid, ClassSums sums) {}

  /**
   * All controllers of a subsystem that are gone.
   *
   * @param sums not changed any more
   */
  public record EndedRow(String subsystemNqn, ClassSums sums) {}

  /**
   * A shard now.
   *
   * @param lentBytes I/O buffers on loan
   * @param waitingWrites large writes that were not yet let ask for their data
   * @param slow commands that took longer than the threshold, since the start
   * @param wrongDigests data that came with a wrong digest, since the start
   */
  public record ShardRow(
      int index, long lentBytes, int waitingWrites, long slow, long wrongDigests) {}

  /** A namespace's latency mode, on all shards together. */
  public record ModeRow(String subsystemNqn, int nsid, LatencyWindow.Report report) {}

  /** Late commands of a host in a class for a cause, over all controllers it has now. */
  public long late(String hostNqn, int effectiveClass, LateCause cause) {
    return controllers.stream()
        .filter(row -> row.hostNqn.equals(hostNqn))
        .mapToLong(row -> row.sums.late(effectiveClass, cause))
        .sum();
  }

  /** All controllers together, those that are gone included: it never falls. */
  public ClassSums total() {
    ClassSums sums = new ClassSums();
    controllers.forEach(row -> sums.add(row.sums));
    ended.forEach(row -> sums.add(row.sums));
    return sums;
  }
}
