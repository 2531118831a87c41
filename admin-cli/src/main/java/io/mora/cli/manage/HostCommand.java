package io.mora.cli.manage;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.manage.client.AdminClient;
import io.mora.cli.manage.client.AdminClient.Part;
import io.mora.cli.manage.client.AdminOptions;
import io.mora.cli.manage.client.ChangeOptions;
import io.mora.cli.manage.client.Confirmation;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.manage.client.HostArgument;
import io.mora.cli.manage.client.HostName;
import io.mora.cli.manage.client.Noun;
import io.mora.cli.manage.field.Fields;
import io.mora.cli.manage.field.HostFields;
import io.mora.cli.manage.key.KeyCommand;
import io.mora.cli.manage.watch.Listing;
import io.mora.cli.output.Figures;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mora host}. */
@Command(
    name = "host",
    description =
        "The hosts a running target knows: what they are granted, where they may connect.",
    mixinStandardHelpOptions = true,
    subcommands = {
      HostCommand.ListAll.class,
      HostCommand.Show.class,
      HostCommand.Add.class,
      HostCommand.Set.class,
      HostCommand.Remove.class,
      KeyCommand.class
    })
public final class HostCommand extends Noun {
  private static final String PATH = "/hosts";
  private static final String CONFIG = "/config";
  private static final String ALLOWED = "allowedHosts";

  private static Entry entry(String nqn) {
    return new Entry("host " + nqn, AdminClient.path("hosts", nqn), "mora host set " + nqn);
  }

  private static List<String> allowedBy(Doc config, String host) {
    return config.docs("subsystems").stream()
        .filter(each -> each.texts(ALLOWED).contains(host))
        .map(each -> each.text("nqn"))
        .toList();
  }

  /** The kinds of hints a host may use. */
  private static String hints(Doc host) {
    List<String> hints =
        new ArrayList<>(
            Stream.of("step", "hotMetadata", "expire", "recur").filter(host::flag).toList());
    if (host.number("slots") > 0) {
      hints.add(host.text("slots") + " slots");
    }
    return hints.isEmpty() ? Figures.NONE : String.join(", ", hints);
  }

  /** {@code mora host list}. */
  @Command(name = "list", description = "Lists hosts with their grants.")
  static final class ListAll implements Runnable {
    @Mixin private Listing listing = new Listing();

    @Override
    public void run() {
      listing.print(PATH, ListAll::table);
    }

    private static void table(Doc doc, PrintWriter out) {
      List<Doc> hosts = doc.docs("hosts");
      if (hosts.isEmpty()) {
        out.println("No hosts. 'mora host add NQN' makes one known.");
        return;
      }
      Table table = new Table("!HOST", "MAX CLASS", "CLASS", ">IOPS", ">MIB/S", ">WEIGHT", "HINTS");
      for (Doc each : hosts) {
        table.row(
            HostName.shown(each.text("nqn")),
            each.text("maxClass", "normal"),
            each.text("class", Figures.NONE),
            each.number("iops") == 0 ? Figures.NONE : each.text("iops"),
            each.number("mibPerSecond") == 0 ? Figures.NONE : each.text("mibPerSecond"),
            each.text("weight", "100"),
            hints(each));
      }
      table.print(out, "");
    }
  }

  /** {@code mora host show}. */
  @Command(name = "show", description = "Shows one: its grants, and where it may connect.")
  static final class Show implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private AdminOptions admin = new AdminOptions();

    @Mixin private HostArgument named = new HostArgument();

    @Override
    public void run() {
      String nqn = named.nqn();
      AdminClient client = admin.client();
      Doc doc = client.get(entry(nqn).path());
      List<String> allowed = allowedBy(client.get("/subsystems"), nqn);
      doc.put("allowedBy", allowed);
      global.print(doc.map(), out -> print(doc, allowed, out));
    }

    private static void print(Doc doc, List<String> allowed, PrintWriter out) {
      out.println(doc.text("nqn"));
      out.println("  highest class  " + doc.text("maxClass", "normal"));
      out.println("  without intent " + doc.text("class", "as its namespace or listener says"));
      out.println("  commands/s     " + limit(doc, "iops"));
      out.println("  MiB/s          " + limit(doc, "mibPerSecond"));
      out.println("  at once        " + doc.text("burst", "64"));
      out.println("  weight         " + doc.text("weight", "100"));
      out.println("  timing         " + doc.text("timing", "coarse"));
      out.println("  hints          " + hints(doc));
      out.println("  proves itself  " + proof(doc));
      out.println("  over TLS       " + (doc.at("tls").map().isEmpty() ? "no" : "with its key"));
      Doc budgets = doc.at("minBudget");
      for (String key : budgets.map().keySet()) {
        out.println("  budget         of " + key + " " + budgets.text(key) + " or more");
      }
      for (String each : allowed) {
        out.println("  may connect to " + each);
      }
      if (allowed.isEmpty()) {
        out.println("  may connect to subsystems that let any host in");
      }
    }

