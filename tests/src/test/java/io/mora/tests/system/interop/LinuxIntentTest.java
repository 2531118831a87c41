package io.mora.tests.system.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.TargetSpec;
import io.mora.target.config.ConfigFile;
import io.mora.tests.kit.DaemonFixture;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.spec.Covers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A Linux host that knows nothing of intent gains from it: a class by listener, and readahead that
 * yields. The guest is emulated and slow, so the device is modelled and fifty times slower still.
 */
@Tag("interop")
@Covers("intent.command")
class LinuxIntentTest {
  private static final String NQN = "nqn.2026-11.io.mora:classes";

  private static final String TARGET =
      """
      shards: {count: 1}
      latencyIntent: {enabled: true}
      discovery: {listen: []}
      listeners:
        - {address: 127.0.0.1, port: 0, class: critical, trust: claimed}
        - {address: 127.0.0.1, port: 0, class: bulk}
        - {address: 127.0.0.1, port: 0}
      subsystems:
        - nqn: %s
          allowAnyHost: true
          namespaces:
            - {nsid: 1, backend: {kind: memory, size: 512MiB, delay: {scale: 50, slowEvery: 0}}}
      """
          .formatted(NQN);

  @RegisterExtension final Evidence evidence = new Evidence();

  @Test
  void aPortForEachClassAndReadaheadThatYields() throws Exception {
    Guest.require();
    Path folder = evidence.keep();
    TargetSpec spec = ConfigFile.parse("classes.yaml", folder, TARGET).spec();
    DaemonFixture daemon = evidence.closing(new DaemonFixture(folder, spec));
    Guest guest =
        evidence.closing(
            Guest.start(
                folder,
                List.of("--timeout", "600", "--append", "nvme_core.multipath=N"),
                "host-classes.sh",
                daemon.port(0),
                daemon.port(1),
                daemon.port(2),
                NQN));
    int status = guest.end();
    assertThat(guest.printed("FAIL")).isEmpty();
    assertThat(status).isZero();
    assertThat(guest.printed("RESULT")).hasSize(1);
  }
}
