package io.mora.cli.manage.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.cli.CommandLines;
import io.mora.cli.ExitCodes;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.auth.tls.TlsPsk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyGenerateCommandTest {
  @ParameterizedTest
  @CsvSource({
    "'',                          DHHC-1:01:, 32",
    "--hash=sha256,               DHHC-1:01:, 32",
    "--hash=sha384,               DHHC-1:02:, 48",
    "--hash=sha512,               DHHC-1:03:, 64",
    "--hash=none,                 DHHC-1:00:, 32",
    "--hash=none --length=64,     DHHC-1:00:, 64",
    "--hash sha512 --length 32,   DHHC-1:03:, 32",
  })
  void printsASecretAndNothingElse(String options, String head, int bytes) {
    String line = "host key generate " + options;
    CommandLines done = CommandLines.run(line.strip().split(" +"));
    assertThat(done.exitCode()).isZero();
    String text = done.out().strip();
    assertThat(text).startsWith(head);
    assertThat(DhchapSecret.parse(text).toString()).contains(bytes + " bytes");
    assertThat(done.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--tls,                NVMeTLSkey-1:01:, 32",
    "--tls --hash=sha384,  NVMeTLSkey-1:02:, 48",
  })
  void printsATlsKeyAndNothingElse(String options, String head, int bytes) {
    CommandLines done = CommandLines.run(("host key generate " + options).split(" +"));
    assertThat(done.exitCode()).isZero();
    String text = done.out().strip();
    assertThat(text).startsWith(head);
    assertThat(TlsPsk.parse(text).toString()).contains(bytes + " bytes");
    assertThat(CommandLines.run("host", "key", "generate", "--tls", "--nqn", "nqn.x:h").out())
        .contains("    tls:")
        .contains("      psk: \"NVMeTLSkey-1:01:");
  }

  @Test
  void noTwoAreTheSame() {
    assertThat(CommandLines.run("host", "key", "generate").out())
        .isNotEqualTo(CommandLines.run("host", "key", "generate").out());
  }

  @Test
  void writesTheLinesOfTheConfiguration() {
    assertThat(
            CommandLines.run("host", "key", "generate", "--nqn", "nqn.2026-11.io.example:h").out())
        .matches(
            "hosts:\\R  - nqn: \"nqn.2026-11.io.example:h\"\\R    dhchap:\\R"
                + "      key: \"DHHC-1:01:[^\"]+:\"\\R");
  }

  @Test
  void tellsItAsJson() {
    assertThat(CommandLines.run("host", "key", "generate", "--output=json").out())
        .contains("\"secret\"")
        .contains("DHHC-1:01:");
  }

  @ParameterizedTest
  @CsvSource({
    "host key generate --hash=md5,   sha256",
    "host key generate --length=33,  '32, 48 and 64'",
    "host key generate --tls --hash=sha512, 'sha256, sha384'",
    "host key generate --tls --length=32, its hash",
    "list -a 127.0.0.1 --tls-key-file /nonexistent, cannot be read",
    "host key,                       generate",
    "host,                           key",
  })
  void saysWhatIsAllowed(String line, String allowed) {
    CommandLines done = CommandLines.run(line.split(" +"));
    assertThat(done.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(done.err()).contains(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "--dhchap-secret=DHHC-1:01:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh+KfiaQ:, CRC-32",
    "--dhchap-secret=AAECAwQFBgcICQoLDA0O, not a secret",
    "--dhchap-ctrl-secret=DHHC-1:01:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh+KfiaR:, needs",
  })
  void aBrokenSecretIsNotShown(String option, String message) {
    CommandLines done =
        CommandLines.run("discover", "-a", "127.0.0.1", "-s", "1", "--verbose", option);
    assertThat(done.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(done.err()).contains(message).contains("--dhchap-").doesNotContain("AwQFBgcI");
  }
}
