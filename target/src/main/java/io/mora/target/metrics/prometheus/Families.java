package io.mora.target.metrics.prometheus;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects data points by metric; each metric is named and described where it is first used. */
final class Families {
  private final Map<String, CounterSnapshot.Builder> counters = new LinkedHashMap<>();
  private final Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
  private final Map<String, HistogramSnapshot.Builder> histograms = new LinkedHashMap<>();
  private final MetricSnapshots.Builder others = MetricSnapshots.builder();

  /** A counter; the name without {@code _total}. */
  void count(String name, String help, double value, Labels labels) {
    counters
        .computeIfAbsent(name, key -> CounterSnapshot.builder().name(name).help(help))
        .dataPoint(
            CounterSnapshot.CounterDataPointSnapshot.builder().labels(labels).value(value).build());
  }

  void count(String name, String help, long value, Labels labels) {
    count(name, help, (double) value, labels);
  }

  void gauge(String name, String help, long value, Labels labels) {
    gauge(name, help, (double) value, labels);
  }

  void gauge(String name, String help, double value, Labels labels) {
    gauges
        .computeIfAbsent(name, key -> GaugeSnapshot.builder().name(name).help(help))
        .dataPoint(
            GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(labels).value(value).build());
  }

  /** A histogram of times, in seconds. */
  void times(String name, String help, long[] counts, Labels labels) {
    histograms
        .computeIfAbsent(
            name, key -> HistogramSnapshot.builder().name(name).help(help).unit(Unit.SECONDS))
        .dataPoint(LatencyHistogram.of(counts, labels));
  }

  void info(String name, String help, Labels labels) {
    others.metricSnapshot(
        InfoSnapshot.builder()
            .name(name)
            .help(help)
            .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder().labels(labels).build())
            .build());
  }

  MetricSnapshots all() {
    counters.values().forEach(each -> others.metricSnapshot(each.build()));
    gauges.values().forEach(each -> others.metricSnapshot(each.build()));
    histograms.values().forEach(each -> others.metricSnapshot(each.build()));
    return others.build();
  }

  /** For code that hands metrics on one by one. */
  static MetricSnapshots with(MetricSnapshots one, MetricSnapshots other) {
    MetricSnapshots.Builder both = MetricSnapshots.builder();
    for (MetricSnapshot each : one) {
      both.metricSnapshot(each);
    }
    for (MetricSnapshot each : other) {
      both.metricSnapshot(each);
    }
    return both.build();
  }
}
