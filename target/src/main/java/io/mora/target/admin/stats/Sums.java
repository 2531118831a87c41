package io.mora.target.admin.stats;

import io.mora.protocol.intent.LatencyClass;
import io.mora.target.metrics.ClassSums;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A reading added up by what people ask about.
 *
 * @param total everything, controllers that are gone included
 * @param hosts by NQN
 * @param namespaces by subsystem and NSID as {@code NQN/NSID}
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

  /** What came since an earlier reading. */
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
          left.put(name, was == null ? sums : minus(sums, was));
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
