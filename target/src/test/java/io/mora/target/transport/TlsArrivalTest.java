package io.mora.target.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.auth.tls.PskIdentity;
import io.mora.protocol.auth.tls.TlsException;
import io.mora.protocol.auth.tls.TlsHandshake;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.protocol.auth.tls.TlsSession;
import io.mora.target.controller.auth.Authenticator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a connection when its handshake is done. */
class TlsArrivalTest {
  private static final int HEADER = 5;

  @Test
  void aKeyThatWasForgottenMeanwhileLetsNobodyIn() throws TlsException {
    byte[] some = {1, 2, 3};
    Nqn name = new Nqn("nqn.2026-11.io.mora:forgotten");
    TlsKey key = TlsKey.generated(TlsHash.SHA256, some, some, some, name, name);
    List<PskIdentity> arrived = new ArrayList<>();
    EmbeddedChannel channel = new EmbeddedChannel();
    try (Authenticator authenticator = new Authenticator(List.of(), LimitsSpec.DEFAULT)) {
      new TlsArrival(
              authenticator.tls(),
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
              TlsPolicy.ALLOWED,
              arrived::add)
          .secured(channel, session(key));
    }
    assertThat(arrived).isEmpty();
    assertThat(channel.isOpen()).isFalse();
  }

  private static TlsSession session(TlsKey key) throws TlsException {
    TlsHandshake server = TlsHandshake.server(offered -> key.copy());
    TlsHandshake client = TlsHandshake.client(key);
    TlsSession session = server.session();
    for (int i = 0; i < 4 && session == null; i++) {
      pass(client, server);
      pass(server, client);
      session = server.session();
    }
    if (session == null) {
      throw new AssertionError("no session");
    }
    return session;
  }

  /** Each record by itself. */
  private static void pass(TlsHandshake from, TlsHandshake to) throws TlsException {
    byte[] all = from.output();
    int at = 0;
    while (at < all.length) {
      int length = HEADER + ((all[at + 3] & 0xFF) << 8 | all[at + 4] & 0xFF);
      to.accept(Arrays.copyOfRange(all, at, at + length), length);
      at += length;
    }
  }
}
