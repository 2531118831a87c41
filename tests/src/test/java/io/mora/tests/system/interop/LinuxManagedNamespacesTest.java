package io.mora.tests.system.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.storage.PoolSpec;
import io.mora.tests.kit.DaemonFixture;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.Scratch;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.spec.Covers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Linux host makes its own disks by nvme-cli. */
@Tag("interop")
class LinuxManagedNamespacesTest {
  private static final Nqn HOST =
      new Nqn("nqn.2014-08.org.nvmexpress:uuid:4d6f7261-0000-4000-8000-000000000001");
  private static final long POOL = 512 << 20;

  @RegisterExtension final Evidence evidence = new Evidence();

  @Covers("ns.manage")
  @Test
  void createAttachDetachDelete() {
    Guest.require();
    Path folder = evidence.keep();
    Path pool = evidence.closing(new Scratch()).folder();
    TargetSpec spec = Served.on(2).listening(0);
    SubsystemSpec first = spec.subsystems().get(0);
    PoolSpec managed = new PoolSpec(pool.toString(), POOL, List.of(HOST));
    DaemonFixture daemon =
        evidence.closing(
            new DaemonFixture(
                folder,
                spec.withHosts(List.of(new HostSpec(HOST)))
                    .withSubsystems(List.of(first.withPolicy(first.policy().withPool(managed))))));
    Guest guest =
        evidence.closing(
            Guest.start(
                folder,
                List.of("--timeout", "600"),
                "host-pool.sh",
                daemon.port(),
                Served.SUBSYSTEM,
                HOST,
                POOL));
    int status = guest.end();
    assertThat(guest.printed("FAIL")).isEmpty();
    assertThat(status).isZero();
    assertThat(guest.printed("RESULT")).hasSize(1);
    assertThat(pool).isEmptyDirectory();
  }
}
