package io.mora.cli.manage.watch;

import io.mora.cli.manage.client.Doc;
import io.mora.cli.manage.client.HostName;
import io.mora.cli.output.Figures;
import io.mora.cli.output.Moments;
import io.mora.cli.output.Table;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One screen of {@code mora top}. */
final class TopScreen {
  private static final int MODES_MAX = 8;

  private final Doc all;
  private final double seconds;
  private final PrintWriter out;

  private TopScreen(Doc all, PrintWriter out) {
    this.all = all;
    this.out = out;
    seconds = Math.max(all.fraction("windowSeconds"), 0);
  }

  static String text(Doc all, int rows) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    new TopScreen(all, out).print(rows);
    out.flush();
    return text.toString();
  }

  private void print(int rows) {
    head();
    out.println();
    Table classes = ClassTable.of(all.at("total").docs("classes"), seconds);
    if (classes.isEmpty()) {
      out.println("No commands in this time.");
    } else {
      classes.print(out, "");
      part("HOST", "host", all.docs("hosts"), rows);
      part("NAMESPACE", "namespace", all.docs("namespaces"), rows);
    }
    modes();
  }

  private void head() {
    Doc about = all.at("version");
    out.println(
        "mora "
            + about.text("version")
            + "  up "
            + up(about.text("started"))
            + "  "
            + about.text("shards")
            + (about.number("shards") == 1 ? " shard, " : " shards, ")
            + about.text("transport")
            + "  "
            + all.text("connections")
            + " connections  "
            + Moments.time(all.text("at")));
    Doc total = all.at("total");
    out.println(
        ClassTable.rate(total.number("commands"), seconds)
            + (seconds > 0 ? " commands/s  " : " commands  ")
            + throughput(total)
            + "  p50 "
            + ClassTable.latency(total, "p50Ns")
            + "  p99 "
            + ClassTable.latency(total, "p99Ns")
            + "  p99.9 "
            + ClassTable.latency(total, "p999Ns")
            + "  late "
            + total.number("late")
            + (seconds > 0
                ? "  in the last " + Figures.count(Math.rint(seconds * 10) / 10) + " s"
                : "  since its start"));
  }

  private String throughput(Doc row) {
    long perSecond = seconds > 0 ? Math.round(row.number("bytes") / seconds) : 0;
    return Figures.bytes(perSecond) + "/s";
  }

  private void part(String title, String key, List<Doc> rows, int limit) {
    if (rows.isEmpty()) {
      return;
    }
    out.println();
    Table table = new Table(title, ">CMDS/S", ">BYTES/S", ">P50", ">P99", ">P99.9", ">LATE");
    rows.stream()
        .limit(limit)
        .forEach(
            row ->
                table.row(
                    HostName.shown(row.text(key)),
                    ClassTable.rate(row.number("commands"), seconds),
                    throughput(row),
                    ClassTable.latency(row, "p50Ns"),
                    ClassTable.latency(row, "p99Ns"),
                    ClassTable.latency(row, "p999Ns"),
                    row.number("late")));
    table.print(out, "");
  }

  /** Modes that promise something or were used; the others would only fill the screen. */
  private void modes() {
    Table table =
        new Table("MODE OF", ">NSID", "MODE", ">P99 TARGET", ">WINDOWS", ">BROKEN", ">HELD BACK");
    all.docs("modes").stream()
        .filter(each -> each.number("windows") > 0 || each.number("heldNs") > 0)
        .limit(MODES_MAX)
        .forEach(
            each ->
                table.row(
                    each.text("subsystem"),
                    each.text("nsid"),
                    each.text("mode"),
                    Figures.duration(each.at("promise").number("targetNs")),
                    each.text("windows"),
                    each.text("broken"),
                    Figures.duration(each.number("heldNs"))));
    if (!table.isEmpty()) {
      out.println();
      table.print(out, "");
    }
  }

  static String up(String started) {
    try {
      Duration up = Duration.between(Instant.parse(started), Instant.now());
      if (up.toDays() > 0) {
        return up.toDays() + " d " + up.toHoursPart() + " h";
      }
      return up.toHours() > 0
          ? up.toHours() + " h " + up.toMinutesPart() + " min"
          : up.toMinutes() + " min " + up.toSecondsPart() + " s";
    } catch (DateTimeException e) {
      return Figures.NONE;
    }
  }
}
