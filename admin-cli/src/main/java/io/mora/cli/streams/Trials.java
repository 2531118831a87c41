package io.mora.cli.streams;

import io.mora.qos.pause.PauseSum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The samples of every run, by phase and stream. */
public final class Trials {
  private final Map<Phase, Map<String, List<Sample>>> samples = new EnumMap<>(Phase.class);

  private final Map<Phase, List<Double>> clientCpus = new EnumMap<>(Phase.class);
  private final Map<Phase, PauseSum> clientPauses = new EnumMap<>(Phase.class);

  /** Of several runs: the middle one, the lowest, the highest. */
  public record Spread(double median, double low, double high) {}

  void add(Phase phase, String stream, Sample sample) {
    samples
        .computeIfAbsent(phase, key -> new HashMap<>())
        .computeIfAbsent(stream, key -> new ArrayList<>())
        .add(sample);
  }

  void clientCpus(Phase phase, double busy) {
    clientCpus.computeIfAbsent(phase, key -> new ArrayList<>()).add(busy);
  }

  void clientPauses(Phase phase, PauseSum pauses) {
    clientPauses.merge(phase, pauses, PauseSum::and);
  }

  /** Of this client's collector in all runs, warm-up included. */
  PauseSum clientPauses(Phase phase) {
    return clientPauses.getOrDefault(phase, PauseSum.NONE);
  }

  /** How many CPUs this client kept busy, warm-up included. */
  Spread clientCpus(Phase phase) {
    List<Double> busy = clientCpus.getOrDefault(phase, List.of());
    return spread(busy.stream().mapToDouble(each -> each).sorted().toArray());
  }

  /** In order of the runs; empty if there were none. */
  List<Sample> of(Phase phase, String stream) {
    return samples.getOrDefault(phase, Map.of()).getOrDefault(stream, List.of());
  }

  /** Whether the stream ran in the phase. */
  public boolean has(Phase phase, String stream) {
    return !of(phase, stream).isEmpty();
  }

  Spread spread(Phase phase, String stream, ToDoubleFunction<Sample> figure) {
    return spread(of(phase, stream).stream().mapToDouble(figure).sorted().toArray());
  }

  /** Of figures in rising order. */
  public static Spread spread(double[] sorted) {
    int n = sorted.length;
    if (n == 0) {
      return new Spread(Double.NaN, Double.NaN, Double.NaN);
    }
    double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    return new Spread(median, sorted[0], sorted[n - 1]);
  }

  /** Interquartile range of a figure; the nearest ranks. */
  double quartiles(Phase phase, String stream, ToDoubleFunction<Sample> figure) {
    double[] sorted = of(phase, stream).stream().mapToDouble(figure).sorted().toArray();
    int n = sorted.length;
    return n == 0 ? Double.NaN : sorted[Math.min(n - 1, 3 * n / 4)] - sorted[n / 4];
  }

  /** Of the whole time from the intended start. */
  public Spread p99Ns(Phase phase, String stream) {
    return spread(phase, stream, Sample::p99Ns);
  }

  /** What was moved. */
  public Spread bytesPerSecond(Phase phase, String stream) {
    return spread(phase, stream, Sample::bytesPerSecond);
  }

  /** How many times the p99 of one phase is that of another; NaN if one did not run. */
  public double p99Ratio(String stream, Phase over, Phase under) {
    return spread(over, stream, Sample::p99Ns).median()
        / spread(under, stream, Sample::p99Ns).median();
  }

  /** The same run by run, so that what moved both moves neither. */
  Spread p99Ratios(String stream, Phase over, Phase under) {
    List<Sample> above = of(over, stream);
    List<Sample> below = of(under, stream);
    double[] ratios = new double[Math.min(above.size(), below.size())];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = (double) above.get(i).p99Ns() / below.get(i).p99Ns();
    }
    Arrays.sort(ratios);
    return spread(ratios);
  }
}
