package io.mora.target.admin.stats;

import io.mora.target.metrics.ClassSums;
import io.mora.target.metrics.TargetStats;
import io.mora.target.metrics.TargetStats.ControllerRow;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adds readings up by host and by namespace so that no sum ever falls: what a controller had
 * counted when it was last seen stays with its host and its namespace when it is gone. What it
 * counted after that is in the totals alone. One thread.
 */
final class Ledger {
  private final Map<String, ClassSums> goneOfHost = new LinkedHashMap<>();
  private final Map<String, ClassSums> goneOfNamespace = new LinkedHashMap<>();
  private final ClassSums goneSubsystems = new ClassSums();
  private Map<Row, ControllerRow> live = new HashMap<>();
  private Map<String, ClassSums> ended = new HashMap<>();

  private record Row(String subsystemNqn, int cntlid, int nsid) {}

  Sums add(long atNs, long atMs, TargetStats stats) {
    Map<Row, ControllerRow> now = new HashMap<>();
    for (ControllerRow row : stats.controllers()) {
      now.put(new Row(row.subsystemNqn(), row.cntlid(), row.nsid()), row);
    }
    Map<String, ClassSums> endedNow = new HashMap<>();
    stats.ended().forEach(row -> endedNow.put(row.subsystemNqn(), row.sums()));
    ended.forEach(
        (nqn, sums) -> {
          if (!endedNow.containsKey(nqn)) {
            goneSubsystems.add(sums);
          }
        });
    live.forEach(
        (key, row) -> {
          if (!endedNow.containsKey(row.subsystemNqn())) {
            goneSubsystems.add(row.sums());
          }
          if (!now.containsKey(key)) {
            add(goneOfHost, row.hostNqn(), row.sums());
            add(goneOfNamespace, name(row), row.sums());
          }
        });
    live = now;
    ended = endedNow;
    Map<String, ClassSums> hosts = copy(goneOfHost);
    Map<String, ClassSums> namespaces = copy(goneOfNamespace);
    for (ControllerRow row : stats.controllers()) {
      add(hosts, row.hostNqn(), row.sums());
      add(namespaces, name(row), row.sums());
    }
    // What has a name of its own keeps it, so that a place of the rest is never taken back.
    hosts.keySet().forEach(name -> goneOfHost.computeIfAbsent(name, key -> new ClassSums()));
    namespaces
        .keySet()
        .forEach(name -> goneOfNamespace.computeIfAbsent(name, key -> new ClassSums()));
    ClassSums total = stats.total();
    total.add(goneSubsystems);
    return new Sums(atNs, atMs, total, hosts, namespaces);
  }

  private static String name(ControllerRow row) {
    String nsid = row.nsid() == 0 ? Sums.OTHERS : String.valueOf(row.nsid());
    return row.subsystemNqn() + "/" + nsid;
  }

  private static Map<String, ClassSums> copy(Map<String, ClassSums> rows) {
    Map<String, ClassSums> copies = new LinkedHashMap<>();
    rows.forEach(
        (name, sums) -> {
          ClassSums copy = new ClassSums();
          copy.add(sums);
          copies.put(name, copy);
        });
    return copies;
  }

  private static void add(Map<String, ClassSums> rows, String name, ClassSums more) {
    boolean room = rows.containsKey(name) || rows.size() < Sums.ROWS_MAX;
    rows.computeIfAbsent(room ? name : Sums.OTHERS, key -> new ClassSums()).add(more);
  }
}
