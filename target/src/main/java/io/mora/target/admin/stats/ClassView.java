package io.mora.target.admin.stats;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.protocol.intent.LatencyBuckets;
import io.mora.protocol.intent.LatencyClass;
import io.mora.target.admin.http.Json;
import io.mora.target.metrics.ClassCounts;
import io.mora.target.metrics.ClassSums;
import io.mora.target.metrics.LateCause;
import java.time.Instant;

/** Sums by class as the API tells them. */
public final class ClassView {
  private static final int P50 = 500_000;
  private static final int P99 = 990_000;
  private static final int P999 = 999_000;

  private ClassView() {}

  /** Each class that ran commands, or each there is, the most urgent first. */
  public static ArrayNode classes(ClassSums sums, boolean all, boolean histograms) {
    ArrayNode list = Json.array();
    for (int i = LatencyClass.COUNT - 1; i >= 1; i--) {
      if (all || sums.commands(i) > 0) {
        ObjectNode item = list.addObject();
        run(item, sums, i);
        item.set("intent", intent(sums, i));
        if (histograms) {
          ArrayNode counts = item.putArray("histogram");
          for (long count : sums.times(i)) {
            counts.add(count);
          }
        }
      }
    }
    return list;
  }

  /** What ran in a class, whoever put it there. */
  private static void run(ObjectNode item, ClassSums sums, int index) {
    LatencyClass ioClass = LatencyClass.of(index);
    item.put("class", ioClass.word());
    item.put("code", index);
    item.put("budgetNs", ioClass.defaultBudgetUs() * 1_000L);
    item.put("commands", sums.commands(index));
    item.put("late", sums.late(index));
    ObjectNode causes = item.putObject("lateByCause");
    for (LateCause cause : LateCause.values()) {
      long late = sums.late(index, cause);
      if (late > 0) {
        causes.put(cause.word(), late);
      }
    }
    quantiles(item, sums.times(index));
  }

  private static void quantiles(ObjectNode item, long[] times) {
    item.put("p50Ns", LatencyBuckets.quantileNs(times, P50));
    item.put("p99Ns", LatencyBuckets.quantileNs(times, P99));
    item.put("p999Ns", LatencyBuckets.quantileNs(times, P999));
  }

  /** What hosts asked for and got; record 0 is traffic without intent. */
  public static ObjectNode intent(ClassSums sums, int index) {
    ObjectNode item = Json.object();
    item.put("commands", sums.counter(index, ClassCounts.COMMANDS));
    item.put("bytes", sums.counter(index, ClassCounts.BYTES));
    item.put("deferred", sums.counter(index, ClassCounts.DEFERRED));
    item.put("downgraded", sums.counter(index, ClassCounts.DOWNGRADED));
    item.put("throttled", sums.counter(index, ClassCounts.THROTTLED));
    item.put("expired", sums.counter(index, ClassCounts.EXPIRED));
    item.put("refused", sums.counter(index, ClassCounts.REFUSED));
    item.put("cacheHits", sums.counter(index, ClassCounts.CACHE_HITS));
    return item;
  }

  /** What was done in a step; of a histogram the buckets that are not empty. */
  public static ObjectNode step(ClassHistory.Step step) {
    ObjectNode item = Json.object();
    item.put("number", step.number());
    item.put("at", Instant.ofEpochMilli(step.atMs()).toString());
    item.put("seconds", step.seconds());
    ArrayNode list = item.putArray("classes");
    for (ClassHistory.ClassStep each : step.classes()) {
      ObjectNode of = list.addObject();
      of.put("class", LatencyClass.of(each.ioClass()).word());
      of.put("late", each.late());
      quantiles(of, each.counts());
      ArrayNode buckets = of.putArray("buckets");
      ArrayNode counts = of.putArray("counts");
      for (int i = 0; i < LatencyBuckets.COUNT; i++) {
        if (each.counts()[i] > 0) {
          buckets.add(i);
          counts.add(each.counts()[i]);
        }
      }
    }
    return item;
  }

  /** All classes of a host or a namespace together, then each that ran. */
  public static ObjectNode row(String key, String name, ClassSums sums) {
    ObjectNode item = Json.object();
    item.put(key, name);
    long late = 0;
    long bytes = 0;
    long[] times = new long[LatencyBuckets.COUNT];
    for (int i = 0; i < LatencyClass.COUNT; i++) {
      late += sums.late(i);
      bytes += sums.counter(i, ClassCounts.BYTES);
      long[] of = sums.times(i);
      for (int bucket = 0; bucket < times.length; bucket++) {
        times[bucket] += of[bucket];
      }
    }
    item.put("commands", Sums.commands(sums));
    item.put("bytes", bytes);
    item.put("late", late);
    quantiles(item, times);
    item.set("classes", classes(sums, false, false));
    return item;
  }
}
