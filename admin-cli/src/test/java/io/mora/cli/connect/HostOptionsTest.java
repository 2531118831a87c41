package io.mora.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class HostOptionsTest {
  private static final String ID = "2cd2c43b-a90a-45c1-a8cd-86b33ab273b5";
  private static final String NQN = "nqn.2014-08.org.nvmexpress:uuid:" + ID;

  @TempDir Path folder;

  private HostOptions.Identity parse(String... args) {
    HostOptions options = new HostOptions(folder);
    CommandLine.populateCommand(options, args);
    return options.identity();
  }

  @Test
  void theMachinesOwnIdentityIsUsed() throws Exception {
    Files.writeString(folder.resolve("hostnqn"), NQN + "\n");
    HostOptions.Identity derived = parse();
    assertThat(derived.id()).hasToString(ID);
    assertThat(Objects.requireNonNull(derived.nqn()).value()).isEqualTo(NQN);
    String other = "11111111-2222-4333-8444-555555555555";
    Files.writeString(folder.resolve("hostid"), other + "\n");
    assertThat(parse().id()).hasToString(other);
  }

  @Test
  void whatIsGivenStandsAlone() throws Exception {
    Files.writeString(folder.resolve("hostnqn"), NQN);
    HostOptions.Identity given = parse("--hostid", "11111111-2222-4333-8444-555555555555");
    assertThat(given.nqn()).isNull();
    assertThat(parse("--hostnqn=nqn.2026-11.io.mora:h").nqn()).hasToString("nqn.2026-11.io.mora:h");
  }

  @Test
  void aKeyForTlsIsMadeOnlyWhereASecretIsAndNoKey() throws Exception {
    String secret = "DHHC-1:01:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh+KfiaR:";
    HostOptions.Identity made = parse("--dhchap-secret", secret, "--concat");
    assertThat(Objects.requireNonNull(made.dhchap()).concatenated()).isTrue();
    assertThat(Objects.requireNonNull(parse("--dhchap-secret", secret).dhchap()).concatenated())
        .isFalse();
    assertThatThrownBy(() -> parse("--concat")).hasMessage("--concat needs --dhchap-secret");
    Path key = Files.writeString(folder.resolve("key"), "");
    assertThatThrownBy(
            () -> parse("--dhchap-secret", secret, "--concat", "--tls-key-file", key.toString()))
        .hasMessageContaining("leave out one of both");
  }

  @Test
  void withoutAnyItIsAnotherHostEachTime() {
    assertThat(parse().id()).isNotEqualTo(parse().id());
  }
}
