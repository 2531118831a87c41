package io.mora.target.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.admin.policy.TlsSpec;
import io.mora.protocol.auth.tls.TlsPsk;
import io.mora.target.config.secret.SecretBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys for TLS in a configuration: read, sealed, refused without being shown. */
class TlsSectionTest {
  private static final String PSK =
      "NVMeTLSkey-1:01:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ:";
  private static final String INNER = "VRLbtnN9";

  @TempDir Path folder;

  private TargetSpec parse(String tls) throws ConfigException {
    return ConfigFile.parse("x.yaml", folder, text(tls)).spec();
  }

  private static String text(String tls) {
    return "listeners: [{address: 127.0.0.1, tls: required}]\nhosts:\n  - nqn: a\n    tls: "
        + tls
        + "\n";
  }

  private String problems(String tls) {
    ConfigException e = catchThrowableOfType(ConfigException.class, () -> parse(tls));
    String message = Objects.requireNonNull(e, tls).toString();
    assertThat(message).doesNotContain(INNER);
    return message;
  }

  @Test
  void aKeyAndThePolicyAreRead() throws ConfigException {
    TargetSpec spec = parse("{psk: \"" + PSK + "\"}");
    assertThat(spec.hosts().get(0).tls()).isEqualTo(TlsSpec.of(TlsPsk.parse(PSK)));
    assertThat(spec.listeners().get(0).tls()).isEqualTo(TlsPolicy.REQUIRED);
    assertThat(spec.toString()).doesNotContain(INNER);
  }

  @Test
  void filesAreNamedAndStay() throws ConfigException, IOException {
    Path file = folder.resolve("host.psk");
    Files.writeString(file, PSK + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    TargetSpec spec = parse("{pskFile: host.psk}");
    assertThat(spec.hosts().get(0).tls())
        .isEqualTo(new TlsSpec(TlsPsk.parse(PSK), null, "host.psk", null));
    assertThat(ConfigFile.toYaml(spec)).contains("host.psk");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(problems("{pskFile: host.psk}")).contains("chmod 600");
  }

  @Test
  void whatIsWrittenIsSealedAndReadBack() throws ConfigException {
    TargetSpec spec =
        parse("{psk: \"" + PSK + "\", previousPsk: \"" + PSK.replace(":01:", ":00:") + "\"}");
    String written =
        ConfigFile.toYaml(ConfigFile.toTree(AdminSpec.DEFAULT, spec, SecretBox.in(folder)));
    assertThat(written).doesNotContain(INNER).contains(SecretBox.START).contains("tls: required");
    assertThat(ConfigFile.parse("x.yaml", folder, written).spec()).isEqualTo(spec);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|missing",
        "{psk: \"NVMeTLSkey-1:01:VRLbtnN9AQb2:\"}|a key of 5 bytes",
        "{psk: \"NVMeTLSkey-1:01:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrY:\"}|CRC-32",
        "{psk: \"DHHC-1:01:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ:\"}|not a TLS key",
        "{key: \"NVMeTLSkey-1:01:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ:\"}|unknown key"
      })
  void whatIsNoKeyIsToldWithoutShowingIt(String tls, String message) {
    assertThat(problems(tls)).contains(message);
  }

  @Test
  void theSameKeyTwiceIsNoChange() {
    assertThat(problems("{psk: \"" + PSK + "\", previousPsk: \"" + PSK + "\"}"))
        .contains("previousPsk: the same as psk");
  }

  @Test
  void thePolicyIsAWord() {
    ConfigException e =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                ConfigFile.parse(
                    "x.yaml", folder, "listeners: [{address: 127.0.0.1, tls: always}]"));
    assertThat(Objects.requireNonNull(e).toString())
        .contains("none, allowed, concatenated, required");
  }
}
