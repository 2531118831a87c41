package io.mora.cli.manage;

import io.mora.cli.manage.client.AdminClient;
import io.mora.cli.manage.client.ChangeOptions;
import io.mora.cli.manage.client.Confirmation;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.manage.client.HostArgument;
import io.mora.cli.manage.client.HostName;
import io.mora.cli.manage.client.Noun;
import io.mora.cli.manage.field.HostFields;
import io.mora.cli.manage.watch.Listing;
import io.mora.cli.output.Figures;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mora grant}: what a host may ask for, apart from where it may connect. */
@Command(
    name = "grant",
    description = "What hosts may ask for: classes, budgets, rates, timing. Effective at once.",
    mixinStandardHelpOptions = true,
    subcommands = {GrantCommand.ListAll.class, GrantCommand.Set.class, GrantCommand.Revoke.class})
public final class GrantCommand extends Noun {
  /** What lets a host ask for more than others; limits are not taken back with it. */
  private static final List<String> GRANTS =
      List.of(
          "trust",
          "maxClass",
          "class",
          "step",
          "hotMetadata",
          "expire",
          "recur",
          "slots",
          "timing");

  /** {@code mora grant list}. */
  @Command(name = "list", description = "Lists what each known host is granted.")
  static final class ListAll implements Runnable {
    @Mixin private Listing listing = new Listing();

    @Override
    public void run() {
      listing.print("/hosts", ListAll::table);
    }

    private static void table(Doc doc, PrintWriter out) {
      List<Doc> hosts = doc.docs("hosts");
      Table table = new Table("!HOST", "IDENTITY", "CLASSES", "SHORTEST BUDGETS", "TIMING");
      for (Doc each : hosts) {
        table.row(
            HostName.shown(each.text("nqn")),
            identity(each),
            "up to " + each.text("maxClass", "normal"),
            budgets(each.at("minBudget")),
            each.text("timing", "coarse"));
      }
      table.row("(any other)", "claimed", "up to normal", Figures.NONE, "coarse");
      table.print(out, "");
    }

    /** What it can show, beside what it says; over TLS only where it comes in so. */
    private static String identity(Doc host) {
      if (!host.at("dhchap").map().isEmpty()) {
        return "proved";
      }
      String otherwise = host.text("trust", "proven").equals("claimed") ? "believed" : "claimed";
      return host.at("tls").map().isEmpty() ? otherwise : "proved over TLS, else " + otherwise;
    }

    private static String budgets(Doc budgets) {
      List<String> each = new ArrayList<>();
      budgets.map().keySet().forEach(name -> each.add(name + " " + budgets.text(name)));
      return each.isEmpty() ? Figures.NONE : String.join(", ", each);
    }
  }

  /** {@code mora grant set}. */
  @Command(
      name = "set",
      description = "Changes what a known host is granted; 'default' as a value takes it back.")
  static final class Set implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();
    @Mixin private HostArgument named = new HostArgument();
    @Mixin private HostFields fields = new HostFields();

    @Override
    public void run() {
      AdminClient client = change.client();
      Doc changed = client.edit(AdminClient.path("hosts", named.nqn()), fields::apply);
      change.report(global, "grant of host " + HostName.shown(named.nqn()) + " changed", changed);
    }
  }

  /** {@code mora grant revoke}. */
  @Command(
      name = "revoke",
      description = "Takes back what a host was granted; limits and access stay as they are.")
  static final class Revoke implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();
    @Mixin private Confirmation confirmation = new Confirmation();
    @Mixin private HostArgument named = new HostArgument();

    @Override
    public void run() {
      AdminClient client = change.client();
      String path = AdminClient.path("hosts", named.nqn());
      client.get(path); // the daemon's words where there is none
      confirmation.ask(
          global,
          "From its next command on, host "
              + named.nqn()
              + " gets what any host gets; its limits stay.");
      Doc changed = client.edit(path, host -> GRANTS.forEach(host::remove));
      change.report(global, "grant of host " + HostName.shown(named.nqn()) + " revoked", changed);
    }
  }
}
