package io.mora.tests.system.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.auth.DhchapOptions;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.GuestWire;
import io.mora.tests.kit.Waiting;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Our host makes its TLS key by DH-HMAC-CHAP at the target of a real Linux kernel. With the
 * controller's proof that of Linux 7.3 makes none: it proves itself, but has forgotten the
 * challenges when it is to make the key.
 */
@Tag("interop")
class KernelConcatenationTest {
  private static final Nqn KERNEL = new Nqn("nqn.2014-08.org.mora:kernel");
  private static final Nqn HOST = new Nqn("nqn.2026-11.org.mora:concatenated-ours");
  private static final int CANNOT = 77;

  @RegisterExtension final Evidence evidence = new Evidence();

  private static DhchapSecret secret() {
    return DhchapSecret.generate(DhchapHash.SHA256, 32, TlsRig.RANDOM);
  }

  @Test
  void weMakeOurKeyAndComeBackByIt() throws Exception {
    Guest.requireKernel("backports");
    DhchapSecret secret = secret();
    DhchapSecret controller = secret();
    int port = Guest.freePort();
    Guest guest =
        evidence.closing(
            Guest.start(
                evidence.keep(),
                List.of(
                    "--fwd",
                    port + ":4420",
                    "--stdin",
                    "--timeout",
                    "600",
                    "--kernel",
                    "backports"),
                "kernel-concat.sh",
                4420,
                600,
                HOST,
                secret.reveal(),
                controller.reveal()));
    guest.await("READY");
    GuestWire wire = evidence.closing(GuestWire.toGuest(port));
    TransportAddress address = new TransportAddress("127.0.0.1", wire.port());
    try {
      DhchapOptions proof = DhchapOptions.of(secret).overTls();
      Association association = Waiting.get(host(proof).connect(options(address)));
      TlsRig.readsAndWrites(association, 1);
      Waiting.get(association.disconnect());
      ConnectionException proved = refused(proof.withControllerSecret(controller), address);
      assertThat(proved).hasMessageContaining("during the TLS handshake");
      ConnectionException other = refused(proof.withControllerSecret(secret()), address);
      assertThat(other.reason()).isEqualTo(Reason.UNAUTHENTICATED);
      assertThat(other).hasMessageContaining("the controller's response is wrong");
      refused(DhchapOptions.of(secret()).overTls(), address);
    } finally {
      guest.tell("stop");
      guest.end(System.out::println);
    }
    int status = guest.end();
    Assumptions.assumeTrue(status != CANNOT, "the guest's target has no secure concatenation");
    assertThat(guest.printed("FAIL")).isEmpty();
    assertThat(status).isZero();
    assertThat(guest.printed("handshakes")).as("one a queue").containsExactly("handshakes 3");
  }

  private ConnectionException refused(DhchapOptions proof, TransportAddress address) {
    Throwable failure = Waiting.failure(host(proof).connect(options(address)));
    assertThat(failure).isInstanceOf(ConnectionException.class);
    return (ConnectionException) failure;
  }

  private Initiator host(DhchapOptions proof) {
    return evidence.closing(
        Initiator.create(InitiatorOptions.builder().hostNqn(HOST).dhchap(proof).build()));
  }

  private static ConnectOptions options(TransportAddress address) {
    return ConnectOptions.to(address, KERNEL)
        .queues(2)
        .controllerLossTimeoutMs(0)
        .connectTimeoutMs(30_000)
        .adminTimeoutMs(60_000)
        .keepAliveTimeoutMs(60_000)
        .build();
  }
}
