package io.mora.cli.streams;

import io.mora.cli.load.StageTable;
import io.mora.cli.load.Stages.Stage;
import io.mora.cli.output.Figures;
import io.mora.cli.output.Table;
import io.mora.protocol.intent.LatencyClass;
import io.mora.qos.pause.PauseSum;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What streams came to, side by side: as tables and as JSON. */
public final class MixReport {
  private final List<StreamSpec> streams;
  private final List<Phase> phases;
  private final Trials trials;
  private final int runs;
  private final Mix.Timing timing;

  public MixReport(
      List<StreamSpec> streams, List<Phase> phases, int runs, Mix.Timing timing, Trials trials) {
    this.streams = streams;
    this.phases = phases;
    this.runs = runs;
    this.timing = timing;
    this.trials = trials;
  }

  /** Every stream in every phase, then where the time went, then the ratios. */
  public void table(PrintWriter out) {
    out.println(
        runs
            + (runs == 1 ? " run of " : " runs, each phase ")
            + Figures.duration(timing.durationNs())
            + (runs == 1 ? "" : "; medians of the runs")
            + "; seed "
            + timing.seed());
    out.println();
    figures().print(out, "");
    out.println();
    out.println("Where the time of one in a hundred went (p99 of each part):");
    parts().print(out, "");
    out.println();
    verdicts(out);
  }

  private Table figures() {
    Table table =
        new Table(
            "stream",
            "",
            ">IOPS",
            ">MiB/s",
            ">p50",
            ">p99",
            ">of the runs",
            ">p99.9",
            ">max",
            ">in time");
    for (StreamSpec stream : streams) {
      String label = stream.name();
      for (Phase phase : phases) {
        if (!trials.has(phase, stream.name())) {
          continue;
        }
        table.row(
            label,
            phase.words(),
            Figures.count(median(phase, stream, Sample::perSecond)),
            Figures.count(median(phase, stream, Sample::bytesPerSecond) / (1 << 20)),
            time(phase, stream, Sample::p50Ns),
            time(phase, stream, Sample::p99Ns),
            runs == 1 ? "" : range(trials.spread(phase, stream.name(), Sample::p99Ns)),
            time(phase, stream, Sample::p999Ns),
            time(phase, stream, Sample::maxNs),
            percent(median(phase, stream, sample -> sample.verdicts().hitRate())));
        label = "";
      }
    }
    return table;
  }

  private Table parts() {
    Table table =
        new Table(
            "stream", "", ">client", ">queue", ">device", ">target else", ">network", ">whole");
    for (StreamSpec stream : streams) {
      String label = stream.name();
      for (Phase phase : phases) {
        if (!trials.has(phase, stream.name())) {
          continue;
        }
        table.row(
            label,
            phase.words(),
            part(phase, stream, Stage.CLIENT),
            part(phase, stream, Stage.QUEUE),
            part(phase, stream, Stage.DEVICE),
            part(phase, stream, Stage.TARGET),
            part(phase, stream, Stage.NETWORK),
            part(phase, stream, Stage.TOTAL));
        label = "";
      }
    }
    return table;
  }

  private void verdicts(PrintWriter out) {
    for (StreamSpec stream : streams) {
      List<String> words = new ArrayList<>();
      ratio(words, stream, Phase.STRIPPED, Phase.HONOURED, "%s times better with its hints");
      ratio(words, stream, Phase.HONOURED, Phase.ALONE, "%s times that of alone");
      ratio(words, stream, Phase.DOUBLED, Phase.HONOURED, "%s times when one stream doubles");
      if (!words.isEmpty()) {
        out.println(stream.name() + ": p99 " + String.join(", ", words) + counted(stream));
      }
    }
    List<String> busy = new ArrayList<>();
    for (Phase phase : phases) {
      busy.add(
          String.format(Locale.ROOT, "%.2f %s", trials.clientCpus(phase).median(), phase.words()));
    }
    out.println("CPUs this client kept busy: " + String.join(", ", busy));
    PauseSum paused =
        phases.stream().map(trials::clientPauses).reduce(PauseSum.NONE, PauseSum::and);
    out.println("This client, warm-up included: " + paused);
    if (!told()) {
      out.println("The target tells no times: queue, device and the rest are in network.");
    }
  }

