package io.mora.tests.system.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.auth.TlsOptions;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.Nqn;
import io.mora.protocol.auth.tls.TlsPsk;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.GuestWire;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.wire.RawPsk;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Our host at the target of a real Linux kernel that demands TLS, by tlshd. */
@Tag("interop")
class KernelTlsTest {
  private static final Nqn HOST = new Nqn("nqn.2026-11.org.mora:tls-ours");

  @RegisterExtension final Evidence evidence = new Evidence();

  @Test
  void weConnectByOurKeyAndNoOther() throws Exception {
    Guest.require();
    byte[] configured = new byte[32];
    TlsRig.RANDOM.nextBytes(configured);
    RawPsk psk = RawPsk.of(configured, HOST.value(), TlsRig.KERNEL.value());
    int port = Guest.freePort();
    Guest guest =
        evidence.closing(
            Guest.start(
                evidence.keep(),
                List.of("--fwd", port + ":4420", "--stdin", "--timeout", "600"),
                "kernel-tls.sh",
                4420,
                600,
                HOST,
                psk.identity() + "=" + psk.keyHex()));
    guest.await("READY");
    GuestWire wire = evidence.closing(GuestWire.toGuest(port));
    ConnectOptions to = TlsRig.toKernel(wire.port()).build();
    ConnectOptions digested =
        TlsRig.toKernel(wire.port()).headerDigest(true).dataDigest(true).build();
    TlsOptions right = TlsOptions.of(TlsPsk.of(configured, true));
    try {
      connects(right, to, 1);
      connects(right, digested, 2);
      for (TlsOptions wrong : Arrays.asList(TlsOptions.of(TlsRig.OTHER), null)) {
        assertThat(Waiting.failure(host(wrong).connect(to)))
            .isInstanceOf(ConnectionException.class);
      }
      connects(right, to, 3);
    } finally {
      guest.tell("stop");
      guest.end(System.out::println);
    }
    guest.passes();
  }

  private Initiator host(@Nullable TlsOptions tls) {
    return evidence.closing(
        Initiator.create(InitiatorOptions.builder().hostNqn(HOST).tls(tls).build()));
  }

  private void connects(TlsOptions tls, ConnectOptions to, long seed) {
    Association association = Waiting.get(host(tls).connect(to));
    TlsRig.readsAndWrites(association, seed);
    Waiting.get(association.disconnect());
  }
}
