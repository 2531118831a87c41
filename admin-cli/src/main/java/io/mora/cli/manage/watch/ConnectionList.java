package io.mora.cli.manage.watch;

import io.mora.cli.manage.client.AdminClient;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.manage.client.HostName;
import io.mora.cli.manage.client.HostNqn;
import io.mora.cli.output.Figures;
import io.mora.cli.output.Moments;
import io.mora.cli.output.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mora connection list}. */
@Command(name = "list", description = "Lists connected hosts, and with --queues each connection.")
public final class ConnectionList implements Runnable {
  @Mixin private Listing listing = new Listing();
  @Mixin private Filter filter = new Filter();

  @Option(names = "--queues", description = "A row for each queue, which is a connection.")
  private boolean queues;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  ConnectionList() {}

  /** Which controllers are meant. */
  public static final class Filter {
    @Option(
        names = {"-n", "--nqn"},
        paramLabel = "NQN",
        description = "Only of this subsystem.")
    private @Nullable String subsystem;

    @Option(
        names = "--host",
        paramLabel = "HOSTNQN",
        converter = HostNqn.class,
        description = "Only of this host.")
    private @Nullable String host;

    public boolean isEmpty() {
      return subsystem == null && host == null;
    }

    /** As a query. */
    public String query() {
      List<String> terms = new ArrayList<>();
      if (subsystem != null) {
        terms.add("subsystem=" + AdminClient.encode(subsystem));
      }
      if (host != null) {
        terms.add("host=" + AdminClient.encode(host));
      }
      return terms.isEmpty() ? "" : "?" + String.join("&", terms);
    }
  }

  @Override
  public void run() {
    listing.print(
        (queues ? "/connections" : "/controllers") + filter.query(),
        queues ? ConnectionList::connections : ConnectionList::controllers);
  }

  private static void controllers(Doc doc, PrintWriter out) {
    if (doc.docs("controllers").isEmpty()) {
      out.println("No hosts are connected.");
      return;
    }
    Table table =
        new Table("SUBSYSTEM", ">ID", "HOST", "FROM", "SINCE", ">QUEUES", ">READ", ">WRITTEN");
    for (Doc each : doc.docs("controllers")) {
      Doc io = each.at("io");
      table.row(
          each.text("subsystem"),
          each.text("cntlid"),
          HostName.shown(each.text("host")),
          each.text("from"),
          each.flag("ending") ? "ending" : Moments.date(each.text("since")),
          each.docs("queues").size(),
          Figures.bytes(io.number("readBytes")),
          Figures.bytes(io.number("writeBytes")));
    }
    table.print(out, "");
  }

  private static void connections(Doc doc, PrintWriter out) {
    if (doc.docs("connections").isEmpty()) {
      out.println("No hosts are connected.");
      return;
    }
    Table table =
        new Table(
            "SUBSYSTEM", ">ID", "HOST", "FROM", ">QUEUE", ">DEPTH", ">SHARD", ">READS", ">WRITES");
    for (Doc each : doc.docs("connections")) {
      Doc io = each.at("io");
      boolean admin = each.number("qid") == 0;
      table.row(
          each.text("subsystem"),
          each.text("cntlid"),
          HostName.shown(each.text("host")),
          each.text("from"),
          admin ? "admin" : each.text("qid"),
          each.text("depth", Figures.NONE),
          each.text("shard", Figures.NONE),
          admin ? Figures.NONE : Figures.count((double) io.number("reads")),
          admin ? Figures.NONE : Figures.count((double) io.number("writes")));
    }
    table.print(out, "");
    out.println();
    out.println(doc.text("open") + " connections are open, of hosts that are just coming too");
  }
}
