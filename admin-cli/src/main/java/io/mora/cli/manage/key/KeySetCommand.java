package io.mora.cli.manage.key;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.manage.client.AdminClient;
import io.mora.cli.manage.client.ChangeOptions;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.manage.client.HostArgument;
import io.mora.cli.manage.client.HostName;
import io.mora.cli.output.GlobalOptions;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.auth.tls.TlsPsk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mora host key set}: never as an argument, which every process of the machine can read. */
@Command(
    name = "set",
    description = {
      "Gives a host of a running target its secret; its next connections must prove they have it.",
      "'mora host key generate' makes one. With --tls its key for TLS; see --previous for a change."
    })
final class KeySetCommand implements Runnable {
  /** More than a secret and a line's end. */
  private static final int SECRET_MAX = 256;

  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private ChangeOptions change = new ChangeOptions();

  @Mixin private HostArgument named = new HostArgument();

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  @Option(
      names = "--controller",
      description = "The secret by which the target proves itself to this host, instead.")
  private boolean controller;

  @Option(names = "--tls", description = "The key by which it connects over TLS, instead.")
  private boolean tls;

  @Option(
      names = "--previous",
      description =
          "With --tls: a key that counts beside the present one, until it is removed; so a host is"
              + " changed without being locked out.")
  private boolean previous;

  /** Where the secret is. */
  static final class Source {
    @Option(
        names = "--from",
        paramLabel = "FILE",
        description = "Reads it from this file here; - is standard input.")
    private @Nullable String from;

    @Option(
        names = "--file",
        paramLabel = "PATH",
        description = "Has the target read it from this file on its machine.")
    private @Nullable String file;
  }

  @Override
  public void run() {
    String nqn = named.nqn();
    if (previous && !tls || controller && tls) {
      throw new IllegalArgumentException("--previous goes with --tls, --controller without it");
    }
    String secret = source.from == null ? null : read(source.from, tls);
    AdminClient client = change.client();
    String path = AdminClient.path("hosts", nqn);
    Doc changed =
        client.edit(
            path,
            host -> {
              Doc keys = host.make(tls ? "tls" : "dhchap");
              String key = key();
              keys.remove(secret == null ? key : key + "File");
              keys.put(secret == null ? key + "File" : key, secret == null ? source.file : secret);
            });
    change.report(global, "host " + HostName.shown(nqn) + " has a new key", changed);
  }

  private String key() {
    if (tls) {
      return previous ? "previousPsk" : "psk";
    }
    return controller ? "controllerKey" : "key";
  }

  private static String read(String from, boolean tls) {
    try (InputStream in = from.equals("-") ? System.in : Files.newInputStream(Path.of(from))) {
      String text = new String(in.readNBytes(SECRET_MAX), StandardCharsets.UTF_8);
      return tls ? TlsPsk.parse(text.strip()).reveal() : DhchapSecret.parse(text.strip()).reveal();
    } catch (IOException e) {
      throw new CliException(ExitCodes.FAILED, "--from " + from + ": cannot be read", e);
    } catch (IllegalArgumentException e) {
      throw new CliException(ExitCodes.FAILED, "--from " + from + ": " + e.getMessage(), e);
    }
  }
}
