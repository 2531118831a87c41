package io.mora.cli.bench;

import io.mora.cli.CliException;
import io.mora.cli.connect.TimeSpan;
import io.mora.cli.workload.Beside;
import io.mora.cli.workload.WorkloadKind;
import io.mora.cli.workload.WorkloadSpec;
import io.mora.cli.workload.plan.RatePhase;
import io.mora.cli.workload.plan.Zipf;
import io.mora.protocol.admin.Quantity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Requests of a model server. */
final class WorkloadOptions {
  private static final int PAGE_BYTES_MAX = 16 << 20;
  private static final int LAYERS_MAX = 1024;
  private static final int LOOKUPS_MAX = 1024;
  private static final int IN_FLIGHT_MAX = 1 << 16;
  private static final int WRITES_MAX = 512;
  private static final Pattern BESIDE = Pattern.compile("(\\d{1,4})(?:x(\\d{1,4}))?");
  private static final double RATE_MAX = 1e6;

  /** Names of kinds, for the help. */
  static final class Kinds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return words().iterator();
    }
  }

  @Option(
      names = "--workload",
      paramLabel = "KIND",
      completionCandidates = Kinds.class,
      description = {
        "Requests of a model server instead: ${COMPLETION-CANDIDATES}. They start when they are",
        "due (open loop). Time to first token is modelled: from a request's intended start, its",
        "layers one after the other; a layer begins when the one before is computed, waits until",
        "its pages are read, and takes --compute; pages of the next layers are read ahead. The",
        "first token is there when the last layer is computed. Reads that a layer asks for when",
        "it begins are step-critical and have what is left of --budget; so are, where the target",
        "takes intent, pages read ahead that are not there by then. A stall is a later layer that",
        "waits. rag: layers are look-ups, each knowing the next only when it was read.",
        "model-load: all weights. checkpoint: writes, and the time until they are durable.",
        "Beside kv-cache and rag a checkpoint is written into the region's last quarter."
      })
  private @Nullable String kind;

  @Option(
      names = "--requests",
      paramLabel = "RATE",
      description = "Requests a second (default: kv-cache 100, rag 300, the others 1).")
  private @Nullable Double perSecond;

  @Option(
      names = "--spike",
      paramLabel = "RATES",
      description = {
        "Rates one after the other, such as 10:10000:10, each for --duration: tells of each, and",
        "when it is as quick again as before. What cannot begin in time is turned away."
      })
  private @Nullable String spike;

  @Option(
      names = "--budget",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description = "Of a request (default: kv-cache 20ms, rag 5ms, model-load 10s).")
  private @Nullable Duration budget;

  @Option(
      names = "--compute",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description = "Of each layer (default: kv-cache 200us, model-load 500us, else none).")
  private @Nullable Duration compute;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "Of a request (default: kv-cache 8, rag 2, else 16).")
  private @Nullable Integer layers;

  @Option(
      names = "--ahead",
      paramLabel = "N",
      description = "Layers read ahead (default: kv-cache 2, model-load 4).")
  private @Nullable Integer ahead;

  @Option(
      names = "--pages",
      paramLabel = "MIN..MAX",
      description = {
        "Sizes, powers of two, each with as many bytes as another",
        "(default: kv-cache 16KiB..2MiB, rag 4KiB..64KiB, else 1MiB)."
      })
  private @Nullable String pages;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      defaultValue = "1024",
      description = "kv-cache: chats, by popularity (Zipf) (default: ${DEFAULT-VALUE}).")
  private int sessions = 1024;

  @Option(
      names = "--lookups",
      paramLabel = "N",
      defaultValue = "4",
      description = "rag: that a question makes at once (default: ${DEFAULT-VALUE}).")
  private int lookups = 4;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      defaultValue = "256",
      description =
          "Requests under way; more wait, their time running (default: ${DEFAULT-VALUE}).")
  private int inFlight = 256;

  @Option(
      names = "--beside",
      paramLabel = "N[xCONNECTIONS]",
      description = {
        "Writes of 1 MiB under way of a checkpoint beside it, over so many connections; 0 is none",
        "(default: kv-cache, rag 32x4, else none)."
      })
  private @Nullable String beside;

  @Option(
      names = "--refusable",
      description = {
        "Let the target refuse reads of a request's first layer at once where their deadline cannot",
        "be met; the request is then refused."
      })
  private boolean refusable;

  boolean asked() {
    return kind != null;
  }

  /** The load, of one duration or of one for each rate. */
  WorkloadSpec spec(LoadOptions load) {
    WorkloadKind of = kind();
    WorkloadKind.Defaults none = of.defaults();
    int[] sizes = sizes(none);
    return new WorkloadSpec(
        of,
        phases(none, load.durationNs()),
        load.warmupNs(),
        budget == null ? none.budgetNs() : longerThanNothing("--budget", budget),
        compute == null ? none.computeNs() : compute.toNanos(),
        number("--layers", layers, none.layers(), 1, LAYERS_MAX),
        of == WorkloadKind.RAG ? 0 : number("--ahead", ahead, none.ahead(), 0, LAYERS_MAX),
        sizes[0],
        sizes[1],
        number("--sessions", sessions, sessions, 1, Zipf.RANKS_MAX),
        number("--lookups", lookups, lookups, 1, LOOKUPS_MAX),
        number("--in-flight", inFlight, inFlight, 1, IN_FLIGHT_MAX),
        refusable,
        load.seed());
  }

  /** The checkpoint beside it. */
  Beside beside() {
    if (beside == null) {
      return kind().defaults().beside();
    }
    Matcher words = BESIDE.matcher(beside);
    int depth = words.matches() ? Integer.parseInt(words.group(1)) : -1;
    String second = depth < 0 ? null : words.group(2);
    int connections = second == null ? 1 : Integer.parseInt(second);
    if (depth < 0 || depth > WRITES_MAX || connections < 1 || connections > Math.max(1, depth)) {
      throw CliException.usage(
          "--beside=" + beside + ": 0 to " + WRITES_MAX + " writes, over at most as many: 32x4");
    }
    return depth == 0 ? Beside.NONE : new Beside(depth, connections);
  }

  private WorkloadKind kind() {
    for (WorkloadKind each : WorkloadKind.values()) {
      if (each.word().equals(kind)) {
        return each;
      }
    }
    throw CliException.usage("--workload=" + kind + ": one of " + String.join(", ", words()));
  }

  private static List<String> words() {
    return Stream.of(WorkloadKind.values()).map(WorkloadKind::word).toList();
  }

  private List<RatePhase> phases(WorkloadKind.Defaults none, long eachNs) {
    if (spike == null) {
      double rate = perSecond == null ? none.perSecond() : perSecond;
      return List.of(new RatePhase(rate("--requests", rate), eachNs));
    }
    if (perSecond != null) {
      throw CliException.usage("--spike: without --requests, its rates are those");
    }
    List<RatePhase> phases = new ArrayList<>();
    for (String word : spike.split(":", -1)) {
      try {
        phases.add(new RatePhase(rate("--spike", Double.parseDouble(word)), eachNs));
      } catch (NumberFormatException e) {
        throw CliException.usage("--spike=" + spike + ": rates, such as 10:10000:10");
      }
    }
    if (phases.size() < 2) {
      throw CliException.usage("--spike=" + spike + ": two rates or more, such as 10:10000:10");
    }
    return phases;
  }

  private static double rate(String option, double rate) {
    if (rate > 0 && rate <= RATE_MAX) {
      return rate;
    }
    throw CliException.usage(option + "=" + rate + ": above 0, up to " + (long) RATE_MAX);
  }

  private int[] sizes(WorkloadKind.Defaults none) {
    if (pages == null) {
      return new int[] {none.smallestPage(), none.largestPage()};
    }
    int[] sizes;
    try {
      sizes =
          Arrays.stream(pages.split("\\.\\.", -1))
              .mapToInt(word -> (int) Math.min(Integer.MAX_VALUE, Quantity.parseBytes(word)))
              .toArray();
    } catch (IllegalArgumentException e) {
      sizes = new int[0];
    }
    boolean good = sizes.length == 1 || (sizes.length == 2 && sizes[0] <= sizes[1]);
    for (int size : sizes) {
      good &= Integer.bitCount(size) == 1 && size <= PAGE_BYTES_MAX;
    }
    if (!good) {
      throw CliException.usage(
          "--pages=" + pages + ": a power of two or MIN..MAX, such as 16KiB..2MiB, up to 16MiB");
    }
    return new int[] {sizes[0], sizes[sizes.length - 1]};
  }

  private static long longerThanNothing(String option, Duration value) {
    if (value.isZero() || value.isNegative() || value.toMinutes() > 1) {
      throw CliException.usage(option + "=" + value + ": longer than nothing, up to a minute");
    }
    return value.toNanos();
  }

  private static int number(String option, @Nullable Integer value, int none, int min, int max) {
    int number = value == null ? none : value;
    if (number < min || number > max) {
      throw CliException.usage(option + "=" + number + ": " + min + " to " + max);
    }
    return number;
  }
}
