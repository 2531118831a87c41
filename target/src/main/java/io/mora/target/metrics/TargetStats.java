package io.mora.target.metrics;

import java.util.List;

/**
 * What a target has done by class, host and namespace, at one moment; immutable.
 *
 * @param controllers live controllers, a row for each namespace they used
 * @param slow the last slow commands of every shard, oldest first within a shard
 */
public record TargetStats(List<ControllerRow> controllers, List<SlowIo> slow) {
  public TargetStats {
    controllers = List.copyOf(controllers);
    slow = List.copyOf(slow);
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

  /** Late commands of a host in a class for a cause, over all its controllers. */
  public long late(String hostNqn, int effectiveClass, LateCause cause) {
    return controllers.stream()
        .filter(row -> row.hostNqn.equals(hostNqn))
        .mapToLong(row -> row.sums.late(effectiveClass, cause))
        .sum();
  }

  /** All rows together. */
  public ClassSums total() {
    ClassSums sums = new ClassSums();
    controllers.forEach(row -> sums.add(row.sums));
    return sums;
  }
}
