package io.mora.tests.system.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.Scratch;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.spec.Covers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** File systems of a Linux host, on files of the target, under random operations. */
@Tag("interop")
class LinuxTortureTest {
  private static final long SIZE = 400L << 20;

  /** Of each of the two processes on each file system. */
  private static final int OPERATIONS = Integer.getInteger("mora.torture.operations", 2000);

  @RegisterExtension final Evidence evidence = new Evidence();

  @Covers({"read", "write", "flush", "zeroes", "dsm"})
  @Test
  void whatFileSystemsWriteIsThereAfterwards() {
    Guest.require();
    Path data = evidence.closing(new Scratch()).folder();
    Served served =
        Served.on(2)
            .withFile(data.resolve("ext4"), SIZE, 512)
            .withFile(data.resolve("xfs"), SIZE, 4096)
            .withFile(data.resolve("btrfs"), SIZE, 4096);
    TargetFixture fixture = evidence.closing(TargetFixture.start(served.listening(0)));
    Guest guest =
        evidence.closing(
            Guest.start(
                evidence.keep(),
                List.of("--timeout", "1500"),
                "host-torture.sh",
                fixture.target().listeners().get(0).address().getPort(),
                Served.SUBSYSTEM,
                evidence.seed() & 0x7FFF_FFFF,
                OPERATIONS,
                "ext4:1",
                "xfs:2",
                "btrfs:3"));
    int status = guest.end();
    assertThat(guest.printed("FAIL")).isEmpty();
    assertThat(status).isZero();
    assertThat(guest.printed("RESULT")).hasSize(1);
  }
}
