package io.mora.target.admin.api;

import io.mora.target.MoraTarget;
import io.mora.target.admin.change.Configurator;
import io.mora.target.admin.http.Call;
import io.mora.target.admin.http.Reply;
import io.mora.target.admin.http.Route;
import io.mora.target.admin.stats.StatsSource;
import io.mora.target.admin.stats.Sums;
import io.mora.target.metrics.prometheus.MetricsInput;
import io.mora.target.metrics.prometheus.MetricsPage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What Prometheus scrapes. */
public final class MetricsRoutes {
  private final MoraTarget target;
  private final Configurator configurator;
  private final StatsSource source;
  private final BooleanSupplier stopping;
  private final MetricsPage page;

  public MetricsRoutes(
      MoraTarget target, Configurator configurator, StatsSource source, BooleanSupplier stopping) {
    this.target = target;
    this.configurator = configurator;
    this.source = source;
    this.stopping = stopping;
    this.page = new MetricsPage(this::input, SystemRoutes.VERSION);
  }

  public List<Route> routes() {
    return List.of(Route.get("/metrics", this::metrics));
  }

  private Reply metrics(Call call) {
    MetricsPage.Page made = page.page(call.header("Accept"));
    return Reply.of(200, made.contentType(), made.body());
  }

  private MetricsInput input() {
    StatsSource.Reading reading = source.read();
    Sums sums = reading.sums();
    return new MetricsInput(
        reading.stats(),
        sums.total(),
        sums.hosts(),
        sums.namespaces(),
        target.connections(),
        target.ioQueues(),
        Map.of(
            "mora_configuration_version",
            (double) configurator.store().current().number(),
            "mora_configuration_written",
            written(),
            "mora_ready",
            stopping.getAsBoolean() ? 0.0 : 1.0));
  }

  private double written() {
    try {
      return configurator.store().isEdited() ? 0 : 1;
    } catch (IOException e) {
      return 0;
    }
  }
}
