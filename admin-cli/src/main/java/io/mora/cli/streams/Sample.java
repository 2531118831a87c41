package io.mora.cli.streams;

import io.mora.cli.load.LoadResult;
import io.mora.cli.load.Stages;
import io.mora.cli.load.Stages.Stage;
import io.mora.cli.load.Verdicts;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What one stream came to in one phase of one run: the numbers that are kept of it. */
record Sample(
    double perSecond,
    double bytesPerSecond,
    long p50Ns,
    long p99Ns,
    long p999Ns,
    long maxNs,
    Map<Stage, Part> parts,
    boolean targetTold,
    Verdicts verdicts,
    long missed) {
  /** A stage's percentiles. */
  record Part(long p50Ns, long p99Ns) {}

  static Sample of(LoadResult result, int blockBytes) {
    Stages stages = result.stages();
    Histogram total = stages.of(Stage.TOTAL);
    Map<Stage, Part> parts = new EnumMap<>(Stage.class);
    for (Stage stage : Stage.values()) {
      Histogram times = stages.of(stage);
      if (times.getTotalCount() > 0) {
        parts.put(stage, new Part(times.getValueAtPercentile(50), times.getValueAtPercentile(99)));
      }
    }
    return new Sample(
        result.perSecond(),
        result.perSecond() * blockBytes,
        total.getValueAtPercentile(50),
        total.getValueAtPercentile(99),
        total.getValueAtPercentile(99.9),
        total.getMaxValue(),
        parts,
        stages.targetKnown(),
        stages.verdicts(),
        result.missed());
  }
}
