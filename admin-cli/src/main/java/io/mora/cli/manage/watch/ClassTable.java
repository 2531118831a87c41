package io.mora.cli.manage.watch;

import io.mora.cli.manage.client.Doc;
import io.mora.cli.output.Figures;
import io.mora.cli.output.Table;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What classes of I/O did, as rows. */
final class ClassTable {
  private ClassTable() {}

  /**
   * Classes that did something, the most urgent first.
   *
   * @param seconds the counts are of so many; 0 for counts since the start
   */
  static Table of(List<Doc> classes, double seconds) {
    Table table =
        new Table(
            "CLASS",
            seconds > 0 ? ">CMDS/S" : ">COMMANDS",
            ">P50",
            ">P99",
            ">P99.9",
            ">BUDGET",
            ">LATE",
            ">LATE %",
            "MOSTLY BY");
    classes.stream()
        .filter(each -> each.number("commands") > 0)
        .sorted((a, b) -> Long.compare(b.number("code"), a.number("code")))
        .forEach(each -> row(table, each, seconds));
    return table;
  }

  private static void row(Table table, Doc each, double seconds) {
    long commands = each.number("commands");
    table.row(
        each.text("class"),
        rate(commands, seconds),
        latency(each, "p50Ns"),
        latency(each, "p99Ns"),
        latency(each, "p999Ns"),
        Figures.duration(each.number("budgetNs")),
        each.number("late"),
        percent(each.number("late"), commands),
        cause(each.at("lateByCause")));
  }

  static String rate(long count, double seconds) {
    return Figures.count(seconds > 0 ? count / seconds : (double) count);
  }

  static String latency(Doc doc, String key) {
    return doc.number("commands") == 0 ? Figures.NONE : Figures.duration(doc.number(key));
  }

  static String percent(long part, long of) {
    return of == 0 ? Figures.NONE : String.format(Locale.ROOT, "%.2f", 100.0 * part / of);
  }

  private static String cause(Doc causes) {
    return causes.map().keySet().stream()
        .map(key -> Map.entry(key, causes.number(key)))
        .filter(each -> each.getValue() > 0)
        .max(Map.Entry.comparingByValue())
        .map(each -> each.getKey())
        .orElse(Figures.NONE);
  }
}
