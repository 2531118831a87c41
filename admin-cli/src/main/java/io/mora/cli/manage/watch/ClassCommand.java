package io.mora.cli.manage.watch;

import io.mora.cli.manage.client.Doc;
import io.mora.cli.manage.client.Noun;
import io.mora.cli.output.Figures;
import io.mora.cli.output.Table;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mora class}. */
@Command(
    name = "class",
    description = "Classes of I/O: what they did, their budgets, what was late.",
    mixinStandardHelpOptions = true,
    subcommands = ClassCommand.ListAll.class)
public final class ClassCommand extends Noun {
  /** {@code mora class list}. */
  @Command(name = "list", description = "Lists what each class did; times are at the target.")
  static final class ListAll implements Runnable {
    @Mixin private Listing listing = new Listing();

    @Option(
        names = "--window",
        paramLabel = "SECONDS",
        defaultValue = "0",
        description = "Of the last seconds (default: since the target's start).")
    private int window;

    @Override
    public void run() {
      listing.print("/classes?window=" + window, ListAll::table);
    }

    private static void table(Doc doc, PrintWriter out) {
      double seconds = doc.fraction("windowSeconds");
      out.println(
          seconds > 0
              ? "in the last " + Figures.count(seconds) + " s"
              : "since the target's start");
      Table table = ClassTable.of(doc.docs("classes"), seconds);
      if (table.isEmpty()) {
        out.println("No commands.");
      } else {
        table.print(out, "");
      }
    }
  }
}
