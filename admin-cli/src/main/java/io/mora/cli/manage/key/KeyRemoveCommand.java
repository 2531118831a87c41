package io.mora.cli.manage.key;

import io.mora.cli.manage.client.AdminClient;
import io.mora.cli.manage.client.ChangeOptions;
import io.mora.cli.manage.client.Confirmation;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.manage.client.HostArgument;
import io.mora.cli.manage.client.HostName;
import io.mora.cli.output.GlobalOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mora host key remove}. */
@Command(
    name = "remove",
    description = "Takes a host's secrets away: whoever has its name gets in where it may.")
final class KeyRemoveCommand implements Runnable {
  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private ChangeOptions change = new ChangeOptions();
  @Mixin private Confirmation confirmation = new Confirmation();

  @Mixin private HostArgument named = new HostArgument();

  @Override
  public void run() {
    String nqn = named.nqn();
    AdminClient client = change.client();
    String path = AdminClient.path("hosts", nqn);
    client.get(path); // the daemon's words where there is none
    confirmation.ask(global, "Whoever names itself " + nqn + " is believed.");
    Doc changed = client.edit(path, host -> host.remove("dhchap"));
    change.report(global, "host " + HostName.shown(nqn) + " needs no key", changed);
  }
}
