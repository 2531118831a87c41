package io.mora.tests.system.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mora.protocol.admin.LimitsSpec;
import io.mora.target.MoraTarget;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Section 1.5: nobody holds a connection without using it, and there are only so many. */
class HandshakeTest {
  private static final int CONNECTIONS = 4;

  static Stream<Setup> setups() {
    return Setup.all();
  }

  private static MoraTarget start(Setup setup, int connections, Duration handshake)
      throws IOException {
    LimitsSpec limits =
        new LimitsSpec(
            connections,
            4,
            128,
            handshake,
            Duration.ofSeconds(5),
            setup.spec().limits().transfer());
    return MoraTarget.start(setup.spec().withLimits(limits));
  }

  @Covers("bound.silent")
  @ParameterizedTest
  @MethodSource("setups")
  void dropsWhoDoesNotInitialiseOrConnect(Setup setup) throws IOException {
    try (MoraTarget target = start(setup, 64, Duration.ofMillis(200))) {
      InetSocketAddress address = target.listeners().get(0).address();
      RawHost silent = RawHost.connect(address);
      RawHost partial = RawHost.connect(address);
      partial.sendBytes(Arrays.copyOf(Capsules.icReq(0, 0).encode(false, false), 127));
      RawHost noConnect = RawHost.connect(address).initialise(0, 0);
      RawHost halfConnect = RawHost.connect(address).initialise(0, 0);
      byte[] connect = halfConnect.encode(Capsules.connect(0, 0xFFFF, Setup.NQN.value()));
      halfConnect.sendBytes(Arrays.copyOf(connect, connect.length - 1));
      RawHost refused = RawHost.connect(address).initialise(0, 0);
      Outcome outcome = refused.run(Capsules.connect(0, 0xFFFF, "nqn.2026-01.io.mora:no"));
      assertThat(outcome.code()).isEqualTo(0x182);
      try (RawSession served = RawSession.open(address, Setup.NQN.value())) {
        for (RawHost host : List.of(silent, partial, noConnect, halfConnect, refused)) {
          assertThat(host.isAtEnd()).isTrue();
          host.close();
        }
        assertThat(served.status()).as("a connected host may be silent").isEqualTo(1);
        await().atMost(Duration.ofSeconds(20)).until(() -> target.connections() == 1);
      }
    }
  }

  @Covers("bound.connections")
  @ParameterizedTest
  @MethodSource("setups")
  void closesConnectionsBeyondTheLimitAtOnce(Setup setup) throws IOException {
    try (MoraTarget target = start(setup, CONNECTIONS, Duration.ofSeconds(30))) {
      InetSocketAddress address = target.listeners().get(0).address();
      List<RawHost> hosts = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        hosts.add(RawHost.connect(address).initialise(0, 0));
      }
      for (int i = 0; i < 20; i++) {
        try (RawHost more = RawHost.connect(address)) {
          assertThat(more.isAtEnd()).isTrue();
        }
      }
      assertThat(target.connections()).isEqualTo(CONNECTIONS);
      hosts.forEach(RawHost::close);
      await().atMost(Duration.ofSeconds(20)).until(() -> target.connections() == 0);
      try (RawSession session = RawSession.open(address, Setup.NQN.value())) {
        assertThat(session.status()).isEqualTo(1);
      }
    }
  }

  /** A stop does not wait for hosts that do not answer, nor for those that only idle. */
  @Covers("bound.stop")
  @ParameterizedTest
  @MethodSource("setups")
  void stopsUnderConnectedHosts(Setup setup) throws IOException {
    MoraTarget target = start(setup, 64, Duration.ofSeconds(30));
    InetSocketAddress address = target.listeners().get(0).address();
    RawHost halfway = RawHost.connect(address).initialise(0, 0);
    RawSession session = RawSession.open(address, Setup.NQN.value());
    RawHost queue = session.queue(1);
    queue.run(Capsules.command(0x00, 1, 1));
    session.admin().send(Capsules.asyncEvent(9));
    target.close();
    assertThat(target.connections()).isZero();
    assertThat(queue.isAtEnd()).isTrue();
    assertThat(halfway.isAtEnd()).isTrue();
    session.close();
    halfway.close();
  }
}
