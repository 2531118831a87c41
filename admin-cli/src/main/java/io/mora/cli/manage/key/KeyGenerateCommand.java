package io.mora.cli.manage.key;

import io.mora.cli.output.GlobalOptions;
import io.mora.protocol.Nqn;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mora host key generate}. */
@Command(
    name = "generate",
    description = {
      "Makes a random secret for DH-HMAC-CHAP and prints it as DHHC-1:...",
      "Fit for the target's configuration, for --dhchap-secret of mora and of nvme connect."
    })
final class KeyGenerateCommand implements Runnable {
  private static final SecureRandom RANDOM = new SecureRandom();

  @Mixin private GlobalOptions global = new GlobalOptions();

  @Option(
      names = {"-m", "--hash"},
      paramLabel = "HASH",
      defaultValue = "sha256",
      description =
          "Binds the secret to its owner's name by this hash: sha256 (default), sha384, sha512,"
              + " or none.")
  private String hash = "";

  @Option(
      names = {"-l", "--length"},
      paramLabel = "BYTES",
      description = "32, 48 or 64 (default: as long as the hash; 32 with none).")
  private @Nullable Integer length;

  @Option(
      names = {"-n", "--nqn"},
      paramLabel = "NQN",
      description = "Prints the lines for this host in a target's configuration instead.")
  private @Nullable String nqn;

  @Override
  public void run() {
    DhchapHash transform = hash.equals("none") ? null : parse(hash);
    int byDefault = transform == null ? 32 : transform.lengthBytes();
    int lengthBytes = length == null ? byDefault : length;
    DhchapSecret secret = DhchapSecret.generate(transform, lengthBytes, RANDOM);
    Nqn host = nqn == null ? null : new Nqn(nqn);
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("secret", secret.reveal());
    if (host != null) {
      record.put("nqn", host.value());
    }
    global.print(record, out -> text(out, secret, host));
  }

  private static DhchapHash parse(String word) {
    try {
      return DhchapHash.parse(word);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--hash " + word + ": " + DhchapHash.words() + " or none", e);
    }
  }

  private static void text(PrintWriter out, DhchapSecret secret, @Nullable Nqn host) {
    if (host == null) {
      out.println(secret.reveal());
      return;
    }
    out.println("hosts:");
    out.println("  - nqn: \"" + quoted(host.toString()) + "\"");
    out.println("    dhchap:");
    out.println("      key: \"" + secret.reveal() + "\"");
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
