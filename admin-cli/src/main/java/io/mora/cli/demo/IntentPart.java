package io.mora.cli.demo;

import io.mora.cli.connect.HostOptions;
import io.mora.cli.connect.SubsystemOptions;
import io.mora.cli.load.Workload;
import io.mora.cli.output.Figures;
import io.mora.cli.output.Table;
import io.mora.cli.streams.Destination;
import io.mora.cli.streams.Mix;
import io.mora.cli.streams.MixReport;
import io.mora.cli.streams.Phase;
import io.mora.cli.streams.StreamSpec;
import io.mora.cli.streams.StreamSyntax;
import io.mora.cli.streams.Trials;
import io.mora.initiator.ConnectOptions;
import io.mora.protocol.net.TransportKind;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The second half of the demo: three loads at once on a modelled flash device, first with their
 * hints stripped, then honoured.
 */
final class IntentPart {
  private static final List<String> STREAMS =
      List.of(
          "critical:read:4k:qd1:step:budget=500us",
          "prefetch:read:64k:qd8:confidence=30",
          "bulk:write:128k:qd128:connections=2");
  private static final List<Phase> PHASES = List.of(Phase.ALONE, Phase.STRIPPED, Phase.HONOURED);

  private final List<StreamSpec> streams;
  private final Trials trials;
  private final MixReport report;

  private IntentPart(List<StreamSpec> streams, Trials trials, MixReport report) {
    this.streams = streams;
    this.trials = trials;
    this.report = report;
  }

  /**
   * Runs it.
   *
   * @param durationNs of each phase
   * @param progress told which phase runs
   */
  static IntentPart run(
      DemoSetup setup, ReadyLine ready, long durationNs, long timeoutMs, Consumer<String> progress)
      throws TimeoutException, InterruptedException {
    StreamSyntax syntax = new StreamSyntax();
    List<StreamSpec> streams = STREAMS.stream().map(syntax::convert).toList();
    ConnectOptions connect =
        SubsystemOptions.timeouts(ConnectOptions.to(ready.nvm(), DemoSetup.SUBSYSTEM), timeoutMs)
            .controllerLossTimeoutMs(0)
            .build();
    Destination to =
        new Destination(
            connect,
            DemoSetup.MODELLED_NSID,
            HostOptions.Identity.of(setup.host()),
            TransportKind.best(),
            0);
    Mix.Timing timing =
        new Mix.Timing(
            durationNs,
            durationNs / 4,
            durationNs,
            new Workload.Region(0, -1),
            System.nanoTime() & Integer.MAX_VALUE);
    try (Mix mix = Mix.open(streams, to, timing)) {
      Trials trials = mix.run(PHASES, 1, Optional.empty(), progress);
      return new IntentPart(streams, trials, new MixReport(streams, PHASES, 1, timing, trials));
    }
  }

  void table(PrintWriter out) {
    out.println(
        "intent   three loads at once on a modelled flash device (reads 80 us, writes 400 MiB/s), the");
    out.println("         same twice: hints stripped, then honoured. p99, and what was moved:");
    out.println();
    Table table =
        new Table(
            "", "", ">alone", ">stripped", ">honoured", ">better", ">MiB/s stripped", ">honoured");
    for (StreamSpec stream : streams) {
      String name = stream.name();
      table.row(
          name,
          stream.shapeText(),
          trials.has(Phase.ALONE, name) ? p99(Phase.ALONE, name) : "",
          p99(Phase.STRIPPED, name),
          p99(Phase.HONOURED, name),
          times(trials.p99Ratio(name, Phase.STRIPPED, Phase.HONOURED)),
          moved(Phase.STRIPPED, name),
          moved(Phase.HONOURED, name));
    }
    table.print(out, "");
  }

  private String p99(Phase phase, String stream) {
    return Figures.duration((long) trials.p99Ns(phase, stream).median());
  }

  private String moved(Phase phase, String stream) {
    return Figures.count(trials.bytesPerSecond(phase, stream).median() / (1 << 20));
  }

  private static String times(double ratio) {
    return String.format(Locale.ROOT, ratio < 10 ? "%.1f x" : "%.0f x", ratio);
  }

  /** How many times lower the critical stream's p99 is with hints than without. */
  double criticalP99Improvement() {
    return trials.p99Ratio(streams.get(0).name(), Phase.STRIPPED, Phase.HONOURED);
  }

  Map<String, Object> json() {
    return report.json();
  }
}
