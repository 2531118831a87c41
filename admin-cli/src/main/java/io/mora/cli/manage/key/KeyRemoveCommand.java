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
import picocli.CommandLine.Option;

/** {@code mora host key remove}. */
@Command(
    name = "remove",
    description = {
      "Takes a host's secrets away: whoever has its name gets in where it may.",
      "With --tls its keys for TLS: it cannot connect over TLS any more."
    })
final class KeyRemoveCommand implements Runnable {
  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private ChangeOptions change = new ChangeOptions();
  @Mixin private Confirmation confirmation = new Confirmation();

  @Mixin private HostArgument named = new HostArgument();

  @Option(names = "--tls", description = "The keys for TLS instead.")
  private boolean tls;

  @Option(
      names = "--previous",
      description = "With --tls: only the one that counts while the host is changed to another.")
  private boolean previous;

  @Override
  public void run() {
    String nqn = named.nqn();
    if (previous && !tls) {
      throw new IllegalArgumentException("--previous needs --tls, too");
    }
    AdminClient client = change.client();
    String path = AdminClient.path("hosts", nqn);
    client.get(path); // the daemon's words where there is none
    if (tls) {
      confirmation.ask(
          global,
          previous
              ? "Over TLS " + nqn + " connects by its present key only."
              : "Over TLS " + nqn + " connects no more.");
      Doc changed = client.edit(path, this::removeTls);
      String what = previous ? " has one TLS key" : " has no TLS key";
      change.report(global, "host " + HostName.shown(nqn) + what, changed);
      return;
    }
    confirmation.ask(global, "Whoever names itself " + nqn + " is believed.");
    Doc changed = client.edit(path, host -> host.remove("dhchap"));
    change.report(global, "host " + HostName.shown(nqn) + " needs no key", changed);
  }

  private void removeTls(Doc host) {
    if (previous) {
      Doc keys = host.make("tls");
      keys.remove("previousPsk");
      keys.remove("previousPskFile");
    } else {
      host.remove("tls");
    }
  }
}
