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
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.GuestWire;
import io.mora.tests.kit.Waiting;
import java.util.List;
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
  private static final Nqn HOST = new Nqn("nqn.2026-11.org.mora:concatenated-ours");

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
    ConnectOptions to = TlsRig.toKernel(wire.port()).build();
    try {
      DhchapOptions proof = DhchapOptions.of(secret).overTls();
      Association association = Waiting.get(host(proof).connect(to));
      TlsRig.readsAndWrites(association, 1);
      Waiting.get(association.disconnect());
      ConnectionException proved = refused(proof.withControllerSecret(controller), to);
      assertThat(proved).hasMessageContaining("during the TLS handshake");
      ConnectionException other = refused(proof.withControllerSecret(secret()), to);
      assertThat(other.reason()).isEqualTo(Reason.UNAUTHENTICATED);
      assertThat(other).hasMessageContaining("the controller's response is wrong");
      refused(DhchapOptions.of(secret()).overTls(), to);
    } finally {
      guest.tell("stop");
      guest.end(System.out::println);
    }
    guest.passes();
    assertThat(guest.printed("handshakes")).as("one a queue").containsExactly("handshakes 3");
  }

  private ConnectionException refused(DhchapOptions proof, ConnectOptions to) {
    Throwable failure = Waiting.failure(host(proof).connect(to));
    assertThat(failure).isInstanceOf(ConnectionException.class);
    return (ConnectionException) failure;
  }

  private Initiator host(DhchapOptions proof) {
    return evidence.closing(
        Initiator.create(InitiatorOptions.builder().hostNqn(HOST).dhchap(proof).build()));
  }
}
