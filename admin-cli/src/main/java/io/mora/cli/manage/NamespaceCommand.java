package io.mora.cli.manage;

import io.mora.cli.manage.client.AdminClient;
import io.mora.cli.manage.client.AdminOptions;
import io.mora.cli.manage.client.ChangeOptions;
import io.mora.cli.manage.client.Confirmation;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.manage.client.Noun;
import io.mora.cli.manage.field.BackendFields;
import io.mora.cli.manage.field.NamespaceFields;
import io.mora.cli.manage.watch.Listing;
import io.mora.cli.output.Figures;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Table;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mora namespace}. */
@Command(
    name = "namespace",
    description = "The disks of a running target.",
    mixinStandardHelpOptions = true,
    subcommands = {
      NamespaceCommand.ListAll.class,
      NamespaceCommand.Show.class,
      NamespaceCommand.Add.class,
      NamespaceCommand.Set.class,
      NamespaceCommand.Resize.class,
      NamespaceCommand.Remove.class
    })
public final class NamespaceCommand extends Noun {
  private static String listPath(String nqn) {
    return AdminClient.path("subsystems", nqn) + "/namespaces";
  }

  private static Entry entry(String nqn, long nsid) {
    return new Entry(
        "namespace " + nsid + " of " + nqn,
        listPath(nqn) + "/" + nsid,
        "mora namespace set " + nsid + " -n " + nqn);
  }

  /** Namespaces of one subsystem. */
  static Table table(List<Doc> namespaces) {
    Table table =
        new Table(">NSID", "BACKEND", ">SIZE", ">BLOCK", "CLASS", "MODE", ">ANA", "HOSTS", "PATH");
    for (Doc each : namespaces) {
      Doc backend = each.at("backend");
      table.row(
          each.text("nsid"),
          backend.text("kind") + (backend.flag("readOnly") ? ", read only" : ""),
          backend.text("size", Figures.NONE),
          each.text("blockSize", "4096"),
          each.text("class", Figures.NONE),
          each.text("latencyMode", Figures.NONE),
          each.text("anaGroup", "1"),
          each.texts("hosts").isEmpty() ? "all" : "" + each.texts("hosts").size(),
          path(backend));
    }
    return table;
  }

  private static String path(Doc backend) {
    List<String> paths = backend.texts("paths");
    return paths.isEmpty() ? backend.text("path", Figures.NONE) : String.join(", ", paths);
  }

  /** What becomes of the data of one that is removed. */
  static String loss(Doc namespace) {
    Doc backend = namespace.at("backend");
    String fate =
        switch (backend.text("kind")) {
          case "memory" -> "in memory: its data is lost";
          case "null" -> "null: it has no data";
          default -> "data on " + path(backend) + " stays as it is";
        };
    return "namespace " + namespace.text("nsid") + ", " + fate;
  }

  /** {@code mora namespace list}. */
  @Command(name = "list", description = "Lists the namespaces of a subsystem, or of all.")
  static final class ListAll implements Runnable {
    @Mixin private Listing listing = new Listing();

    @Option(
        names = {"-n", "--nqn"},
        paramLabel = "NQN",
        description = "Only of this subsystem.")
    private @Nullable String nqn;

    @Override
    public void run() {
      listing.print(this::subsystems, ListAll::print);
    }

    /** Subsystems without what is not of their namespaces. */
    private Doc subsystems(AdminClient client) {
      List<Doc> found =
          nqn == null
              ? client.get("/subsystems").docs("subsystems")
              : List.of(client.get(AdminClient.path("subsystems", nqn)));
      List<Doc> listed =
          found.stream()
              .map(
                  each ->
                      Doc.empty()
                          .put("nqn", each.text("nqn"))
                          .putDocs("namespaces", each.docs("namespaces")))
              .toList();
      return Doc.empty().putDocs("subsystems", listed);
    }

    private static void print(Doc doc, PrintWriter out) {
      if (doc.docs("subsystems").isEmpty()) {
        out.println("No subsystems. 'mora subsystem add NQN' makes one.");
      }
      String between = "";
      for (Doc each : doc.docs("subsystems")) {
        out.print(between);
        between = System.lineSeparator();
        out.println(each.text("nqn"));
        if (each.docs("namespaces").isEmpty()) {
          out.println("  No namespaces. 'mora namespace add' makes one.");
        } else {
          table(each.docs("namespaces")).print(out, "  ");
        }
      }
    }
  }

  /** {@code mora namespace show}. */
  @Command(name = "show", description = "Shows one, as the configuration has it.")
  static final class Show implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private AdminOptions admin = new AdminOptions();

    @Parameters(paramLabel = "NSID", description = "Namespace id.")
    private long nsid;

    @Mixin private SubsystemChoice subsystem = new SubsystemChoice();