    private static String proof(Doc host) {
      Doc dhchap = host.at("dhchap");
      if (dhchap.map().isEmpty()) {
        return host.text("trust", "proven").equals("claimed") ? "no; its name is believed" : "no";
      }
      boolean both = dhchap.has("controllerKey") || dhchap.has("controllerKeyFile");
      return both ? "with its key, and the target to it" : "with its key";
    }

    private static String limit(Doc doc, String key) {
      return doc.number(key) == 0 ? "no limit" : doc.text(key);
    }
  }

  /** Where a host may connect: changed together with it, or not at all. */
  static final class Access {
    @Option(
        names = "--allow",
        paramLabel = "NQN",
        description = "Let it connect to this subsystem; may be repeated.")
    private List<String> allow = new ArrayList<>();

    @Option(
        names = "--disallow",
        paramLabel = "NQN",
        description = "Let it connect to this subsystem no more; may be repeated.")
    private List<String> disallow = new ArrayList<>();

    /** Puts a host and its access into a configuration. */
    private void apply(Doc config, Doc host) {
      String nqn = host.text("nqn");
      List<Doc> hosts = config.docs("hosts");
      hosts.removeIf(each -> each.text("nqn").equals(nqn));
      hosts.add(host);
      config.putDocs("hosts", hosts);
      allow.forEach(
          each -> Fields.change(subsystem(config, each), ALLOWED, List.of(nqn), List.of()));
      disallow.forEach(
          each -> Fields.change(subsystem(config, each), ALLOWED, List.of(), List.of(nqn)));
    }

    private static Doc subsystem(Doc config, String nqn) {
      return config.docs("subsystems").stream()
          .filter(each -> each.text("nqn").equals(nqn))
          .findFirst()
          .orElseThrow(
              () ->
                  new CliException(
                      ExitCodes.FAILED,
                      "there is no subsystem "
                          + nqn
                          + "; 'mora subsystem list' has those there are"));
    }
  }

  private static Doc host(Doc config, String nqn) {
    return config.docs("hosts").stream()
        .filter(each -> each.text("nqn").equals(nqn))
        .findFirst()
        .orElseGet(Doc::empty);
  }

  /** {@code mora host add}. */
  @Command(name = "add", description = "Makes a host known, with its grants.")
  static final class Add implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();

    @Mixin private HostArgument named = new HostArgument();

    @Mixin private Access access = new Access();
    @Mixin private HostFields fields = new HostFields();

    @Override
    public void run() {
      String nqn = named.nqn();
      AdminClient client = change.client();
      Doc changed =
          client.edit(
              CONFIG,
              config -> {
                if (host(config, nqn).has("nqn")) {
                  throw new CliException(
                      ExitCodes.FAILED,
                      "there is a host "
                          + nqn
                          + " already\n'mora host set "
                          + nqn
                          + "' changes it.");
                }
                Doc host = Doc.empty().put("nqn", nqn);
                fields.apply(host);
                access.apply(config, host);
              });
      change.report(global, "host " + HostName.shown(nqn) + " added", changed);
    }
  }

  /** {@code mora host set}. */
  @Command(
      name = "set",
      description = "Changes its grants and access; 'default' as a value takes it back.")
  static final class Set implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();

    @Mixin private HostArgument named = new HostArgument();

    @Mixin private Access access = new Access();
    @Mixin private HostFields fields = new HostFields();

    @Override
    public void run() {
      String nqn = named.nqn();
      AdminClient client = change.client();
      client.get(entry(nqn).path()); // the daemon's words where there is none
      Doc changed =
          client.edit(
              CONFIG,
              config -> {
                Doc host = host(config, nqn).put("nqn", nqn);
                fields.apply(host);
                access.apply(config, host);
              });
      change.report(global, "host " + HostName.shown(nqn) + " changed", changed);
    }
  }

  /** {@code mora host remove}. */
  @Command(name = "remove", description = "Forgets a host: its grants, and that it may connect.")
  static final class Remove implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();
    @Mixin private Confirmation confirmation = new Confirmation();

    @Mixin private HostArgument named = new HostArgument();

    @Override
    public void run() {
      String nqn = named.nqn();
      AdminClient client = change.client();
      Doc changed =
          entry(nqn)
              .remove(
                  client,
                  doc -> confirmation.ask(global, consequence(nqn, client.get(CONFIG))),
                  etag -> {
                    Part config = client.read(CONFIG);
                    forget(nqn, config.doc());
                    return client.put(CONFIG, config.doc(), config.etag());
                  });
      change.report(global, "host " + HostName.shown(nqn) + " removed", changed);
    }

    private static String consequence(String nqn, Doc config) {
      List<String> from = allowedBy(config, nqn);
      return "Host "
          + nqn
          + " loses its grants"
          + (from.isEmpty() ? "." : ", and its access to:\n  " + String.join("\n  ", from));
    }

    private static void forget(String nqn, Doc config) {
      List<Doc> hosts = config.docs("hosts");
      hosts.removeIf(each -> each.text("nqn").equals(nqn));
      config.putDocs("hosts", hosts);
      config.docs("subsystems").stream()
          .filter(each -> each.texts(ALLOWED).contains(nqn))
          .forEach(each -> Fields.change(each, ALLOWED, List.of(), List.of(nqn)));
    }
  }
}
