package io.mora.cli.workload;

import io.mora.cli.output.Figures;
import io.mora.cli.output.Table;
import io.mora.cli.streams.Phase;
import io.mora.cli.streams.Trials.Spread;
import io.mora.cli.workload.Outcome.PhaseOutcome;
import io.mora.cli.workload.Tally.Count;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** What requests came to, with hints and without: as tables and as JSON. */
public final class WorkloadReport {
  private static final double MIB = 1 << 20;

  private final WorkloadSpec spec;
  private final List<Phase> phases;
  private final Beside beside;
  private final WorkloadTrials trials;
  private final int runs;

  public WorkloadReport(
      WorkloadSpec spec, Beside beside, List<Phase> phases, int runs, WorkloadTrials trials) {
    this.spec = spec;
    this.beside = beside;
    this.phases = phases;
    this.runs = runs;
    this.trials = trials;
  }

  /** The figures of each part of the rate, then what hints were worth. */
  public void table(PrintWriter out) {
    out.println(
        spec.kind().word()
            + ", "
            + runs
            + (runs == 1 ? " run" : " runs")
            + (phases.size() > 1 ? " of each, in turn" : "")
            + (runs == 1 ? "" : "; medians")
            + "; budget "
            + Figures.duration(spec.budgetNs())
            + "; seed "
            + spec.seed());
    for (int part = 0; part < spec.phases().size(); part++) {
      out.println();
      out.println(
          Figures.count(spec.phases().get(part).perSecond())
              + " requests a second for "
              + Figures.duration(spec.phases().get(part).lengthNs())
              + ":");
      figures(part).print(out, "  ");
    }
    out.println();
    verdict(out);
  }

  private Table figures(int part) {
    Table table =
        new Table(
            spec.kind().wholeText(),
            ">done/s",
            ">MiB/s",
            ">p50",
            ">p99",
            ">p99.9",
            ">in time",
            ">reads in time",
            ">stalls",
            ">refused");
    for (Phase phase : phases) {
      table.row(
          phase.words(),
          Figures.count(median(phase, part, PhaseOutcome::donePerSecond)),
          Figures.count(median(phase, part, PhaseOutcome::bytesPerSecond) / MIB),
          time(phase, part, PhaseOutcome::p50Ns),
          time(phase, part, PhaseOutcome::p99Ns),
          time(phase, part, PhaseOutcome::p999Ns),
          percent(median(phase, part, PhaseOutcome::inTime)),
          percent(median(phase, part, PhaseOutcome::demandsInTime)),
          Figures.count(median(phase, part, PhaseOutcome::stallsEach)),
          percent(median(phase, part, WorkloadReport::refusedShare)));
    }
    return table;
  }

  private static double refusedShare(PhaseOutcome outcome) {
    long refused = outcome.count(Count.REFUSED) + outcome.count(Count.TURNED_AWAY);
    return (double) refused / outcome.count(Count.OFFERED);
  }

  private void verdict(PrintWriter out) {
    if (trials.spread(phases.get(0), Outcome::besideBytesPerSecond).median() > 0) {
      for (Phase phase : phases) {
        out.println(
            String.format(
                Locale.ROOT,
                "checkpoint beside it, %s: %s MiB/s, p99 %s",
                phase.words(),
                Figures.count(trials.spread(phase, Outcome::besideBytesPerSecond).median() / MIB),
                Figures.duration((long) trials.spread(phase, Outcome::besideP99Ns).median())));
      }
    }
    if (spec.isSpike()) {
      for (Phase phase : phases) {
        double after = trials.spread(phase, Outcome::normalAfterNs).median();
        out.println(
            "as quick as before the spike, "
                + phase.words()
                + ": "
                + (after < 0 ? "not again" : "after " + Figures.duration((long) after)));
      }
    }
    if (phases.size() > 1) {
      out.println(
          String.format(
              Locale.ROOT,
              "p99 with hints stripped is %s times that with hints honoured; all moved: %.2f times",
              Figures.count(trials.ratio(WorkloadReport::p99)),
              trials.ratio(Outcome::bytesPerSecond)));
    }
  }

  private static double p99(Outcome outcome) {
    return outcome.first().p99Ns();
  }

