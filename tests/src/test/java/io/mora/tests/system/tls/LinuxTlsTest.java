package io.mora.tests.system.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.auth.tls.TlsPsk;
import io.mora.tests.kit.DaemonFixture;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.RawPsk;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Linux kernel that connects over TLS by tlshd. */
@Tag("interop")
class LinuxTlsTest {
  private static final Nqn HOST = new Nqn("nqn.2026-11.org.mora:tls");
  private static final Nqn OTHER_HOST = new Nqn("nqn.2026-11.org.mora:tls-other");
  private static final byte[] CONFIGURED = new byte[32];
  private static final byte[] OTHER = new byte[32];

  static {
    TlsRig.RANDOM.nextBytes(CONFIGURED);
    TlsRig.RANDOM.nextBytes(OTHER);
  }

  @RegisterExtension final Evidence evidence = new Evidence();

  @Covers("tcp.tls")
  @Test
  void linuxConnectsByItsKeyAndNoOther() {
    Guest.require();
    Path folder = evidence.keep();
    TargetSpec spec =
        TlsRig.forGuest(TlsPolicy.REQUIRED, TlsRig.host(HOST, TlsPsk.of(CONFIGURED, true)));
    DaemonFixture daemon = evidence.closing(new DaemonFixture(folder, spec));
    Guest guest =
        evidence.closing(
            Guest.start(
                folder,
                List.of("--timeout", "500"),
                "host-tls.sh",
                daemon.port(),
                Served.SUBSYSTEM,
                HOST,
                argument(CONFIGURED, HOST),
                OTHER_HOST,
                argument(OTHER, OTHER_HOST)));
    guest.passes();
    assertThat(guest.printed("RESULT")).hasSize(1);
    assertThat(daemon.logText())
        .doesNotContain(TlsPsk.of(CONFIGURED, true).reveal().substring(16, 40))
        .contains("plain NVMe/TCP where TLS is due");
  }

  private static String argument(byte[] configured, Nqn host) {
    RawPsk psk = RawPsk.of(configured, host.value(), Served.SUBSYSTEM.value());
    return psk.identity() + "=" + psk.keyHex();
  }
}
