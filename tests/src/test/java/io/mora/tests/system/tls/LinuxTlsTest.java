package io.mora.tests.system.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.admin.policy.TlsSpec;
import io.mora.protocol.auth.tls.TlsPsk;
import io.mora.tests.kit.DaemonFixture;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.spec.Covers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
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

  private static final int CANNOT = 77;

  /** An emulated machine shakes hands slowly. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension final Evidence evidence = new Evidence();

  @Covers("tcp.tls")
  @Test
  void linuxConnectsByItsKeyAndNoOther() {
    Guest.require();
    Path folder = evidence.keep();
    ListenerSpec listener =
        new ListenerSpec(new TransportAddress("127.0.0.1", 0), Guest.MACHINE, List.of())
            .withTls(TlsPolicy.REQUIRED);
    TargetSpec spec =
        Served.on(2)
            .with(LimitsSpec.DEFAULT.withHandshakeTimeout(PATIENCE))
            .withMemory(64 << 20, 4096)
            .listening(0)
            .withListeners(List.of(listener))
            .withHosts(List.of(new HostSpec(HOST).with(TlsSpec.of(TlsPsk.of(CONFIGURED, true)))));
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
    int status = guest.end();
    Assumptions.assumeTrue(status != CANNOT, "the guest's kernel has no TLS for NVMe/TCP");
    assertThat(guest.printed("FAIL")).isEmpty();
    assertThat(status).isZero();
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
