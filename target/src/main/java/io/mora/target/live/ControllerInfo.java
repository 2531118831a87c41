package io.mora.target.live;

import java.util.List;

/**
 * A controller, which is one host's association with one subsystem.
 *
 * @param from address and port the admin connection came from
 * @param sinceMs when it connected, milliseconds since 1970
 * @param identity how its host has proved who it is: {@code claimed} (not at all), {@code dhchap}
 *     or {@code tls}
 * @param intent the host opted in to the latency-intent extension
 * @param queues its I/O queues by QID; the admin queue has one connection more
 * @param ended it answers nothing any more and waits for its last commands
 */
public record ControllerInfo(
    String subsystemNqn,
    int cntlid,
    String hostNqn,
    String hostId,
    String from,
    long sinceMs,
    String identity,
    boolean intent,
    boolean ended,
    IoCount io,
    List<QueueInfo> queues) {
  public ControllerInfo {
    queues = List.copyOf(queues);
  }

  /** Commands that succeeded, and their data. */
  public record IoCount(long reads, long readBytes, long writes, long writeBytes) {}

  /**
   * An I/O queue pair, which is one connection.
   *
   * @param depth entries
   * @param shard index of the shard that serves it
   */
  public record QueueInfo(int qid, int depth, int shard, IoCount io) {}
}
