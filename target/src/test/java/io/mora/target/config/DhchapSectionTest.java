package io.mora.target.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
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
import org.junit.jupiter.params.provider.ValueSource;

class DhchapSectionTest {
  private static final String KEY = "DHHC-1:01:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh+KfiaR:";
  private static final String CONTROLLER_KEY =
      "DHHC-1:01:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj/jBqb2:";

  @TempDir private Path folder = Path.of("");

  private TargetSpec parse(String dhchap) throws ConfigException {
    return ConfigFile.parse("x.yaml", folder, text(dhchap)).spec();
  }

  private static String text(String dhchap) {
    return "listeners: [{address: 127.0.0.1}]\nhosts:\n  - nqn: a\n    dhchap: " + dhchap + "\n";
  }

  private String problems(String dhchap) {
    ConfigException e = catchThrowableOfType(ConfigException.class, () -> parse(dhchap));
    String message = Objects.requireNonNull(e, dhchap).toString();
    assertThat(message).doesNotContain("CAwQFBgc").doesNotContain("IyQlJi");
    return message;
  }

  private void file(String name, String text, String mode) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  @Test
  void secretsAndWordsAreRead() throws ConfigException {
    TargetSpec spec =
        parse(
            "{key: \""
                + KEY
                + "\", controllerKey: \""
                + CONTROLLER_KEY
                + "\","
                + " hashes: [sha512, sha256], groups: [ffdhe4096, none]}");
    assertThat(spec.hosts().get(0).dhchap())
        .isEqualTo(
            DhchapSpec.of(DhchapSecret.parse(KEY))
                .withControllerKey(DhchapSecret.parse(CONTROLLER_KEY))
                .withHashes(DhchapHash.SHA512, DhchapHash.SHA256)
                .withGroups(DhchapGroup.FFDHE4096, DhchapGroup.NULL));
    assertThat(spec.toString()).doesNotContain("CAwQFBgc").doesNotContain("IyQlJi");
    assertThat(parse("{key: \"" + KEY + "\"}").hosts().get(0).dhchap())
        .isEqualTo(DhchapSpec.of(DhchapSecret.parse(KEY)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------"})
  void secretsAreReadFromFilesOfTheirOwner(String mode) throws IOException, ConfigException {
    file("host.key", KEY + "\n", mode);
    file("controller.key", CONTROLLER_KEY, mode);
    assertThat(
            parse("{keyFile: host.key, controllerKeyFile: controller.key}").hosts().get(0).dhchap())
        .isEqualTo(
            new DhchapSpec(
                DhchapSecret.parse(KEY),
                DhchapSecret.parse(CONTROLLER_KEY),
                DhchapSpec.HASHES,
                DhchapSpec.GROUPS,
                "host.key",
                "controller.key"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx------"})
  void filesThatOthersMayReadOrChangeAreRefused(String mode) throws IOException {
    file("host.key", KEY, mode);
    assertThat(problems("{keyFile: host.key}")).contains("chmod 600").contains("keyFile");
  }

  @Test
  void filesThatAreNoSecretAreRefused() throws IOException {
    file("empty.key", "", "rw-------");
    file("long.key", KEY.repeat(10), "rw-------");
    file("wrong.key", KEY.replace("KfiaR", "KfiaS"), "rw-------");
    assertThat(problems("{keyFile: missing.key}")).contains("cannot be read");
    assertThat(problems("{keyFile: .}")).contains("not a file");
    assertThat(problems("{keyFile: empty.key}")).contains("not a secret");
    assertThat(problems("{keyFile: long.key}")).contains("larger than a secret");
    assertThat(problems("{keyFile: wrong.key}")).contains("CRC-32");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{};missing",
        "{key: \"DHHC-1:01:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh+KfiaQ:\"};CRC-32",
        "{key: AAECAwQFBgcICQoLDA0ODxAREhMUFRYX};not a secret",
        "{key: [\"DHHC-1:01:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh+KfiaR:\"]};not a single",
        "{key: };no value",
        "{controllerKey: \"DHHC-1:01:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj/jBqb2:\"};missing",
      })
  void whatIsNoKeyIsToldWithoutShowingIt(String dhchap, String message) {
    assertThat(problems(dhchap)).contains(message).contains("dhchap.key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"groups: [none]", "hashes: [sha512]"})
  void whoCanMakeNoKeyForTlsHasNoPlaceWhereItIsDemanded(String only) throws ConfigException {
    String host = "{key: \"" + KEY + "\", " + only + "}";
    String other = text(host);
    String concatenated = other.replace("1}", "1, tls: concatenated}");
    ConfigException e =
        catchThrowableOfType(
            ConfigException.class, () -> ConfigFile.parse("x.yaml", folder, concatenated));
    assertThat(Objects.requireNonNull(e, only).toString())
        .contains("hosts[0].dhchap." + only.replace(": ", " = "))
        .contains("makes no key")
        .contains("or hosts[].tls");
    String beside = other.replace("1}]", "1, tls: concatenated}, {address: 127.0.0.2}]");
    assertThat(ConfigFile.parse("x.yaml", folder, beside).spec().hosts()).hasSize(1);
  }

  /** Wherever it stands, and however little of it is right. */
  @Test
  void aSecretInTheWrongPlaceIsNotShown() {
    assertThat(problems("{kye: \"" + KEY + "\"}")).contains("unknown key");
    assertThat(problems("{secret: AAECAwQFBgcICQoLDA0O}")).contains("unknown key");
    assertThat(problems("\"" + KEY + "\"")).contains("not a section");
    assertThat(problems("{\"" + KEY + "\": 1}")).contains("unknown key");
    assertThat(problems("{key: \"" + KEY + "\"}\n    weight: \"" + KEY + "\""))
        .contains("not a whole number")
        .contains("(not shown)");
    assertThat(problems("{key: " + KEY + "}")).contains("yaml:");
    assertThat(problems("\n      key: " + KEY)).contains("not YAML");
  }

  @Test
  void secretsAreWrittenSealedAndFilesByName() throws IOException, ConfigException {
    file("controller.key", CONTROLLER_KEY, "rw-------");
    TargetSpec spec = parse("{key: \"" + KEY + "\", controllerKeyFile: controller.key}");
    String yaml =
        ConfigFile.toYaml(ConfigFile.toTree(AdminSpec.DEFAULT, spec, SecretBox.in(folder)));
    assertThat(yaml)
        .doesNotContain("DHHC")
        .contains("key: " + SecretBox.START)
        .contains("controllerKeyFile: controller.key");
    assertThat(ConfigFile.parse("x.yaml", folder, yaml).spec()).isEqualTo(spec);
    ConfigException e =
        catchThrowableOfType(
            ConfigException.class,
            () -> ConfigFile.parse("x", folder, yaml.replace("nqn: a", "nqn: b")));
    assertThat(e).hasMessageContaining("another place").hasMessageContaining("dhchap.key");
  }

  @Test
  void listsAndPairsAreChecked() throws IOException {
    String key = "{key: \"" + KEY + "\", ";
    assertThat(problems(key + "hashes: [md5]}")).contains("sha256, sha384, sha512");
    assertThat(problems(key + "groups: [ffdhe1024]}")).contains("ffdhe2048");
    assertThat(problems(key + "hashes: []}")).contains("at least one");
    assertThat(problems(key + "groups: [none, none]}")).contains("named twice");
    assertThat(problems(key + "controllerKey: \"" + KEY + "\"}")).contains("the same as key");
    assertThat(problems(key + "kye: x}")).contains("kye");
    file("host.key", KEY, "rw-------");
    assertThat(problems(key + "keyFile: host.key}")).contains("twice");
  }
}