  private double median(Phase phase, int part, ToDoubleFunction<PhaseOutcome> figure) {
    return trials.spread(phase, run -> figure.applyAsDouble(run.phases().get(part))).median();
  }

  private String time(Phase phase, int part, ToLongFunction<PhaseOutcome> figure) {
    return Figures.duration((long) median(phase, part, figure::applyAsLong));
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? Figures.NONE : String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  /** The same figures for programs. */
  public Map<String, Object> json() {
    Map<String, Object> all = new LinkedHashMap<>(spec.json());
    all.put("besideDepth", beside.depth());
    all.put("besideConnections", beside.connections());
    all.put("runs", runs);
    for (Phase phase : phases) {
      all.put(phase.name().toLowerCase(Locale.ROOT), json(phase));
    }
    if (phases.size() > 1) {
      Map<String, Object> ratios = new LinkedHashMap<>();
      ratios.put("p99StrippedOverHonoured", trials.ratio(WorkloadReport::p99));
      put(ratios, "p99StrippedOverHonouredByRun", trials.ratios(WorkloadReport::p99));
      ratios.put("bytesStrippedOverHonoured", trials.ratio(Outcome::bytesPerSecond));
      put(ratios, "bytesStrippedOverHonouredByRun", trials.ratios(Outcome::bytesPerSecond));
      all.put("ratios", ratios);
    }
    return all;
  }

  private Map<String, Object> json(Phase phase) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("parts", parts(phase));
    put(json, "checkpointBytesPerSecond", trials.spread(phase, Outcome::besideBytesPerSecond));
    put(json, "checkpointP99Ns", trials.spread(phase, Outcome::besideP99Ns));
    put(json, "bytesPerSecond", trials.spread(phase, Outcome::bytesPerSecond));
    put(json, "clientCpus", trials.spread(phase, Outcome::clientCpus));
    if (spec.isSpike()) {
      put(json, "normalAfterNs", trials.spread(phase, Outcome::normalAfterNs));
    }
    return json;
  }

  private List<Object> parts(Phase phase) {
    List<Object> parts = new ArrayList<>();
    for (int part = 0; part < spec.phases().size(); part++) {
      int at = part;
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("requestsPerSecond", spec.phases().get(part).perSecond());
      figure(json, "donePerSecond", phase, at, PhaseOutcome::donePerSecond);
      figure(json, "bytesPerSecond", phase, at, PhaseOutcome::bytesPerSecond);
      figure(json, "p50Ns", phase, at, PhaseOutcome::p50Ns);
      figure(json, "p99Ns", phase, at, PhaseOutcome::p99Ns);
      figure(json, "p99.9Ns", phase, at, PhaseOutcome::p999Ns);
      figure(json, "maxNs", phase, at, PhaseOutcome::maxNs);
      figure(json, "inTime", phase, at, PhaseOutcome::inTime);
      figure(json, "demandP50Ns", phase, at, PhaseOutcome::demandP50Ns);
      figure(json, "demandP99Ns", phase, at, PhaseOutcome::demandP99Ns);
      figure(json, "demandsInTime", phase, at, PhaseOutcome::demandsInTime);
      figure(json, "stallsEach", phase, at, PhaseOutcome::stallsEach);
      figure(json, "stalledP99Ns", phase, at, PhaseOutcome::stalledP99Ns);
      Map<String, Object> counts = new LinkedHashMap<>();
      for (Count what : Count.values()) {
        counts.put(
            camel(what.name()),
            trials.of(phase).stream().mapToLong(run -> run.phases().get(at).count(what)).sum());
      }
      json.put("counts", counts);
      parts.add(json);
    }
    return parts;
  }

  private void figure(
      Map<String, Object> json,
      String key,
      Phase phase,
      int part,
      ToDoubleFunction<PhaseOutcome> figure) {
    put(json, key, trials.spread(phase, run -> figure.applyAsDouble(run.phases().get(part))));
  }

  private static String camel(String name) {
    StringBuilder text = new StringBuilder();
    for (String word : name.toLowerCase(Locale.ROOT).split("_", -1)) {
      text.append(
          text.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return text.toString();
  }

  private static void put(Map<String, Object> json, String key, Spread spread) {
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
