package io.mora.target.admin.stats;

import io.mora.protocol.intent.LatencyClass;
import io.mora.target.metrics.ClassSums;
import io.mora.target.metrics.TargetStats;
import io.mora.target.metrics.TargetStats.ControllerRow;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A reading added up by what people ask about.
 *
 * @param total everything, controllers that are gone included
 * @param hosts by NQN, what hosts did on the controllers they have now
 * @param namespaces by subsystem and NSID as {@code NQN/NSID}, likewise
 */
public record Sums(
    long atNs,
    long atMs,
    ClassSums total,
    Map<String, ClassSums> hosts,
    Map<String, ClassSums> namespaces) {
  /** Hosts and namespaces told each for itself; those beyond are told together. */
  public static final int ROWS_MAX = 256;

  /** Name of what is told together. */
  public static final String OTHERS = "other";

  public static Sums of(StatsSource.Reading reading) {
    TargetStats stats = reading.stats();
    Map<String, ClassSums> hosts = new LinkedHashMap<>();
    Map<String, ClassSums> namespaces = new LinkedHashMap<>();
    for (ControllerRow row : stats.controllers()) {
      add(hosts, row.hostNqn(), row.sums());
      String nsid = row.nsid() == 0 ? OTHERS : String.valueOf(row.nsid());
      add(namespaces, row.subsystemNqn() + "/" + nsid, row.sums());
    }
    return new Sums(reading.atNs(), reading.atMs(), stats.total(), hosts, namespaces);
  }

  private static void add(Map<String, ClassSums> rows, String name, ClassSums more) {
    boolean room = rows.containsKey(name) || rows.size() < ROWS_MAX;
    rows.computeIfAbsent(room ? name : OTHERS, key -> new ClassSums()).add(more);
  }

  /** What came since another reading; a host that was away meanwhile starts from nothing. */
  public Sums since(Sums before) {
    return new Sums(
        atNs,
        atMs,
        minus(total, before.total),
        minus(hosts, before.hosts),
        minus(namespaces, before.namespaces));
  }

  private static Map<String, ClassSums> minus(
      Map<String, ClassSums> now, Map<String, ClassSums> before) {
    Map<String, ClassSums> left = new LinkedHashMap<>();
    now.forEach(
        (name, sums) -> {
          ClassSums was = before.get(name);
          boolean counts = was != null && commands(was) <= commands(sums);
          left.put(name, counts ? minus(sums, was) : sums);
        });
    return left;
  }

  private static ClassSums minus(ClassSums now, ClassSums before) {
    ClassSums left = new ClassSums();
    left.add(now);
    left.subtract(before);
    return left;
  }

  /** Commands of all classes. */
  public static long commands(ClassSums sums) {
    long commands = 0;
    for (int i = 0; i < LatencyClass.COUNT; i++) {
      commands += sums.commands(i);
    }
    return commands;
  }
}
