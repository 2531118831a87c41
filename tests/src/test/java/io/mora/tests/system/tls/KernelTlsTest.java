package io.mora.tests.system.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.auth.TlsOptions;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.auth.tls.TlsPsk;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.GuestWire;
import io.mora.tests.kit.Waiting;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Our host at the target of a real Linux kernel that demands TLS, by tlshd. */
@Tag("interop")
class KernelTlsTest {
  private static final Nqn KERNEL = new Nqn("nqn.2014-08.org.mora:kernel");
  private static final Nqn HOST = new Nqn("nqn.2026-11.org.mora:tls-ours");
  private static final int CANNOT = 77;

  @RegisterExtension final Evidence evidence = new Evidence();

  @Test
  void weConnectByOurKeyAndNoOther() throws Exception {
    Guest.require();
    byte[] configured = new byte[32];
    TlsRig.RANDOM.nextBytes(configured);
    RawPsk psk = RawPsk.of(configured, HOST.value(), KERNEL.value());
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
    TransportAddress address = new TransportAddress("127.0.0.1", wire.port());

    TlsOptions right = TlsOptions.of(TlsPsk.of(configured, true));
    try {
      for (boolean digests : new boolean[] {false, true}) {

        Association association = Waiting.get(host(right).connect(options(address, digests)));
        TlsRig.readsAndWrites(association, digests ? 1 : 0);
        Waiting.get(association.disconnect());
      }
      assertThat(
              Waiting.failure(host(TlsOptions.of(TlsRig.OTHER)).connect(options(address, false))))
          .isInstanceOf(ConnectionException.class);
      assertThat(Waiting.failure(host(null).connect(options(address, false))))
          .isInstanceOf(ConnectionException.class);
      Association again = Waiting.get(host(right).connect(options(address, false)));
      TlsRig.readsAndWrites(again, 2);
      Waiting.get(again.disconnect());

    } finally {
      guest.tell("stop");
      guest.end(System.out::println);
    }
    int status = guest.end();
    Assumptions.assumeTrue(status != CANNOT, "the guest's target has no TLS");
    assertThat(guest.printed("FAIL")).isEmpty();
    assertThat(status).isZero();
  }

  private Initiator host(@Nullable TlsOptions tls) {
    return evidence.closing(
        Initiator.create(InitiatorOptions.builder().hostNqn(HOST).tls(tls).build()));
  }

  private static ConnectOptions options(TransportAddress address, boolean digests) {
    return ConnectOptions.to(address, KERNEL)
        .queues(2)
        .headerDigest(digests)
        .dataDigest(digests)
        .controllerLossTimeoutMs(0)
        .connectTimeoutMs(30_000)
        .adminTimeoutMs(60_000)
        .keepAliveTimeoutMs(60_000)
        .build();
  }
}
