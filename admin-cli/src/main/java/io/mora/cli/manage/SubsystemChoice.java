package io.mora.cli.manage;

import io.mora.cli.CliException;
import io.mora.cli.manage.client.AdminClient;
import io.mora.cli.manage.client.Doc;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The subsystem that is meant. */
final class SubsystemChoice {
  @Option(
      names = {"-n", "--nqn"},
      paramLabel = "NQN",
      description = "The subsystem; may be left out where there is only one.")
  private @Nullable String nqn;

  /** The one that was named, or the only one. */
  String nqn(AdminClient client) {
    if (nqn != null) {
      return nqn;
    }
    List<Doc> all = client.get("/subsystems").docs("subsystems");
    if (all.isEmpty()) {
      throw CliException.usage("there is no subsystem yet; 'mora subsystem add NQN' makes one");
    }
    if (all.size() > 1) {
      throw CliException.usage(
          "which subsystem? --nqn is one of\n  "
              + all.stream().map(each -> each.text("nqn")).collect(Collectors.joining("\n  ")));
    }
    return all.get(0).text("nqn");
  }
}
