package io.mora.cli.manage;

import io.mora.cli.manage.client.AdminClient;
import io.mora.cli.manage.client.AdminOptions;
import io.mora.cli.manage.client.ChangeOptions;
import io.mora.cli.manage.client.Confirmation;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.manage.client.Noun;
import io.mora.cli.manage.field.SubsystemFields;
import io.mora.cli.manage.watch.Listing;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Table;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mora subsystem}. */
@Command(
    name = "subsystem",
    description = "What a running target serves: a name, its namespaces, who may connect.",
    mixinStandardHelpOptions = true,
    subcommands = {
      SubsystemCommand.ListAll.class,
      SubsystemCommand.Show.class,
      SubsystemCommand.Add.class,
      SubsystemCommand.Set.class,
      SubsystemCommand.Remove.class
    })
public final class SubsystemCommand extends Noun {
  private static final String PATH = "/subsystems";

  private static Entry entry(String nqn) {
    String set = "mora subsystem set " + nqn;
    return new Entry("subsystem " + nqn, AdminClient.path("subsystems", nqn), set);
  }

  private static String hosts(Doc subsystem) {
    return subsystem.flag("allowAnyHost") ? "any" : "" + subsystem.texts("allowedHosts").size();
  }

  /** {@code mora subsystem list}. */
  @Command(name = "list", description = "Lists subsystems.")
  static final class ListAll implements Runnable {
    @Mixin private Listing listing = new Listing();

    @Override
    public void run() {
      listing.print(PATH, ListAll::table);
    }

    private static void table(Doc doc, PrintWriter out) {
      List<Doc> subsystems = doc.docs("subsystems");
      if (subsystems.isEmpty()) {
        out.println("No subsystems. 'mora subsystem add NQN' makes one.");
        return;
      }
      Table table = new Table("!NQN", ">NAMESPACES", ">HOSTS", "MODE", "MODEL");
      for (Doc each : subsystems) {
        table.row(
            each.text("nqn"),
            each.docs("namespaces").size(),
            hosts(each),
            each.text("latencyMode", "auto"),
            each.text("model", "Mora"));
      }
      table.print(out, "");
    }
  }

  /** {@code mora subsystem show}. */
  @Command(name = "show", description = "Shows one with its namespaces and hosts.")
  static final class Show implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private AdminOptions admin = new AdminOptions();

    @Parameters(paramLabel = "NQN", description = "Its name.")
    private String nqn = "";

    @Override
    public void run() {
      Doc doc = admin.client().get(entry(nqn).path());
      global.print(doc.map(), out -> print(doc, out));
    }

    private static void print(Doc doc, PrintWriter out) {
      out.println(doc.text("nqn"));
      out.println("  serial         " + doc.text("serial", "derived from the name"));
      out.println("  model          " + doc.text("model", "Mora"));
      out.println("  latency mode   " + doc.text("latencyMode", "auto"));
      for (String each : doc.texts("queueClasses")) {
        out.println("  queue class    " + each);
      }
      if (doc.flag("allowAnyHost")) {
        out.println("  hosts          any");
      } else if (doc.texts("allowedHosts").isEmpty()) {
        out.println("  hosts          none: nobody may connect");
      }
      for (String each : doc.texts("allowedHosts")) {
        out.println("  host           " + each);
      }
      out.println();
      if (doc.docs("namespaces").isEmpty()) {
        out.println("  No namespaces.");
      } else {
        NamespaceCommand.table(doc.docs("namespaces")).print(out, "  ");
      }
    }
  }

  /** {@code mora subsystem add}. */
  @Command(name = "add", description = "Makes one, without namespaces.")
  static final class Add implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();

    @Parameters(paramLabel = "NQN", description = "As nqn.2026-01.com.example:disks.")
    private String nqn = "";

    @Mixin private SubsystemFields fields = new SubsystemFields();

    @Override
    public void run() {
      Doc changed = entry(nqn).add(change.client(), PATH, fields::apply);
      change.report(global, "subsystem " + nqn + " added", changed);
    }
  }

  /** {@code mora subsystem set}. */
  @Command(
      name = "set",
      description = "Changes one; 'default' as a value takes what was said back.")
  static final class Set implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();

    @Parameters(paramLabel = "NQN", description = "Its name.")
    private String nqn = "";

    @Mixin private SubsystemFields fields = new SubsystemFields();

    @Override
    public void run() {
      Doc changed = entry(nqn).set(change.client(), fields::apply);
      change.report(global, "subsystem " + nqn + " changed", changed);
    }
  }

  /** {@code mora subsystem remove}. */
  @Command(name = "remove", description = "Stops serving one, with its namespaces.")
  static final class Remove implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();
    @Mixin private Confirmation confirmation = new Confirmation();

    @Parameters(paramLabel = "NQN", description = "Its name.")
    private String nqn = "";

    @Override
    public void run() {
      AdminClient client = change.client();
      Doc changed =
          entry(nqn).remove(client, doc -> confirmation.ask(global, consequence(client, doc)));
      change.report(global, "subsystem " + nqn + " removed", changed);
    }

    private String consequence(AdminClient client, Doc doc) {
      String query = "/controllers?subsystem=" + AdminClient.encode(nqn);
      int connected = client.get(query).docs("controllers").size();
      StringBuilder text = new StringBuilder("Subsystem " + nqn + " is served no more");
      text.append(connected == 0 ? "." : "; connected to it now: " + connected + ".");
      for (Doc each : doc.docs("namespaces")) {
        text.append("\n  ").append(NamespaceCommand.loss(each));
      }
      return text.toString();
    }
  }
}
