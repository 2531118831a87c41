package io.mora.initiator.path;

import io.mora.initiator.path.hedge.HedgeSignals;
import io.mora.protocol.TransportAddress;
import java.util.List;

/**
 * What happened to I/O over several paths so far.
 *
 * @param reissued I/Os sent again after a path had failed them
 * @param quiesced of those, writes that had to wait until their first try was certain to be over
 * @param refusedElsewhere reads that a path refused as too late, and that another was asked for
 * @param unserved I/Os that failed for want of a path
 * @param waiting I/Os that wait now
 * @param failovers times a path stopped serving a namespace
 * @param failbacks times a path served a namespace again
 * @param withoutPathMs time in which a namespace had no path, of all namespaces together
 */
public record PathSignals(
    List<PathInfo> paths,
    long reissued,
    long quiesced,
    long refusedElsewhere,
    long unserved,
    int waiting,
    long failovers,
    long failbacks,
    long withoutPathMs,
    HedgeSignals hedges) {
  public PathSignals {
    paths = List.copyOf(paths);
  }

  /**
   * A path now.
   *
   * @param connected its controller is there
   * @param serving namespaces in use that it serves
   * @param ana of those in use, as {@code 1 optimized}
   * @param outstanding I/Os sent by it and not answered
   * @param latencyNs by class 0 to 7, what a command lately took; 0 where nothing is known
   * @param problem why it does not serve, or empty
   */
  public record PathInfo(
      TransportAddress address,
      boolean connected,
      int serving,
      List<String> ana,
      int outstanding,
      List<Long> latencyNs,
      String problem) {
    public PathInfo {
      ana = List.copyOf(ana);
      latencyNs = List.copyOf(latencyNs);
    }
  }
}
