package io.mora.tests.system.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.DiscoverySpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.tests.kit.DaemonFixture;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.GuestWire;
import io.mora.tests.kit.Scratch;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.spec.Covers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real Linux host uses the daemon as an administrator would. What it printed is kept. */
@Tag("interop")
class LinuxHostTest {
  private static final long SIZE = 512L << 20;

  @RegisterExtension final Evidence evidence = new Evidence();

  @Covers({
    "tcp.init",
    "tcp.capsule",
    "tcp.r2t",
    "tcp.c2h",
    "connect",
    "property",
    "state",
    "keepalive",
    "identify.controller",
    "identify.namespace",
    "identify.lists",
    "log.supported",
    "log.error",
    "log.smart",
    "log.firmware",
    "log.discovery",
    "feature.plain",
    "feature.queues",
    "read",
    "write",
    "flush",
    "zeroes",
    "dsm",
    "verify",
    "copy",
    "resv",
    "resv.ptpl",
    "format",
    "log.features"
  })
  @Test
  void anAdministratorsFirstDay() {
    Guest.require();
    Path folder = evidence.keep();
    Path capture = folder.resolve("capture.pcap");
    DaemonFixture daemon = daemon(folder);
    Guest guest =
        evidence.closing(
            Guest.start(
                folder,
                List.of("--timeout", "600", "--pcap", capture.toString()),
                "host-basic.sh",
                daemon.port(),
                daemon.discoveryPort(),
                Served.SUBSYSTEM,
                1,
                2));
    assertPassed(guest);
    Captures.judge(capture, daemon.port());
  }

  @Covers("tcp.digest")
  @Test
  void everyCombinationOfDigests() {
    Guest.require();
    Path folder = evidence.keep();
    Path capture = folder.resolve("capture.pcap");
    DaemonFixture daemon = daemon(folder);
    Guest guest =
        evidence.closing(
            Guest.start(
                folder,
                List.of("--timeout", "600", "--pcap", capture.toString()),
                "host-digests.sh",
                daemon.port(),
                Served.SUBSYSTEM,
                1));
    assertPassed(guest);
    Captures.judge(capture, daemon.port());
  }

  @Test
  void aTargetKilledUnderLoadComesBack() {
    Guest.require();
    Path folder = evidence.keep();
    DaemonFixture daemon = daemon(folder);
    GuestWire wire = evidence.closing(GuestWire.fromGuest(daemon.port()));
    int[] kills = {0};
    Guest guest =
        evidence.closing(
            Guest.start(
                folder,
                List.of("--timeout", "600"),
                "host-restart.sh",
                wire.port(),
                Served.SUBSYSTEM,
                2,
                10));
    int status =
        guest.end(
            line -> {
              if (line.equals("RESTART-NOW")) {
                kills[0]++;
                daemon.kill();
                daemon.startAgain();
              }
            });
    assertThat(status).as("%s", guest.printed("FAIL")).isZero();
    assertThat(kills[0]).isEqualTo(2);
  }

  /** Namespace 1 of 512-byte and 2 of 4096-byte blocks, both files; discovery on its own port. */
  private DaemonFixture daemon(Path folder) {
    Path data = evidence.closing(new Scratch()).folder();
    Served served =
        Served.on(2)
            .withFile(data.resolve("one"), SIZE, 512)
            .withFile(data.resolve("two"), SIZE, 4096);
    TransportAddress any = new TransportAddress("127.0.0.1", 0);
    TargetSpec spec =
        served
            .listening(0)
            .withListeners(List.of(new ListenerSpec(any, Guest.MACHINE, List.of())))
            .withDiscovery(new DiscoverySpec(List.of(any), Guest.MACHINE));
    return evidence.closing(new DaemonFixture(folder, spec));
  }

  private static void assertPassed(Guest guest) {
    int status = guest.end();
    assertThat(guest.printed("FAIL")).isEmpty();
    assertThat(status).isZero();
    assertThat(guest.printed("RESULT")).hasSize(1);
  }
}
