package io.mora.cli.manage;

import io.mora.cli.manage.client.AdminClient;
import io.mora.cli.manage.client.ChangeOptions;
import io.mora.cli.manage.client.Confirmation;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.manage.client.Noun;
import io.mora.cli.manage.field.ListenerFields;
import io.mora.cli.manage.watch.Listing;
import io.mora.cli.output.Figures;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Table;
import io.mora.protocol.TransportAddress;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mora listener}. */
@Command(
    name = "listener",
    description = "Where a running target takes connections.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ListenerCommand.ListAll.class,
      ListenerCommand.Add.class,
      ListenerCommand.Set.class,
      ListenerCommand.Remove.class
    })
public final class ListenerCommand extends Noun {
  private static final String PATH = "/listeners";

  /** Where it listens in truth; told by the daemon, and no part of what it is told. */
  private static final String BOUND = "bound";

  private static final String ADDRESS = "As 10.0.0.1:4420 or '[::1]:4420'; port 4420 if left out.";

  /** With the port that was left out. */
  static String complete(String address) {
    int colon = address.lastIndexOf(':');
    boolean six = address.indexOf(':') != colon;
    if (six && !address.startsWith("[")) {
      return "[" + address + "]:" + TransportAddress.IO_PORT;
    }
    boolean port = six ? !address.endsWith("]") : colon >= 0;
    return port ? address : address + ":" + TransportAddress.IO_PORT;
  }

  /** Its name, as the API has it. */
  static String address(Doc listener) {
    String host = listener.text("address");
    String port = listener.text("port", "" + TransportAddress.IO_PORT);
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  private static Entry entry(String given) {
    String address = complete(given);
    return new Entry(
        "listener " + address,
        AdminClient.path("listeners", address),
        "mora listener set " + address);
  }

  /** {@code mora listener list}. */
  @Command(name = "list", description = "Lists listeners, with the ports they have.")
  static final class ListAll implements Runnable {
    @Mixin private Listing listing = new Listing();

    @Override
    public void run() {
      listing.print(PATH, ListAll::table);
    }

    private static void table(Doc doc, PrintWriter out) {
      List<Doc> listeners = doc.docs("listeners");
      if (listeners.isEmpty()) {
        out.println("No listeners: no host can connect. 'mora listener add ADDRESS' makes one.");
        return;
      }
      Table table =
          new Table("!ADDRESS", "BOUND", "TLS", "CLASS", "ADVERTISED", "ANA", "SUBSYSTEMS");
      for (Doc each : listeners) {
        List<String> only = each.texts("subsystems");
        table.row(
            address(each),
            each.text(BOUND, Figures.NONE),
            each.text("tls", "none"),
            each.text("class", Figures.NONE),
            each.text("advertise", Figures.NONE),
            each.texts("ana").isEmpty() ? "optimized" : String.join(", ", each.texts("ana")),
            only.isEmpty() ? "all" : String.join(", ", only));
      }
      table.print(out, "");
    }
  }

  /** {@code mora listener add}. */
  @Command(name = "add", description = "Takes connections at one more address.")
  static final class Add implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();

    @Parameters(paramLabel = "ADDRESS", description = ADDRESS)
    private String address = "";

    @Mixin private ListenerFields fields = new ListenerFields();

    @Override
    public void run() {
      Entry entry = entry(address);
      Doc changed = entry.add(change.client(), PATH, fields::apply);
      change.report(global, entry.what() + " added", changed);
    }
  }

  /** {@code mora listener set}. */
  @Command(
      name = "set",
      description = "Changes one; 'default' as a value takes what was said back.")
  static final class Set implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();

    @Parameters(paramLabel = "ADDRESS", description = ADDRESS)
    private String address = "";

    @Mixin private ListenerFields fields = new ListenerFields();

    @Override
    public void run() {
      Entry entry = entry(address);
      Doc changed =
          entry.set(
              change.client(),
              listener -> {
                listener.remove(BOUND);
                fields.apply(listener);
              });
      change.report(global, entry.what() + " changed", changed);
    }
  }

  /** {@code mora listener remove}. */
  @Command(name = "remove", description = "Takes no connections at an address any more.")
  static final class Remove implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();
    @Mixin private Confirmation confirmation = new Confirmation();

    @Parameters(paramLabel = "ADDRESS", description = ADDRESS)
    private String address = "";

    @Override
    public void run() {
      Entry entry = entry(address);
      String consequence = "Hosts that came in through " + entry.what() + " lose the target there.";
      Doc changed = entry.remove(change.client(), doc -> confirmation.ask(global, consequence));
      change.report(global, entry.what() + " removed", changed);
    }
  }
}
