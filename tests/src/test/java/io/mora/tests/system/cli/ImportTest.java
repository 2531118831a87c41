package io.mora.tests.system.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.config.ConfigException;
import io.mora.target.config.ConfigFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of other targets, read by ours. */
class ImportTest {
  @TempDir private Path folder = Path.of("");

  private Path saved(String name) throws IOException {
    Files.write(folder.resolve("a.img"), new byte[1 << 20]);
    Files.write(folder.resolve("b.img"), new byte[1 << 20]);
    try (InputStream in =
        Objects.requireNonNull(ImportTest.class.getResourceAsStream("/import/" + name))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Files.writeString(folder.resolve(name), text.replace("FOLDER", folder.toString()));
    }
  }

  @Test
  void whatNvmetcliSavedIsServed() throws IOException, ConfigException {
    MoraRun run = MoraRun.of("config import", saved("nvmet.json").toString());
    assertThat(run.exitCode()).isZero();
    TargetSpec spec = ConfigFile.parse("x.yaml", folder, run.out()).spec();
    assertThat(spec.listeners()).hasSize(2);
    ListenerSpec first = spec.listeners().get(0);
    assertThat(first.address()).hasToString("127.0.0.1:4420");
    assertThat(first.subsystems()).hasSize(2);
    assertThat(run.out()).contains("2 non-optimized");
    SubsystemSpec a = spec.subsystems().get(0);
    assertThat(a.allowAnyHost()).isFalse();
    assertThat(a.allowedHosts()).hasSize(2);
    assertThat(a.serial()).isEqualTo("1234567890abcdef");
    assertThat(a.namespaces()).extracting(NamespaceSpec::nsid).containsExactly(1, 2);
    assertThat(a.namespaces().get(0).uuid()).hasToString("7b1f3a52-6f55-4c1c-9a50-1f5a3f0b9a01");
    assertThat(run.out()).contains("ef9e2db32a4b4c5e8b1a3e0f4d5c6b7a").doesNotContain("0000-0000");
    assertThat(spec.subsystems().get(1).allowAnyHost()).isTrue();
    assertThat(spec.hosts().get(1).dhchap()).isNotNull();
    assertThat(run.err())
        .contains("port 2: transport rdma is not served")
        .contains("port 3: TLS is not served")
        .contains("port 3: referrals")
        .contains("port 4: nothing is served there")
        .contains("attribute cntlid_max has no counterpart")
        .contains("namespace 3: it is not enabled")
        .doesNotContain("DHHC");
  }

  @Test
  void whatSpdkSavedIsServed() throws IOException, ConfigException {
    Path to = folder.resolve("mora.yaml");
    MoraRun run = MoraRun.of("config import", saved("spdk.json").toString(), "--to", to.toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(to)))
        .isEqualTo("rw-------");
    TargetSpec spec = ConfigFile.load(to);
    assertThat(spec.listeners()).hasSize(1);
    SubsystemSpec only = spec.subsystems().get(0);
    assertThat(only.model()).isEqualTo("SPDK bdev Controller");
    assertThat(only.namespaces()).extracting(NamespaceSpec::nsid).containsExactly(1, 2);
    assertThat(only.namespaces().get(0).blockSizeBytes()).isEqualTo(512);
    assertThat(only.namespaces().get(0).backend()).isInstanceOf(BackendSpec.Memory.class);
    assertThat(Files.readString(to)).contains("readOnly: true", "2 non-optimized", "16777216B");
    assertThat(run.err())
        .contains("transport RDMA: only TCP is served")
        .contains("discovery is served at every listener")
        .contains("dhchap_key names a key of SPDK's keyring")
        .contains("reservations do not outlive the target")
        .contains("Nvme0: bdev_nvme_attach_controller has no counterpart")
        .contains("Malloc0: bdev_set_qos_limit has no counterpart")
        .contains("namespace 3 (Nvme0n1): its bdev is not a file")
        .contains("namespace 4 (odd): blocks of 520 bytes are not served")
        .contains("TLS is not served")
        .doesNotContain("sock_set");
    MoraRun again =
        MoraRun.of("config import", folder.resolve("spdk.json").toString(), "--to", to.toString());
    assertThat(again.exitCode()).isEqualTo(74);
  }

  @Test
  void whatIsNeitherIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("x.json"), "{\"subsystems\": [{}]}");
    MoraRun run = MoraRun.of("config import", file.toString());
    assertThat(run.exitCode()).isEqualTo(65);
    assertThat(run.err()).contains("neither of nvmetcli");
    Files.writeString(file, "{\"subsystems\": [");
    assertThat(MoraRun.of("config import", file.toString()).exitCode()).isEqualTo(65);
    MoraRun json = MoraRun.of("config import -o json", saved("nvmet.json").toString());
    assertThat(json.json().at("/notCarriedOver")).hasSizeGreaterThan(4);
    assertThat(json.json().at("/config/subsystems/0/nqn").asText()).endsWith(":a");
  }
}
