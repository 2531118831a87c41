package io.mora.cli.connect;

import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.auth.DhchapOptions;
import io.mora.initiator.auth.TlsOptions;
import io.mora.protocol.HostId;
import io.mora.protocol.Nqn;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.auth.tls.TlsPsk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who this host says it is. */
public final class HostOptions {
  /** More than a key and a line's end. */
  private static final int SECRET_MAX = 256;

  private static final String UUID_PREFIX = "nqn.2014-08.org.nvmexpress:uuid:";

  @Option(
      names = {"-q", "--hostnqn"},
      paramLabel = "NQN",
      description = "Name of this host (default: /etc/nvme/hostnqn, else one of its id).")
  private @Nullable String hostNqn;

  @Option(
      names = {"-I", "--hostid"},
      paramLabel = "UUID",
      description = "Id of this host (default: that of its name, /etc/nvme/hostid, else random).")
  private @Nullable String hostId;

  @Option(
      names = {"-S", "--dhchap-secret"},
      paramLabel = "SECRET",
      description = {
        "Secret of this host, DHHC-1:..., for targets that ask who it is.",
        "Others on this machine may see it; '@FILE' takes options from a file."
      })
  private @Nullable String secret;

  @Option(
      names = {"-C", "--dhchap-ctrl-secret"},
      paramLabel = "SECRET",
      description = "Secret by which the controller must prove itself, too.")
  private @Nullable String controllerSecret;

  @Option(
      names = "--concat",
      description = {
        "Makes a key for TLS by the secret and connects over TLS with it",
        "(secure concatenation), or not at all."
      })
  private boolean concat;

  @Option(
      names = "--tls-key-file",
      paramLabel = "FILE",
      description = {
        "Connects over TLS by the key in this file, NVMeTLSkey-1:...; - is standard input.",
        "'mora host key generate --tls' makes one."
      })
  private @Nullable String tlsKeyFile;

  private final Path folder;

  public HostOptions() {
    this(Path.of("/etc/nvme"));
  }

  HostOptions(Path folder) {
    this.folder = folder;
  }

  /**
   * A host's name and id, and how it proves them.
   *
   * @param nqn null for the one that follows from the id
   */
  public record Identity(
      @Nullable Nqn nqn, HostId id, @Nullable DhchapOptions dhchap, @Nullable TlsOptions tls) {
    /** One that nobody asks for a proof. */
    public static Identity of(HostId id) {
      return new Identity(null, id, null, null);
    }

    /** Options that say who this host is; the rest is open. */
    public InitiatorOptions.Builder options() {
      InitiatorOptions.Builder options =
          InitiatorOptions.builder().hostId(id).dhchap(dhchap).tls(tls);
      return nqn == null ? options : options.hostNqn(nqn);
    }
  }

  /**
   * What was given, or what the machine's NVMe tools are set up with: an access list that knows the
   * Linux host then knows this one, because it is the same host.
   */
  public Identity identity() {
    String name = hostNqn;
    String id = hostId;
    if (name == null && id == null) {
      name = read("hostnqn").orElse(null);
      id = read("hostid").orElse(null);
    }
    if (id == null && name != null && name.startsWith(UUID_PREFIX)) {
      id = name.substring(UUID_PREFIX.length());
    }
    return new Identity(
        name == null ? null : new Nqn(name),
        id == null ? HostId.random() : HostId.parse(id),
        dhchap(),
        tls());
  }

  /** How this host authenticates, or null; IllegalArgumentException names the option, not more. */
  public @Nullable DhchapOptions dhchap() {
    DhchapSecret own = parse("--dhchap-secret", secret);
    DhchapSecret controller = parse("--dhchap-ctrl-secret", controllerSecret);
    if (own == null) {
      if (controller != null) {
        throw new IllegalArgumentException("--dhchap-ctrl-secret needs --dhchap-secret, too");
      }
      if (concat) {
        throw new IllegalArgumentException("--concat needs --dhchap-secret");
      }
      return null;
    }
    if (concat && tlsKeyFile != null) {
      throw new IllegalArgumentException(
          "--concat makes a key for TLS and --tls-key-file is one: leave out one of both");
    }
    DhchapOptions options = DhchapOptions.of(own);
    options = concat ? options.overTls() : options;
    return controller == null ? options : options.withControllerSecret(controller);
  }

  /** How this host connects over TLS, or null; IllegalArgumentException names the option. */
  public @Nullable TlsOptions tls() {
    String file = tlsKeyFile;
    if (file == null) {
      return null;
    }
    try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
      String text = new String(in.readNBytes(SECRET_MAX), StandardCharsets.UTF_8);
      return TlsOptions.of(TlsPsk.parse(text.strip()));
    } catch (IOException e) {
      throw new IllegalArgumentException("--tls-key-file " + file + ": cannot be read", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--tls-key-file " + file + ": " + e.getMessage(), e);
    }
  }

  private static @Nullable DhchapSecret parse(String option, @Nullable String text) {
    try {
      return text == null ? null : DhchapSecret.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
    }
  }

  private Optional<String> read(String file) {
    try {
      String text = Files.readString(folder.resolve(file)).strip();
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    } catch (IOException e) {
      return Optional.empty(); // most machines have none
    }
  }
}
