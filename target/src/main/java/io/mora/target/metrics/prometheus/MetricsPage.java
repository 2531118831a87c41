package io.mora.target.metrics.prometheus;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a scrape gets: made anew for each, of what the shards have counted anyway. Control threads.
 */
public final class MetricsPage {
  /** Namespaces whose latency mode is told. */
  private static final int MODES_MAX = 256;

  private final Supplier<MetricsInput> input;
  private final String version;
  private final PrometheusRegistry jvm = new PrometheusRegistry();
  private final ExpositionFormats formats = ExpositionFormats.init();

  /** A page in the format that was asked for. */
  @SuppressWarnings("ArrayRecordComponent") // sent once and dropped
  public record Page(String contentType, byte[] body) {}

  public MetricsPage(Supplier<MetricsInput> input, String version) {
    this.input = input;
    this.version = version;
    JvmMetrics.builder().register(jvm);
  }

  /**
   * A page.
   *
   * @param accept as the scraper sent it, or null: protobuf (native histograms too), OpenMetrics
   *     text, or Prometheus text
   */
  public Page page(@Nullable String accept) {
    ExpositionFormatWriter writer = formats.findWriter(accept);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writer.write(bytes, Families.with(target(), jvm.scrape()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Page(writer.getContentType(), bytes.toByteArray());
  }

  private MetricSnapshots target() {
    MetricsInput now = input.get();
    Families families = new Families();
    families.info("mora_build", "What runs here.", Labels.of("version", version));
    now.gauges().forEach((name, value) -> families.gauge(name, help(name), value, Labels.EMPTY));
    TargetFamilies target = new TargetFamilies(families);
    target.classes(now.total());
    target.rows(now.hosts(), now.namespaces());
    target.now(now.stats(), now.connections(), now.ioQueues());
    target.modes(now.stats(), MODES_MAX);
    return families.all();
  }

  private static String help(String name) {
    return Map.of(
            "mora_configuration_version", "Number of the configuration's version.",
            "mora_configuration_written", "1 while what runs is what is written in the file.",
            "mora_ready", "1 while hosts are served.")
        .getOrDefault(name, name);
  }
}
