package io.mora.cli.manage.watch;

import io.mora.cli.manage.client.Doc;
import io.mora.cli.output.Figures;
import io.mora.cli.output.Moments;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mora explain}. */
@Command(
    name = "explain",
    description = {
      "The last slow commands, and where the time of each went.",
      "Slow is what took longer at the target than latencyIntent.slowThreshold."
    })
public final class ExplainCommand implements Runnable {
  private static final int BAR = 24;

  /** Stages in words, for who has not read how commands are served. */
  private static final Map<String, String> STAGES =
      Map.of(
          "leave", "until a large write was let ask for its data",
          "buffer", "waiting for a buffer",
          "host", "waiting for the host's data",
          "scheduled", "waiting for its turn at the device",
          "device", "at the device",
          "send", "until the answer was handed to the socket");

  private static final Map<String, String> CAUSES =
      Map.of(
          "token_bucket", "the host was over its rate: 'mora host show' has its limit",
          "r2t_wait", "waiting for leave to send its data, or for the data",
          "buffer_wait", "buffers were lent out: shards.bufferMemory bounds them",
          "admission", "others were first at the device",
          "device", "the device took long",
          "send", "the connection to the host was full");

  @Mixin private Listing listing = new Listing();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "5",
      description = "The last so many (default: ${DEFAULT-VALUE}).")
  private int limit;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  ExplainCommand() {}

  @Override
  public void run() {
    listing.print("/slow?limit=" + limit, ExplainCommand::print);
  }

  private static void print(Doc doc, PrintWriter out) {
    if (doc.docs("slow").isEmpty()) {
      out.println("No command was slow. What counts as slow is latencyIntent.slowThreshold.");
    }
    String between = "";
    for (Doc each : doc.docs("slow")) {
      out.print(between);
      between = System.lineSeparator();
      one(out, each);
    }
  }

  private static void one(PrintWriter out, Doc slow) {
    long total = Math.max(1, slow.number("totalNs"));
    out.println(
        Moments.time(slow.text("at"))
            + "  "
            + slow.text("opcode")
            + " of "
            + Figures.bytes(slow.number("bytes"))
            + ", class "
            + slow.text("class")
            + ": "
            + Figures.duration(total)
            + budget(slow));
    String host = slow.text("host").isEmpty() ? "a host that is gone" : slow.text("host");
    out.println("  " + host + ", queue " + slow.text("qid") + ", namespace " + slow.text("nsid"));
    for (Doc stage : slow.docs("stages")) {
      long ns = stage.number("ns");
      if (ns > 0) {
        String name = stage.text("stage");
        out.printf(
            "  %-9s  %8s  %-" + BAR + "s  %s%n",
            name,
            Figures.duration(ns),
            "#".repeat((int) Math.min(BAR, (ns * BAR + total - 1) / total)),
            STAGES.getOrDefault(name, ""));
      }
    }
    String cause = slow.text("late");
    if (!cause.isEmpty()) {
      out.println("  late by " + cause + ": " + CAUSES.getOrDefault(cause, "see docs/qos.md"));
    }
  }

  private static String budget(Doc slow) {
    String budget = Figures.duration(slow.number("budgetNs"));
    return slow.text("late").isEmpty() ? ", within its budget of " + budget : " of " + budget;
  }
}