    @Override
    public void run() {
      AdminClient client = admin.client();
      String nqn = subsystem.nqn(client);
      Doc doc = client.get(entry(nqn, nsid).path());
      global.print(
          doc.map(),
          out -> {
            out.println("namespace " + nsid + " of " + nqn);
            lines(out, "  ", doc);
          });
    }

    private static void lines(PrintWriter out, String indent, Doc doc) {
      for (String key : doc.map().keySet()) {
        if (doc.map().get(key) instanceof Map<?, ?>) {
          out.println(indent + key);
          lines(out, indent + "  ", doc.at(key));
        } else {
          out.println(indent + key + " ".repeat(Math.max(1, 13 - key.length())) + doc.text(key));
        }
      }
    }
  }

  /** {@code mora namespace add}. */
  @Command(name = "add", description = "Makes a namespace; hosts that are connected see it.")
  static final class Add implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();

    @Parameters(
        paramLabel = "NSID",
        arity = "0..1",
        description = "Namespace id (default: the lowest that is free).")
    private @Nullable Long nsid;

    @Mixin private SubsystemChoice subsystem = new SubsystemChoice();
    @Mixin private BackendFields backend = new BackendFields();
    @Mixin private NamespaceFields fields = new NamespaceFields();

    @Override
    public void run() {
      AdminClient client = change.client();
      String nqn = subsystem.nqn(client);
      long id = nsid == null ? free(client.get(listPath(nqn))) : nsid;
      Doc changed =
          entry(nqn, id)
              .add(
                  client,
                  listPath(nqn),
                  namespace -> {
                    backend.apply(namespace);
                    fields.apply(namespace);
                  });
      change.report(global, "namespace " + id + " of " + nqn + " added", changed);
    }

    private static long free(Doc list) {
      TreeSet<Long> taken = new TreeSet<>();
      list.docs("namespaces").forEach(each -> taken.add(each.number("nsid")));
      long id = 1;
      while (taken.contains(id)) {
        id++;
      }
      return id;
    }
  }

  /** {@code mora namespace set}. */
  @Command(
      name = "set",
      description = "Changes one; 'default' as a value takes what was said back.")
  static final class Set implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();

    @Parameters(paramLabel = "NSID", description = "Namespace id.")
    private long nsid;

    @Mixin private SubsystemChoice subsystem = new SubsystemChoice();
    @Mixin private NamespaceFields fields = new NamespaceFields();

    @Override
    public void run() {
      AdminClient client = change.client();
      String nqn = subsystem.nqn(client);
      Doc changed = entry(nqn, nsid).set(client, fields::apply);
      change.report(global, "namespace " + nsid + " of " + nqn + " changed", changed);
    }
  }

  /** {@code mora namespace resize}. */
  @Command(name = "resize", description = "Makes one larger, or smaller, while it is served.")
  static final class Resize implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();
    @Mixin private Confirmation confirmation = new Confirmation();

    @Parameters(index = "0", paramLabel = "NSID", description = "Namespace id.")
    private long nsid;

    @Parameters(index = "1", paramLabel = "SIZE", description = "As 20GiB.")
    private String size = "";

    @Mixin private SubsystemChoice subsystem = new SubsystemChoice();

    @Override
    public void run() {
      AdminClient client = change.client();
      String nqn = subsystem.nqn(client);
      Entry entry = entry(nqn, nsid);
      String before = client.get(entry.path()).at("backend").text("size");
      if (Sizes.mayLoseData(before, size)) {
        confirmation.ask(
            global,
            "Namespace "
                + nsid
                + " of "
                + nqn
                + (before.isEmpty() ? "" : " is " + before + " now")
                + ". What lies beyond "
                + size
                + " is lost.");
      }
      Doc changed = entry.set(client, each -> each.make("backend").put("size", size));
      change.report(global, "namespace " + nsid + " of " + nqn + " resized", changed);
    }
  }

  /** {@code mora namespace remove}. */
  @Command(name = "remove", description = "Stops serving one; files and devices stay.")
  static final class Remove implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();
    @Mixin private Confirmation confirmation = new Confirmation();

    @Parameters(paramLabel = "NSID", description = "Namespace id.")
    private long nsid;

    @Mixin private SubsystemChoice subsystem = new SubsystemChoice();

    @Override
    public void run() {
      AdminClient client = change.client();
      String nqn = subsystem.nqn(client);
      Doc changed =
          entry(nqn, nsid)
              .remove(
                  client,
                  doc ->
                      confirmation.ask(
                          global, "Hosts of " + nqn + " lose it at once:\n  " + loss(doc)));
      change.report(global, "namespace " + nsid + " of " + nqn + " removed", changed);
    }
  }
}
