package io.mora.tests.system.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.tests.kit.DaemonFixture;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.spec.Covers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Linux kernel that makes its TLS key by DH-HMAC-CHAP; Linux 6.12 cannot, 7.3 can. */
@Tag("interop")
class LinuxConcatenationTest {
  private static final Nqn HOST = new Nqn("nqn.2026-11.org.mora:concatenated");
  @RegisterExtension final Evidence evidence = new Evidence();

  private static DhchapSecret secret() {
    return DhchapSecret.generate(DhchapHash.SHA256, 32, TlsRig.RANDOM);
  }

  @Covers("auth.tls")
  @Test
  void linuxMakesItsKeyAndComesBackByIt() {
    Guest.requireKernel("backports");
    Path folder = evidence.keep();
    DhchapSecret secret = secret();
    DhchapSecret controller = secret();
    TargetSpec spec =
        TlsRig.forGuest(
            TlsPolicy.CONCATENATED,
            new HostSpec(HOST).with(DhchapSpec.of(secret).withControllerKey(controller)));
    DaemonFixture daemon = evidence.closing(new DaemonFixture(folder, spec));
    Guest guest =
        evidence.closing(
            Guest.start(
                folder,
                List.of("--timeout", "500", "--kernel", "backports"),
                "host-concat.sh",
                daemon.port(),
                Served.SUBSYSTEM,
                HOST,
                secret.reveal(),
                controller.reveal(),
                secret().reveal()));
    guest.passes();
    assertThat(guest.printed("RESULT")).hasSize(1);
    assertThat(daemon.logText())
        .doesNotContain(secret.reveal().substring(12, 36))
        .contains("is not let in to");
  }
}
