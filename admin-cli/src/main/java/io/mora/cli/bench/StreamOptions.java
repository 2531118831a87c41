package io.mora.cli.bench;

import io.mora.cli.CliException;
import io.mora.cli.connect.TimeSpan;
import io.mora.cli.streams.Mix;
import io.mora.cli.streams.Phase;
import io.mora.cli.streams.Preset;
import io.mora.cli.streams.StreamSpec;
import io.mora.cli.streams.StreamSyntax;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Several streams, each with an intent of its own. */
final class StreamOptions {
  private static final int RUNS_MAX = 1000;

  /** Names of presets, for the help. */
  static final class Presets implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Preset.words().iterator();
    }
  }

  /** Whether the target is told what the I/O is for. */
  enum Hints {
    HONOURED,
    STRIPPED,
    BOTH
  }

  @Option(
      names = "--intent",
      paramLabel = "PRESET",
      completionCandidates = Presets.class,
      description = {
        "Several streams at once, each with its own intent: ${COMPLETION-CANDIDATES}.",
        "The first stream is also run alone, for comparison."
      })
  private @Nullable String preset;

  @Option(
      names = "--stream",
      paramLabel = "STREAM",
      converter = StreamSyntax.class,
      description = {
        "A stream of your own; may be given several times. For example",
        "critical:read:4k:qd1:step, prefetch:read:64k:qd8:confidence=30,",
        "bulk:write:128k:qd128:connections=4. A depth is that of all its connections together.",
        "Further parts: rate=, budget=, expire, sequential, loops=, cpus=A+B, nsid=, name=, and",
        "last host=NQN."
      })
  private List<StreamSpec> streams = List.of();

  @Option(
      names = "--hints",
      paramLabel = "WHICH",
      defaultValue = "both",
      description = {
        "honoured tells the target each stream's intent, stripped tells it nothing, both does one",
        "after the other with the same load (default: ${DEFAULT-VALUE})."
      })
  private Hints hints = Hints.BOTH;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "1",
      description = "Do all of it so often and print medians (default: ${DEFAULT-VALUE}).")
  private int runs = 1;

  @Option(
      names = "--rehearse",
      paramLabel = "TIME",
      defaultValue = "0s",
      converter = TimeSpan.class,
      description = {
        "Before the first run, do each part of it for so long without counting: code is compiled",
        "and windows have settled then (default: ${DEFAULT-VALUE})."
      })
  private Duration rehearsal = Duration.ZERO;

  @Option(
      names = "--double",
      paramLabel = "STREAM",
      description = "Also run with this stream's depth and rate doubled, right after the other.")
  private @Nullable String doubled;

  @Option(names = "--no-alone", description = "Leave out the first stream's run alone.")
  private boolean noAlone;

  long rehearsalNs() {
    return rehearsal.toNanos();
  }

  /** Whether this is what was asked for. */
  boolean asked() {
    return preset != null || !streams.isEmpty();
  }

  /** The streams, each with a name of its own. */
  List<StreamSpec> streams() {
    List<StreamSpec> all = new ArrayList<>();
    if (preset != null) {
      all.addAll(preset(preset).streams());
    }
    all.addAll(streams);
    return Mix.distinct(all);
  }

  private static Preset preset(String word) {
    for (Preset each : Preset.values()) {
      if (each.word().equals(word)) {
        return each;
      }
    }
    throw CliException.usage("--intent=" + word + ": one of " + String.join(", ", Preset.words()));
  }

  /** The phases of a run, in order. */
  List<Phase> phases() {
    List<Phase> phases = new ArrayList<>();
    if (!noAlone) {
      phases.add(Phase.ALONE);
    }
    if (hints != Hints.HONOURED) {
      phases.add(Phase.STRIPPED);
    }
    if (hints != Hints.STRIPPED) {
      phases.add(Phase.HONOURED);
    }
    if (doubled != null) {
      phases.add(Phase.DOUBLED);
    }
    return phases;
  }

  /** The phases of which runs are compared in pairs. */
  List<Phase> pairs() {
    return phases().stream()
        .filter(phase -> phase == Phase.STRIPPED || phase == Phase.HONOURED)
        .toList();
  }

  int runs() {
    if (runs < 1 || runs > RUNS_MAX) {
      throw CliException.usage("--runs=" + runs + ": 1 to " + RUNS_MAX);
    }
    return runs;
  }

  Optional<String> doubled() {
    if (doubled != null && streams().stream().noneMatch(each -> each.name().equals(doubled))) {
      throw CliException.usage("--double=" + doubled + ": the name of a stream");
    }
    return Optional.ofNullable(doubled);
  }
}
