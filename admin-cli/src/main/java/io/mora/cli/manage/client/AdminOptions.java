package io.mora.cli.manage.client;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.connect.TimeSpan;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which daemon is managed, and how it is reached. */
public final class AdminOptions {
  /** Where root's daemon is managed. */
  private static final Path SYSTEM_PLACE = Path.of("/run/mora/admin.sock");

  private static final int TOKEN_MAX = 4096;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description = "Unix socket of the daemon (default: your own, else /run/mora/admin.sock).")
  private @Nullable Path socket;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "A daemon elsewhere, as https://name:4421; needs --token-file.")
  private @Nullable URI server;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the token for --server.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description = "PEM certificates to trust with --server (default: those of Java).")
  private @Nullable Path caFile;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = TimeSpan.class,
      description = "For each answer (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ofSeconds(30);

  /** A client that looks. */
  public AdminClient client() {
    return client(false);
  }

  AdminClient client(boolean discardEdits) {
    return new AdminClient(server == null ? local() : remote(server), discardEdits);
  }

  private HttpTransport local() {
    if (tokenFile != null || caFile != null) {
      throw CliException.usage(
          "--token-file and --ca-file go with --server; the socket needs none");
    }
    return new UnixHttp(socket == null ? usual(System.getenv("XDG_RUNTIME_DIR")) : socket, timeout);
  }

  /** Where a daemon that was told nothing is: this user's, if there is one, else the machine's. */
  static Path usual(@Nullable String runtimeFolder) {
    if (runtimeFolder != null && !runtimeFolder.isEmpty() && !Files.exists(SYSTEM_PLACE)) {
      Path own = Path.of(runtimeFolder, "mora", "admin.sock");
      return Files.isWritable(Path.of("/run")) && !Files.exists(own) ? SYSTEM_PLACE : own;
    }
    return SYSTEM_PLACE;
  }

  private HttpTransport remote(URI url) {
    if (socket != null) {
      throw CliException.usage("--socket or --server, not both");
    }
    if (!"https".equals(url.getScheme()) || url.getHost() == null) {
      throw CliException.usage("--server=" + url + ": https://NAME:PORT; a token needs TLS");
    }
    if (tokenFile == null) {
      throw CliException.usage("--server needs --token-file with a token of admin.tokens");
    }
    return new TlsHttp(url, token(tokenFile), caFile, timeout);
  }

  private static String token(Path file) {
    try {
      String token = Files.readString(file).strip();
      if (!token.isEmpty()
          && token.length() <= TOKEN_MAX
          && token.chars().allMatch(c -> c > ' ' && c < 127)) {
        return token;
      }
    } catch (IOException e) {
      throw new CliException(ExitCodes.LOCAL_IO, "--token-file=" + file + ": " + e, e);
    }
    throw CliException.usage("--token-file=" + file + ": one line of printable ASCII is needed");
  }
}
