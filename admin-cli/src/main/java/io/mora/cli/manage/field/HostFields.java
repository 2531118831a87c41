package io.mora.cli.manage.field;

import io.mora.cli.manage.client.Doc;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a host is granted. */
public final class HostFields {
  @Option(
      names = "--max-class",
      paramLabel = "CLASS",
      completionCandidates = Words.Classes.class,
      description = "Highest class its intent may ask for: ${COMPLETION-CANDIDATES}.")
  private @Nullable String maxClass;

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      completionCandidates = Words.Classes.class,
      description = "Class of its commands that carry no intent.")
  private @Nullable String latencyClass;

  @Option(
      names = "--iops",
      paramLabel = "N",
      description = "Commands a second of classes 5 to 7; 0 is no limit.")
  private @Nullable Long iops;

  @Option(
      names = "--mib-per-second",
      paramLabel = "N",
      description = "MiB a second of classes 5 to 7; 0 is no limit.")
  private @Nullable Long mibPerSecond;

  @Option(names = "--burst", paramLabel = "N", description = "Commands that may come at once.")
  private @Nullable Long burst;

  @Option(
      names = "--weight",
      paramLabel = "N",
      description = "Share among hosts within a class (default: 100).")
  private @Nullable Long weight;

  @Option(
      names = "--min-budget",
      paramLabel = "CLASS=TIME",
      description = "Shortest budget of a class, as critical=200us; may be repeated.")
  private Map<String, String> minBudget = new LinkedHashMap<>();

  @Option(
      names = "--trust",
      paramLabel = "WORD",
      completionCandidates = Words.Trusts.class,
      description =
          "What its name is worth: proven (only with a key), or claimed (whoever says it).")
  private @Nullable String trust;

  @Option(
      names = "--timing",
      paramLabel = "HOW",
      completionCandidates = Words.Timing.class,
      description = "How exactly it is told where time went: ${COMPLETION-CANDIDATES}.")
  private @Nullable String timing;

  @Option(names = "--step", negatable = true, description = "It may mark step-critical commands.")
  private @Nullable Boolean step;

  @Option(names = "--hot-metadata", negatable = true, description = "It may ask for the hot tier.")
  private @Nullable Boolean hotMetadata;

  @Option(names = "--expire", negatable = true, description = "Its reads may be dropped when late.")
  private @Nullable Boolean expire;

  @Option(names = "--recur", negatable = true, description = "It may say a range comes again.")
  private @Nullable Boolean recur;

  @Option(names = "--slots", paramLabel = "N", description = "Regions it may register.")
  private @Nullable Long slots;

  public void apply(Doc host) {
    Fields.put(host, "trust", trust);
    Fields.put(host, "timing", timing);
    Fields.put(host, "class", latencyClass);
    Fields.put(host, "maxClass", maxClass);
    Fields.put(host, "step", step);
    Fields.put(host, "hotMetadata", hotMetadata);
    Fields.put(host, "expire", expire);
    Fields.put(host, "recur", recur);
    Fields.put(host, "slots", slots);
    Fields.put(host, "weight", weight);
    Fields.put(host, "iops", iops);
    Fields.put(host, "mibPerSecond", mibPerSecond);
    Fields.put(host, "burst", burst);
    minBudget.forEach((name, time) -> Fields.put(host.make("minBudget"), name, time));
    if (host.has("minBudget") && host.at("minBudget").map().isEmpty()) {
      host.remove("minBudget");
    }
  }
}
