package io.mora.tests.system.intent;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import io.mora.initiator.signals.AssociationSignals;
import io.mora.initiator.signals.InitiatorMetrics;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Repository;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An initiator's measurements in a service's own registry, as docs/initiator.md shows it. */
@Tag("loopback")
class MetricsExampleTest {
  // begin
  static final class InitiatorCollector implements MultiCollector {
    private final Association association;

    InitiatorCollector(Association association) {
      this.association = association;
    }

    @Override
    public MetricSnapshots collect() {
      AssociationSignals signals = association.signals();
      Map<String, CounterSnapshot.Builder> counters = new TreeMap<>();
      for (InitiatorMetrics.Counter each : InitiatorMetrics.counters(signals)) {
        counters
            .computeIfAbsent(
                each.name(), name -> CounterSnapshot.builder().name(name).help(each.help()))
            .dataPoint(
                CounterSnapshot.CounterDataPointSnapshot.builder()
                    .labels(labels(each.labels()))
                    .value((double) each.value())
                    .build());
      }
      Map<String, HistogramSnapshot.Builder> times = new TreeMap<>();
      for (InitiatorMetrics.Histogram each : InitiatorMetrics.histograms(signals)) {
        times
            .computeIfAbsent(
                each.name(), name -> HistogramSnapshot.builder().name(name).help(each.help()))
            .dataPoint(
                HistogramSnapshot.HistogramDataPointSnapshot.builder()
                    .labels(labels(each.labels()))
                    .classicHistogramBuckets(
                        ClassicHistogramBuckets.of(each.upperSeconds(), each.counts()))
                    .build());
      }
      MetricSnapshots.Builder all = MetricSnapshots.builder();
      counters.values().forEach(family -> all.metricSnapshot(family.build()));
      times.values().forEach(family -> all.metricSnapshot(family.build()));
      return all.build();
    }

    private static Labels labels(Map<String, String> from) {
      Map<String, String> sorted = new TreeMap<>(from);
      return Labels.of(
          sorted.keySet().toArray(new String[0]), sorted.values().toArray(new String[0]));
    }
  }

  // end

  private static String scrape(PrometheusRegistry registry) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(out, registry.scrape());
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aServiceSeesItsReadsInItsOwnRegistry() throws IOException {
    Served served = Served.on(1).withMemory(1 << 20, 4096);
    try (InitiatorFixture host = InitiatorFixture.start();
        TargetFixture target = TargetFixture.start(HostHalfTest.trusting(host, 0, served));
        Association association = connect(host, target)) {
      PrometheusRegistry registry = new PrometheusRegistry();
      registry.register(new InitiatorCollector(association));
      RemoteNamespace pages = association.namespace(1);
      ByteBuffer page = ByteBuffer.allocateDirect(4096);
      for (int i = 0; i < 5; i++) {
        Completion done =
            Waiting.get(pages.read(i, 1, page, Intent.critical().budgetUs(10_000_000).timed()));
        done.consumed();
        done.consumed(); // counts once
      }
      assertThat(scrape(registry))
          .contains("mora_client_commands_total{class=\"7\"} 5.0")
          .contains("mora_client_in_time_total{class=\"7\"} 5.0")
          .contains("mora_client_refused_total{class=\"7\"} 0.0")
          .contains("mora_client_consumed_gap_seconds_count{class=\"7\"} 5")
          .contains("mora_client_useful_completion_seconds_bucket{class=\"7\",le=\"+Inf\"} 5");
    }
  }

  private static Association connect(InitiatorFixture host, TargetFixture target) {
    ConnectOptions options =
        ConnectOptions.to(target.address(), Served.SUBSYSTEM).latencyIntent(true).build();
    return Waiting.get(host.initiator().connect(options));
  }

  @Test
  void theCollectorIsTheOnePrinted() throws IOException {
    String test =
        Files.readString(
            Repository.root()
                .resolve(
                    "tests/src/test/java/io/mora/tests/system/intent/MetricsExampleTest.java"));
    String document = Files.readString(Repository.root().resolve("docs/initiator.md"));
    String example = test.substring(test.indexOf("// begin") + 8, test.indexOf("// end"));
    assertThat(document.replaceAll("\\s+", "")).contains(example.replaceAll("\\s+", ""));
  }
}
