package io.mora.cli.manage;

import io.mora.cli.manage.client.AdminClient;
import io.mora.cli.manage.client.ChangeOptions;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.manage.client.Noun;
import io.mora.cli.manage.watch.Listing;
import io.mora.cli.output.Figures;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mora ana}. */
@Command(
    name = "ana",
    description = "ANA groups: which namespaces are in one, and its state at each listener.",
    mixinStandardHelpOptions = true,
    subcommands = {AnaCommand.ListAll.class, AnaCommand.Set.class})
public final class AnaCommand extends Noun {
  private static final String ANA = "ana";
  private static final String OPTIMIZED = "optimized";

  /** The state of a group at a listener, whose entries are as {@code 2 non-optimized}. */
  private static String state(Doc listener, int group) {
    return listener.texts(ANA).stream()
        .filter(each -> each.startsWith(group + " "))
        .map(each -> each.substring(each.indexOf(' ') + 1))
        .findFirst()
        .orElse(OPTIMIZED);
  }

  /** {@code mora ana list}. */
  @Command(name = "list", description = "Lists groups with their states.")
  static final class ListAll implements Runnable {
    @Mixin private Listing listing = new Listing();

    @Override
    public void run() {
      listing.print(client -> groups(client.get("/config")), ListAll::table);
    }

    private static Doc groups(Doc config) {
      Map<Integer, List<Doc>> members = new TreeMap<>();
      for (Doc listener : config.docs("listeners")) {
        for (String each : listener.texts(ANA)) {
          int group = Integer.parseInt(each.substring(0, each.indexOf(' ')));
          members.computeIfAbsent(group, none -> new ArrayList<>());
        }
      }
      for (Doc subsystem : config.docs("subsystems")) {
        for (Doc namespace : subsystem.docs("namespaces")) {
          int group = Integer.parseInt(namespace.text("anaGroup", "1"));
          Doc member = Doc.empty().put("subsystem", subsystem.text("nqn"));
          member.put("nsid", namespace.number("nsid"));
          members.computeIfAbsent(group, none -> new ArrayList<>()).add(member);
        }
      }
      List<Doc> groups = new ArrayList<>();
      members.forEach(
          (number, namespaces) -> {
            List<Doc> states = new ArrayList<>();
            for (Doc listener : config.docs("listeners")) {
              Doc state = Doc.empty().put("listener", ListenerCommand.address(listener));
              states.add(state.put("state", state(listener, number)));
            }
            Doc group = Doc.empty().put("group", number);
            group.putDocs("namespaces", namespaces);
            group.putDocs("states", states);
            groups.add(group);
          });
      Doc all = Doc.empty();
      all.putDocs("groups", groups);
      return all;
    }

    private static void table(Doc doc, PrintWriter out) {
      if (doc.docs("groups").isEmpty()) {
        out.println("No groups: there are no namespaces.");
        return;
      }
      Table table = new Table(">GROUP", ">NAMESPACES", "!LISTENER", "STATE");
      for (Doc group : doc.docs("groups")) {
        String number = group.text("group");
        String count = "" + group.docs("namespaces").size();
        if (group.docs("states").isEmpty()) {
          table.row(number, count, Figures.NONE, Figures.NONE);
        }
        for (Doc each : group.docs("states")) {
          table.row(number, count, each.text("listener"), each.text("state"));
          number = "";
          count = "";
        }
      }
      table.print(out, "");
    }
  }

  /** {@code mora ana set}. */
  @Command(
      name = "set",
      description = "Sets a group's state at listeners; hosts are told, and take another path.")
  static final class Set implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();

    @Parameters(index = "0", paramLabel = "GROUP", description = "Its number.")
    private int group;

    @Parameters(
        index = "1",
        paramLabel = "STATE",
        description = "optimized, non-optimized, inaccessible, persistent-loss or change.")
    private String state = "";

    @Option(
        names = "--listener",
        paramLabel = "ADDRESS",
        required = true,
        description = "Where; may be repeated.")
    private List<String> listeners = new ArrayList<>();

    @Override
    public void run() {
      AdminClient client = change.client();
      List<String> wanted = listeners.stream().map(ListenerCommand::complete).toList();
      for (String each : wanted) {
        client.get(AdminClient.path("listeners", each)); // the daemon's words where there is none
      }
      Doc changed =
          client.edit(
              "/config",
              config -> {
                List<Doc> all = config.docs("listeners");
                all.stream()
                    .filter(each -> wanted.contains(ListenerCommand.address(each)))
                    .forEach(this::put);
                config.putDocs("listeners", all);
              });
      change.report(global, "group " + group + " is " + state + " there", changed);
    }

    private void put(Doc listener) {
      List<String> states = new ArrayList<>(listener.texts(ANA));
      states.removeIf(each -> each.startsWith(group + " "));
      if (!state.equals(OPTIMIZED)) {
        states.add(group + " " + state);
      }
      if (states.isEmpty()) {
        listener.remove(ANA);
      } else {
        listener.put(ANA, states);
      }
    }
  }
}