  private void ratio(List<String> words, StreamSpec stream, Phase over, Phase under, String text) {
    double ratio = trials.p99Ratio(stream.name(), over, under);
    if (!Double.isNaN(ratio)) {
      words.add(String.format(Locale.ROOT, text, Figures.count(ratio)));
    }
  }

  /** What the target did to the class, if anything. */
  private String counted(StreamSpec stream) {
    long downgraded = 0;
    long throttled = 0;
    long expired = 0;
    for (Sample sample : trials.of(Phase.HONOURED, stream.name())) {
      downgraded += sample.verdicts().downgraded();
      throttled += sample.verdicts().throttled();
      expired += sample.verdicts().expired();
    }
    return (downgraded == 0 ? "" : "; " + downgraded + " lowered in class")
        + (throttled == 0 ? "" : "; " + throttled + " over the rate")
        + (expired == 0 ? "" : "; " + expired + " expired");
  }

  private boolean told() {
    for (Phase phase : phases) {
      for (StreamSpec stream : streams) {
        if (trials.of(phase, stream.name()).stream().anyMatch(Sample::targetTold)) {
          return true;
        }
      }
    }
    return false;
  }

  private double median(Phase phase, StreamSpec stream, ToDoubleFunction<Sample> figure) {
    return trials.spread(phase, stream.name(), figure).median();
  }

  private String time(Phase phase, StreamSpec stream, ToDoubleFunction<Sample> figure) {
    return Figures.duration((long) median(phase, stream, figure));
  }

  private String part(Phase phase, StreamSpec stream, Stage stage) {
    double ns = median(phase, stream, sample -> p99(sample, stage));
    return Double.isNaN(ns) || ns < 0 ? Figures.NONE : Figures.duration((long) ns);
  }

  private static double p99(Sample sample, Stage stage) {
    Sample.Part part = sample.parts().get(stage);
    return part == null ? -1 : part.p99Ns();
  }

  private static String range(Trials.Spread spread) {
    String low = Figures.duration((long) spread.low());
    String high = Figures.duration((long) spread.high());
    String unit = high.substring(high.indexOf(' '));
    return (low.endsWith(unit) ? low.substring(0, low.indexOf(' ')) : low) + "-" + high;
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? Figures.NONE : String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  /** The same figures for programs. */
  public Map<String, Object> json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("runs", runs);
    all.put("rehearsalNs", timing.rehearsalNs());
    all.put("warmupNs", timing.warmupNs());
    all.put("durationNs", timing.durationNs());
    all.put("seed", timing.seed());
    Map<String, Object> cpus = new LinkedHashMap<>();
    for (Phase phase : phases) {
      put(cpus, phase.name().toLowerCase(Locale.ROOT), trials.clientCpus(phase));
    }
    all.put("clientCpus", cpus);
    Map<String, Object> pauses = new LinkedHashMap<>();
    for (Phase phase : phases) {
      pauses.put(
          phase.name().toLowerCase(Locale.ROOT), StageTable.json(trials.clientPauses(phase)));
    }
    all.put("clientPauses", pauses);
    List<Object> list = new ArrayList<>();
    for (StreamSpec stream : streams) {
      Map<String, Object> json = stream.json();
      for (Phase phase : phases) {
        if (trials.has(phase, stream.name())) {
          json.put(phase.name().toLowerCase(Locale.ROOT), phaseJson(phase, stream));
        }
      }
      json.put("ratios", ratios(stream.name()));
      list.add(json);
    }
    all.put("streams", list);
    return all;
  }

