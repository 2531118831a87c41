package io.mora.cli.manage.key;

import io.mora.cli.output.GlobalOptions;
import io.mora.protocol.Nqn;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsPsk;
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
      "Fit for the target's configuration, for --dhchap-secret of mora and of nvme connect.",
      "With --tls a key for TLS, as NVMeTLSkey-1:...: for the configuration, for --tls-key-file of"
          + " mora and for 'nvme check-tls-key --insert'."
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
              + " or none. With --tls sha256 or sha384, which decides the cipher, too.")
  private String hash = "";

  @Option(names = "--tls", description = "A key for TLS, as long as its hash.")
  private boolean tls;

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
    Nqn host = nqn == null ? null : new Nqn(nqn);
    if (tls) {
      String key = TlsPsk.generate(tlsHash(), RANDOM).reveal();
      print(key, host, "tls", "psk");
      return;
    }
    DhchapHash transform = hash.equals("none") ? null : parse(hash);
    int byDefault = transform == null ? 32 : transform.lengthBytes();
    int lengthBytes = length == null ? byDefault : length;
    DhchapSecret secret = DhchapSecret.generate(transform, lengthBytes, RANDOM);
    print(secret.reveal(), host, "dhchap", "key");
  }

  private TlsHash tlsHash() {
    if (length != null) {
      throw new IllegalArgumentException("--length: a TLS key is as long as its hash");
    }
    try {
      return TlsHash.parse(hash);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--hash " + hash + ": " + TlsHash.words(), e);
    }
  }

  private void print(String secret, @Nullable Nqn host, String section, String key) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("secret", secret);
    if (host != null) {
      record.put("nqn", host.value());
    }
    global.print(
        record,
        out -> {
          if (host == null) {
            out.println(secret);
          } else {
            out.println("hosts:");
            out.println("  - nqn: \"" + quoted(host.toString()) + "\"");
            out.println("    " + section + ":");
            out.println("      " + key + ": \"" + secret + "\"");
          }
        });
  }

  private static DhchapHash parse(String word) {
    try {
      return DhchapHash.parse(word);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--hash " + word + ": " + DhchapHash.words() + " or none", e);
    }
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
