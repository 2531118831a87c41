package io.mora.target.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.ShardSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.config.key.ConfigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  private static final Path EXAMPLES = Path.of("../docs/examples");

  @Test
  void minimalExampleTakesEveryDefault() throws ConfigException {
    TargetSpec spec = ConfigFile.load(EXAMPLES.resolve("minimal.yaml"));
    Nqn nqn = new Nqn("nqn.2026-11.io.example:disk");
    assertThat(spec.shards()).isEqualTo(ShardSpec.DEFAULT);
    assertThat(spec.limits()).isEqualTo(LimitsSpec.DEFAULT);
    assertThat(spec.discovery().listen()).containsExactly(new TransportAddress("127.0.0.1", 8009));
    assertThat(spec.listeners().get(0).address())
        .isEqualTo(new TransportAddress("127.0.0.1", 4420));
    assertThat(spec.subsystems())
        .containsExactly(
            SubsystemSpec.openToAll(
                nqn, List.of(NamespaceSpec.of(nqn, 1, 4096, new BackendSpec.Memory(1L << 30)))));
    assertThat(spec.subsystems().get(0).serial()).matches("MORA[0-9A-F]{16}");
  }

  @Test
  void fullExampleUsesEveryKey() throws ConfigException, IOException {
    Path file = EXAMPLES.resolve("full.yaml");
    TargetSpec spec = ConfigFile.load(file);
    assertThat(spec.subsystems()).hasSize(2);
    BackendSpec.File disk =
        (BackendSpec.File) spec.subsystems().get(0).namespaces().get(0).backend();
    assertThat(disk.path()).isEqualTo(EXAMPLES.toAbsolutePath().normalize() + "/disk-1.img");
    assertThat(spec.subsystems().get(1).namespaces().get(0).backend())
        .isEqualTo(new BackendSpec.Null(1L << 40));
    String text = Files.readString(file);
    assertThat(ConfigKey.all()).allMatch(key -> text.contains(bare(key) + ":"));
  }

  private static String bare(ConfigKey key) {
    return key.key().replace("[]", "");
  }

  @Test
  void valuesWithUnitsAndWordsAreRead() throws ConfigException {
    TargetSpec spec =
        parse(
            """
            shards: {count: 2, transport: io_uring, cpus: [3, 5], pin: false, bufferMemory: 64 MiB}
            limits: {handshakeTimeout: 250ms, transfer: {inCapsule: 0, command: 128KiB}}
            discovery: {listen: []}
            listeners: [{address: "::", port: 0}]
            """);
    assertThat(spec.shards())
        .isEqualTo(
            new ShardSpec(2, ShardSpec.TransportChoice.IO_URING, List.of(3, 5), false, 64L << 20));
    assertThat(spec.limits().handshakeTimeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(spec.limits().transfer().inCapsuleBytes()).isZero();
    assertThat(spec.limits().transfer().commandBytes()).isEqualTo(128 << 10);
    assertThat(spec.discovery().listen()).isEmpty();
  }

  @Test
  void discoveryFollowsTheListeners() throws ConfigException {
    String twice =
        "listeners: [{address: 10.0.0.1}, {address: 10.0.0.1, port: 4421}, {address: '::1'}]";
    assertThat(parse(twice).discovery().listen())
        .containsExactly(new TransportAddress("10.0.0.1", 8009), new TransportAddress("::1", 8009));
    String wild = "listeners: [{address: 10.0.0.1}, {address: 0.0.0.0, port: 4421}]";
    assertThat(parse(wild).discovery().listen())
        .containsExactly(new TransportAddress("0.0.0.0", 8009));
    assertThat(parse("listeners: [{address: 10.0.0.1, port: 8009}]").discovery().listen())
        .isEmpty();
  }

  @Test
  void nullBackendNeedsNoQuotes() throws ConfigException {
    TargetSpec spec =
        parse(
            """
            listeners: [{address: 127.0.0.1}]
            subsystems:
              - nqn: nqn.2026-11.io.example:disk
                namespaces: [{nsid: 1, backend: {kind: null, size: 1MiB}}]
            """);
    assertThat(spec.subsystems().get(0).namespaces().get(0).backend())
        .isEqualTo(new BackendSpec.Null(1 << 20));
  }

  @Test
  void aFileThatIsNotThereIsOneProblem(@TempDir Path folder) {
    Path file = folder.resolve("none.yaml");
    ConfigException e = catchThrowableOfType(ConfigException.class, () -> ConfigFile.load(file));
    assertThat(e).hasMessage(file + ": no such file");
  }

  @Test
  void problemsFoundLaterAreLocated() throws ConfigException {
    ConfigFile config =
        ConfigFile.parse(
            "x.yaml",
            Path.of("/"),
            """
            listeners:
              - address: 127.0.0.1
            subsystems:
              - nqn: nqn.2026-11.io.example:disk
                namespaces:
                  - nsid: 1
                    backend: {kind: file, path: /disk}
            """);
    Problem later =
        Problem.of("subsystems[0].namespaces[0].backend.direct", "required", "auto", "cannot");
    assertThat(config.locate(later))
        .hasToString(
            "x.yaml:7: subsystems[0].namespaces[0].backend.direct = required: cannot"
                + " (allowed: auto)");
    assertThat(config.locate(Problem.of("hosts[3].nqn", "", "", "gone")).line()).isEqualTo(1);
  }

  private static TargetSpec parse(String text) throws ConfigException {
    return Objects.requireNonNull(ConfigFile.parse("test.yaml", Path.of("/srv"), text).spec());
  }
}
