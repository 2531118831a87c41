package io.mora.cli.streams;

import io.mora.cli.output.Figures;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.intent.Intent;
import io.mora.protocol.Nqn;
import io.mora.protocol.intent.LatencyClass;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of several loads that run at once.
 *
 * @param name unique among them
 * @param purpose what its I/O is for
 * @param shape what an I/O is, and how many
 * @param place how it reaches the target
 */
public record StreamSpec(String name, Purpose purpose, Shape shape, Place place) {
  /**
   * What I/O is for.
   *
   * @param latencyClass DEFAULT says nothing, hints or not
   * @param confidencePercent of a prefetch
   * @param step the consumer's step waits for it
   * @param expire a read that may be dropped when its budget is spent
   * @param budgetUs 0 for the class default
   */
  public record Purpose(
      LatencyClass latencyClass,
      int confidencePercent,
      boolean step,
      boolean expire,
      long budgetUs) {

    /** The namespace for I/O with this purpose. */
    RemoteNamespace tell(RemoteNamespace namespace) {
      if (latencyClass == LatencyClass.DEFAULT) {
        return namespace;
      }
      Intent intent = intent();
      intent = step ? intent.step() : intent;
      intent = expire ? intent.expire() : intent;
      return namespace.with(budgetUs == 0 ? intent : intent.budgetUs(budgetUs));
    }

    private Intent intent() {
      return switch (latencyClass) {
        case BACKGROUND -> Intent.background();
        case BULK -> Intent.bulk();
        case PREFETCH -> Intent.prefetch(confidencePercent);
        case INTERACTIVE -> Intent.interactive();
        case LOW_LATENCY -> Intent.lowLatency();
        case CRITICAL -> Intent.critical();
        default -> Intent.normal();
      };
    }

    /** What the I/O may take in the target, whether the target is told or not. */
    public long budgetNs() {
      return 1000 * (budgetUs == 0 ? latencyClass.defaultBudgetUs() : budgetUs);
    }
  }

  /**
   * What an I/O is, and how many.
   *
   * @param readPercent reads among them
   * @param depth under way at most, on all connections together
   * @param ratePerSecond meant to start each second; 0 starts one when one ends
   */
  public record Shape(
      int readPercent, int blockBytes, int depth, double ratePerSecond, boolean sequential) {
    Shape doubled() {
      return new Shape(readPercent, blockBytes, 2 * depth, 2 * ratePerSecond, sequential);
    }
  }

  /**
   * How it reaches the target.
   *
   * @param connections I/O queues, each a TCP connection
   * @param loops threads of this client
   * @param cpus where they are pinned; empty for nowhere
   * @param niceness of these threads; who goes first on a CPU they share
   * @param nsid 0 for the common one
   * @param host as which host, or null for the common one
   */
  public record Place(
      int connections, int loops, List<Integer> cpus, int niceness, int nsid, @Nullable Nqn host) {}

  /** The same with twice the I/O. */
  StreamSpec doubled() {
    return new StreamSpec(name, purpose, shape.doubled(), place);
  }

  StreamSpec named(String newName) {
    return new StreamSpec(newName, purpose, shape, place);
  }

  /** I/Os under way on each connection. */
  int depthEach() {
    return Math.max(1, (shape.depth + place.connections - 1) / place.connections);
  }

  /** {@code read 4KiB, depth 1}. */
  public String shapeText() {
    String what =
        switch (shape.readPercent) {
          case 0 -> "write";
          case 100 -> "read";
          default -> shape.readPercent + " % read";
        };
    String pace =
        shape.ratePerSecond > 0
            ? String.format(Locale.ROOT, ", %.0f/s", shape.ratePerSecond)
            : ", depth " + shape.depth;
    return what + " " + Figures.bytes(shape.blockBytes) + pace;
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("class", purpose.latencyClass.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    json.put("step", purpose.step);
    json.put("expire", purpose.expire);
    json.put("confidencePercent", purpose.confidencePercent);
    json.put("budgetNs", purpose.budgetNs());
    json.put("readPercent", shape.readPercent);
    json.put("blockBytes", shape.blockBytes);
    json.put("depth", shape.depth);
    json.put("ratePerSecond", shape.ratePerSecond);
    json.put("sequential", shape.sequential);
    json.put("connections", place.connections);
    json.put("loops", place.loops);
    json.put("cpus", place.cpus);
    json.put("niceness", place.niceness);
    json.put("host", place.host == null ? "" : place.host.value());
    return json;
  }
}
