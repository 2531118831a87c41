package io.mora.cli.load;

import io.mora.cli.load.Stages.Stage;
import io.mora.cli.output.Figures;
import io.mora.cli.output.Table;
import io.mora.qos.pause.PauseSum;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Where the time went, for people and for programs. A stage that nobody told stays out. */
public final class StageTable {
  private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};
  private static final String[] NAMES = {"p50Ns", "p90Ns", "p99Ns", "p99.9Ns", "p99.99Ns"};

  private StageTable() {}

  /** A row for each stage. */
  public static Table of(Stages stages) {
    Table table = new Table("stage", ">p50", ">p99", ">p99.9", "what it is");
    for (Stage stage : Stage.values()) {
      Histogram times = stages.of(stage);
      if (times.getTotalCount() > 0) {
        table.row(
            name(stage, stages),
            Figures.duration(times.getValueAtPercentile(50)),
            Figures.duration(times.getValueAtPercentile(99)),
            Figures.duration(times.getValueAtPercentile(99.9)),
            meaning(stage, stages));
      }
    }
    return table;
  }

  /** {@code client}, {@code queue}...; network includes the target that does not tell its share. */
  public static String name(Stage stage, Stages stages) {
    boolean both = stage == Stage.NETWORK && !stages.targetKnown();
    return both ? "network+target" : stage.name().toLowerCase(Locale.ROOT);
  }

  /** One line about a stage. */
  public static String meaning(Stage stage, Stages stages) {
    return switch (stage) {
      case CLIENT -> "in this host, until the command was sent";
      case QUEUE -> "waiting in the target" + exactness(stages);
      case DEVICE -> "in the target's device" + exactness(stages);
      case TARGET -> "in the target otherwise";
      case NETWORK ->
          stages.targetKnown()
              ? "the wire and both network stacks"
              : "wire and target, which tells no times";
      case TOTAL -> "from the intended start to the end";
    };
  }

  private static String exactness(Stages stages) {
    return stages.targetCoarse() ? ", rounded up to 16 us" : "";
  }

  /** Each stage's percentiles. */
  public static Map<String, Object> json(Stages stages) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (Stage stage : Stage.values()) {
      Histogram times = stages.of(stage);
      if (times.getTotalCount() > 0) {
        json.put(stage.name().toLowerCase(Locale.ROOT), json(times));
      }
    }
    return json;
  }

  /** Count, mean, percentiles and maximum of a histogram of ns. */
  public static Map<String, Object> json(Histogram times) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("count", times.getTotalCount());
    if (times.getTotalCount() > 0) {
      json.put("meanNs", times.getMean());
      for (int i = 0; i < PERCENTILES.length; i++) {
        json.put(NAMES[i], times.getValueAtPercentile(PERCENTILES[i]));
      }
      json.put("maxNs", times.getMaxValue());
    }
    return json;
  }

  /** Pauses of a collector. */
  public static Map<String, Object> json(PauseSum pauses) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("count", pauses.count());
    json.put("totalMs", pauses.totalMs());
    json.put("longestMs", pauses.longestMs());
    return json;
  }
}
