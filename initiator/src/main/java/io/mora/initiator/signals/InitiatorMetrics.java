package io.mora.initiator.signals;

import io.mora.protocol.intent.LatencyBuckets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * An association's measurements as a metrics registry takes them: names, labels and numbers of
 * Prometheus' kind, without a dependency on any registry. docs/initiator.md has the few lines that
 * hand them to the official client.
 *
 * <p>Each call reads anew. Counters never fall while the association lives.
 */
public final class InitiatorMetrics {
  private static final double NS = 1e-9;
  private static final List<Double> UPPER_SECONDS = upperSeconds();

  private InitiatorMetrics() {}

  private static List<Double> upperSeconds() {
    List<Double> ends = new ArrayList<>();
    for (int bucket = 1; bucket < LatencyBuckets.COUNT; bucket++) {
      ends.add(LatencyBuckets.lowerEdgeNs(bucket) * NS);
    }
    ends.add(Double.POSITIVE_INFINITY);
    return List.copyOf(ends);
  }

  /**
   * A number that only rises.
   *
   * @param name without {@code _total}
   */
  public record Counter(String name, String help, Map<String, String> labels, long value) {
    public Counter {
      labels = Map.copyOf(labels);
    }
  }

  /**
   * Times.
   *
   * @param upperSeconds end of each bucket, rising; the last is infinite
   * @param counts in each bucket alone, not cumulative
   */
  public record Histogram(
      String name,
      String help,
      Map<String, String> labels,
      List<Double> upperSeconds,
      List<Long> counts) {
    public Histogram {
      labels = Map.copyOf(labels);
      upperSeconds = List.copyOf(upperSeconds);
      counts = List.copyOf(counts);
    }
  }

  /** All that rises; label {@code class} is 0 for commands without intent, else the class. */
  public static List<Counter> counters(AssociationSignals signals) {
    List<Counter> all = new ArrayList<>();
    for (ClassSignals each : signals.classes()) {
      Map<String, String> labels = labels(each);
      all.add(new Counter("mora_client_commands", "Commands that ended.", labels, each.commands()));
      all.add(
          new Counter(
              "mora_client_in_time",
              "Commands with intent that were ready within their budget.",
              labels,
              each.deadlineHits()));
      all.add(
          new Counter(
              "mora_client_late",
              "Commands with intent that were not.",
              labels,
              each.deadlineMisses()));
      all.add(
          new Counter(
              "mora_client_refused",
              "Reads that the target refused because they would have been late.",
              labels,
              each.refused()));
      all.add(
          new Counter(
              "mora_client_expired",
              "Reads dropped because their budget was spent.",
              labels,
              each.expired()));
      all.add(new Counter("mora_client_failed", "Commands that failed.", labels, each.failed()));
      each.lateCauses()
          .forEach(
              (cause, count) ->
                  all.add(late(labels, cause.name().toLowerCase(Locale.ROOT), count)));
    }
    return all;
  }

  private static Counter late(Map<String, String> labels, String cause, long count) {
    Map<String, String> more = new TreeMap<>(labels);
    more.put("cause", cause);
    return new Counter(
        "mora_client_late_causes", "Late commands by what most of it went to.", more, count);
  }

  /** The times of each class that has any. */
  public static List<Histogram> histograms(AssociationSignals signals) {
    List<Histogram> all = new ArrayList<>();
    for (ClassSignals each : signals.classes()) {
      Map<String, String> labels = labels(each);
      add(
          all,
          "mora_client_useful_completion_seconds",
          "Submitted until the consumer was ready, without device time.",
          labels,
          each.usefulCompletion());
      add(
          all,
          "mora_client_done_to_ready_seconds",
          "Device done until the consumer was ready.",
          labels,
          each.doneToReady());
      add(
          all,
          "mora_client_consumed_gap_seconds",
          "Consumer ready until it put the data to use: the gap from storage to the accelerator.",
          labels,
          each.consumedGap());
    }
    return all;
  }

  private static Map<String, String> labels(ClassSignals signals) {
    return Map.of("class", String.valueOf(signals.latencyClass()));
  }

  private static void add(
      List<Histogram> all,
      String name,
      String help,
      Map<String, String> labels,
      ClassSignals.Times times) {
    if (times.samples() > 0) {
      all.add(new Histogram(name, help, labels, UPPER_SECONDS, times.counts()));
    }
  }
}
