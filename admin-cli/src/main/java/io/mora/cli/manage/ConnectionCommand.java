package io.mora.cli.manage;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.manage.client.AdminClient;
import io.mora.cli.manage.client.ChangeOptions;
import io.mora.cli.manage.client.Confirmation;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.manage.client.HttpReply;
import io.mora.cli.manage.client.Noun;
import io.mora.cli.manage.watch.ConnectionList;
import io.mora.cli.output.GlobalOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mora connection}. */
@Command(
    name = "connection",
    description = "Hosts that are connected.",
    mixinStandardHelpOptions = true,
    subcommands = {ConnectionList.class, ConnectionCommand.Disconnect.class})
public final class ConnectionCommand extends Noun {
  private static final int GONE = 404;

  /** {@code mora connection disconnect}. */
  @Command(
      name = "disconnect",
      description = {
        "Ends a host's connections; its commands under way fail or are tried again.",
        "A Linux host comes back by itself: take its access away first if it is to stay away."
      })
  static final class Disconnect implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();
    @Mixin private Confirmation confirmation = new Confirmation();

    @Parameters(
        paramLabel = "ID",
        arity = "0..1",
        description = "Controller id of 'mora connection list'; its subsystem by --nqn.")
    private @Nullable Integer cntlid;

    @Mixin private ConnectionList.Filter filter = new ConnectionList.Filter();

    @Override
    public void run() {
      if (filter.isEmpty()) {
        throw CliException.usage("which? --host HOSTNQN, or ID and --nqn NQN");
      }
      AdminClient client = change.client();
      List<Doc> meant =
          client.get("/controllers" + filter.query()).docs("controllers").stream()
              .filter(each -> cntlid == null || each.number("cntlid") == cntlid)
              .toList();
      if (meant.isEmpty()) {
        throw new CliException(
            ExitCodes.FAILED,
            "no such host is connected\n'mora connection list' has those that are.");
      }
      confirmation.ask(
          global,
          "To be disconnected:\n  "
              + meant.stream().map(Disconnect::words).collect(Collectors.joining("\n  ")));
      List<Object> gone = new ArrayList<>();
      for (Doc each : meant) {
        HttpReply reply =
            client.delete(
                AdminClient.path("controllers", each.text("subsystem"), each.text("cntlid")), "*");
        if (reply.status() != GONE) { // else it went by itself
          client.good(reply);
        }
        gone.add(
            Map.of(
                "subsystem",
                each.text("subsystem"),
                "cntlid",
                each.number("cntlid"),
                "host",
                each.text("host")));
      }
      global.print(
          Map.of("disconnected", gone),
          out -> meant.forEach(each -> out.println("disconnected " + words(each))));
    }

    private static String words(Doc each) {
      return each.text("host") + " from " + each.text("subsystem") + ", id " + each.text("cntlid");
    }
  }
}
