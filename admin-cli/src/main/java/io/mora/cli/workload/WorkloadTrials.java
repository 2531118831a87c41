package io.mora.cli.workload;

import io.mora.cli.streams.Phase;
import io.mora.cli.streams.Trials;
import io.mora.cli.streams.Trials.Spread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** The outcomes of every run, with hints and without. */
public final class WorkloadTrials {
  private static final long SEED_STEP = 1_000_003;

  private final Map<Phase, List<Outcome>> outcomes = new EnumMap<>(Phase.class);

  WorkloadTrials() {}

  /**
   * Runs each phase so many times. Both of a pair have the same requests at the same times; which
   * is first changes from pair to pair, so that what drifts moves both alike.
   *
   * @param rehearsalNs of each phase before, not counted; 0 is none
   * @param progress told what begins, and an empty text at the end
   */
  public static WorkloadTrials run(
      WorkloadSession session,
      WorkloadSpec spec,
      List<Phase> phases,
      int runs,
      long rehearsalNs,
      Consumer<String> progress)
      throws InterruptedException {
    WorkloadTrials trials = new WorkloadTrials();
    for (Phase phase : rehearsalNs > 0 ? phases : List.<Phase>of()) {
      progress.accept("rehearsal, " + phase.words());
      session.run(phase, spec.within(rehearsalNs), spec.seed() - 1);
    }
    for (int run = 0; run < runs; run++) {
      for (int i = 0; i < phases.size(); i++) {
        Phase phase = phases.get(run % 2 == 0 ? i : phases.size() - 1 - i);
        progress.accept("run " + (run + 1) + " of " + runs + ", " + phase.words());
        trials.add(phase, session.run(phase, spec, spec.seed() + SEED_STEP * run));
      }
    }
    progress.accept("");
    return trials;
  }

  void add(Phase phase, Outcome outcome) {
    outcomes.computeIfAbsent(phase, key -> new ArrayList<>()).add(outcome);
  }

  /** In order of the runs; empty if there were none. */
  List<Outcome> of(Phase phase) {
    return outcomes.getOrDefault(phase, List.of());
  }

  Spread spread(Phase phase, ToDoubleFunction<Outcome> figure) {
    return Trials.spread(of(phase).stream().mapToDouble(figure).sorted().toArray());
  }

  /** Stripped over honoured, of the medians; NaN if one of them did not run. */
  double ratio(ToDoubleFunction<Outcome> figure) {
    return spread(Phase.STRIPPED, figure).median() / spread(Phase.HONOURED, figure).median();
  }

  /** The same run by run. */
  Spread ratios(ToDoubleFunction<Outcome> figure) {
    List<Outcome> stripped = of(Phase.STRIPPED);
    List<Outcome> honoured = of(Phase.HONOURED);
    double[] all = new double[Math.min(stripped.size(), honoured.size())];
    for (int i = 0; i < all.length; i++) {
      all[i] = figure.applyAsDouble(stripped.get(i)) / figure.applyAsDouble(honoured.get(i));
    }
    Arrays.sort(all);
    return Trials.spread(all);
  }
}