  private Map<String, Object> phaseJson(Phase phase, StreamSpec stream) {
    Map<String, Object> json = new LinkedHashMap<>();
    String name = stream.name();
    put(json, "iops", trials.spread(phase, name, Sample::perSecond));
    put(json, "bytesPerSecond", trials.spread(phase, name, Sample::bytesPerSecond));
    put(json, "p50Ns", trials.spread(phase, name, Sample::p50Ns));
    put(json, "p99Ns", trials.spread(phase, name, Sample::p99Ns));
    json.put("p99QuartilesNs", trials.quartiles(phase, name, Sample::p99Ns));
    put(json, "p99.9Ns", trials.spread(phase, name, Sample::p999Ns));
    put(json, "maxNs", trials.spread(phase, name, Sample::maxNs));
    put(json, "inTime", trials.spread(phase, name, sample -> sample.verdicts().hitRate()));
    json.put("parts", partsJson(phase, stream));
    json.put("verdicts", verdictsJson(trials.of(phase, name)));
    return json;
  }

  private Map<String, Object> partsJson(Phase phase, StreamSpec stream) {
    Map<Stage, Map<String, Object>> parts = new EnumMap<>(Stage.class);
    for (Stage stage : Stage.values()) {
      double p99 = median(phase, stream, sample -> p99(sample, stage));
      if (p99 >= 0) {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("p50Ns", median(phase, stream, sample -> p50(sample, stage)));
        part.put("p99Ns", p99);
        parts.put(stage, part);
      }
    }
    Map<String, Object> json = new LinkedHashMap<>();
    parts.forEach((stage, part) -> json.put(stage.name().toLowerCase(Locale.ROOT), part));
    return json;
  }

  private static double p50(Sample sample, Stage stage) {
    Sample.Part part = sample.parts().get(stage);
    return part == null ? -1 : part.p50Ns();
  }

  private static Map<String, Object> verdictsJson(List<Sample> samples) {
    long[] sums = new long[6];
    for (Sample sample : samples) {
      sums[0] += sample.verdicts().late();
      sums[1] += sample.verdicts().downgraded();
      sums[2] += sample.verdicts().throttled();
      sums[3] += sample.verdicts().deferred();
      sums[4] += sample.verdicts().expired();
      sums[5] += sample.missed();
    }
    String[] names = {"late", "downgraded", "throttled", "deferred", "expired", "neverStarted"};
    Map<String, Object> json = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      json.put(names[i], sums[i]);
    }
    json.put("effectiveClasses", effective(samples));
    return json;
  }

  /** How many I/Os the target treated as of each class that it told. */
  private static Map<String, Object> effective(List<Sample> samples) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (LatencyClass each : LatencyClass.values()) {
      long count = 0;
      for (Sample sample : samples) {
        count += sample.verdicts().effective(each.code());
      }
      if (count > 0) {
        json.put(each.name().toLowerCase(Locale.ROOT), count);
      }
    }
    return json;
  }

  private Map<String, Object> ratios(String name) {
    Map<String, Object> json = new LinkedHashMap<>();
    ratioJson(json, "p99StrippedOverHonoured", name, Phase.STRIPPED, Phase.HONOURED);
    ratioJson(json, "p99HonouredOverAlone", name, Phase.HONOURED, Phase.ALONE);
    ratioJson(json, "p99StrippedOverAlone", name, Phase.STRIPPED, Phase.ALONE);
    ratioJson(json, "p99DoubledOverHonoured", name, Phase.DOUBLED, Phase.HONOURED);
    return json;
  }

  /** Of the medians; beside it the spread of each run's own. */
  private void ratioJson(
      Map<String, Object> json, String key, String name, Phase over, Phase under) {
    double ratio = trials.p99Ratio(name, over, under);
    if (!Double.isNaN(ratio)) {
      json.put(key, ratio);
      put(json, key + "ByRun", trials.p99Ratios(name, over, under));
    }
  }

  private static void put(Map<String, Object> json, String key, Trials.Spread spread) {
    if (Double.isNaN(spread.median())) {
      return;
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("median", spread.median());
    figures.put("low", spread.low());
    figures.put("high", spread.high());
    json.put(key, figures);
  }
}
