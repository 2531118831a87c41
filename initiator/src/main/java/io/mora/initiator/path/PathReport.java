package io.mora.initiator.path;

import io.mora.initiator.path.hedge.HedgeSignals;
import io.mora.initiator.path.io.IoCounters;
import io.mora.initiator.path.select.PathLoad;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sums up what happened on several paths; on the paths' thread. */
record PathReport(Collection<Path> paths, Collection<NamespaceRoutes> inUse, IoCounters counters) {
  PathSignals at(long nowNs) {
    long withoutNs = counters.withoutPathNs.sum();
    int waiting = 0;
    for (NamespaceRoutes each : inUse) {
      withoutNs += each.shared().withoutPathNs();
      waiting += each.shared().waiting();
    }
    return new PathSignals(
        paths.stream().map(path -> info(path, nowNs)).toList(),
        counters.reissued.sum(),
        counters.quiesced.sum(),
        counters.refusedElsewhere.sum(),
        counters.unserved.sum(),
        waiting,
        counters.failovers.sum(),
        counters.failbacks.sum(),
        TimeUnit.NANOSECONDS.toMillis(withoutNs),
        new HedgeSignals(
            counters.hedgeEligible.sum(),
            counters.hedgeSent.sum(),
            counters.hedgeWon.sum(),
            counters.hedgeLost.sum(),
            counters.hedgeRefused.sum(),
            counters.hedgeWasted.sum()));
  }

  private PathSignals.PathInfo info(Path path, long nowNs) {
    List<String> ana = new ArrayList<>();
    int serving = 0;
    for (NamespaceRoutes each : inUse) {
      serving += each.isServedBy(path) ? 1 : 0;
      int nsid = each.nsidBy(path);
      ana.add(nsid + " " + AnaTable.word(path.anaState(nsid)));
    }
    List<Long> latency = new ArrayList<>();
    for (int latencyClass = 0; latencyClass < PathLoad.CLASSES; latencyClass++) {
      long ns = path.load().estimateNs(latencyClass, nowNs);
      latency.add(ns == PathLoad.UNKNOWN ? 0 : ns);
    }
    return new PathSignals.PathInfo(
        path.options().address(),
        path.isLive(),
        serving,
        ana,
        path.load().outstanding(),
        latency,
        path.problem());
  }
}
