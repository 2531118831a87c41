package io.mora.tests.system.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mora.target.MoraTarget;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawChap;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.system.conformance.Setup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A target of each {@link Setup} that knows the hosts of {@link Doors}, and raw hosts at it. */
@ParameterizedClass(name = "{0}")
@MethodSource("setups")
abstract class AuthConformance {
  static final int ATR = 1 << 17;
  static final int REQUIRED = 0x191;
  static final int INVALID_FIELD = 0x002;
  static final int SHA256 = 1;
  static final int NO_DH = 0;
  static final int FFDHE2048 = 1;

  /** Explanations of Failure1. */
  static final int FAILED = 1;

  static final int PROTOCOL = 2;
  static final int CHANNEL = 3;
  static final int HASH = 4;
  static final int GROUP = 5;
  static final int PAYLOAD = 6;
  static final int MESSAGE = 7;

  @SuppressWarnings("NullAway.Init") // by JUnit
  private static MoraTarget target;

  @SuppressWarnings("NullAway.Init") // by JUnit
  @Parameter
  Setup setup;

  final Random random = new Random(1);

  static Stream<Setup> setups() {
    return Setup.all();
  }

  @BeforeParameterizedClassInvocation
  static void start(Setup setup) throws IOException {
    target = MoraTarget.start(Doors.spec(setup));
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    target.close();
  }

  @AfterEach
  void targetLetsGo() {
    letsGo(target);
  }

  static void letsGo(MoraTarget of) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(of.connections()).as("connections").isZero();
              assertThat(of.lentBytes()).as("bytes on loan").isZero();
            });
  }

  static InetSocketAddress address() {
    return target.listeners().get(0).address();
  }

  RawChap chap(int number) {
    return new RawChap(
        Doors.host(number),
        Doors.SUBSYSTEM,
        Doors.key(number),
        Doors.controllerKey(number),
        random);
  }

  /** Connected as that host; it has to prove that it is. */
  static RawHost connected(String hostNqn) {
    RawHost host = RawHost.connect(address()).initialise(0, 0);
    Outcome outcome = host.run(admin(hostNqn, Doors.SUBSYSTEM));
    assertThat(outcome.code()).as(outcome.toString()).isZero();
    assertThat(outcome.dw0() & ATR).as("ATR").isEqualTo(ATR);
    return host;
  }

  static RawHost connected(int number) {
    return connected(Doors.host(number));
  }

  static Frame admin(String hostNqn, String subNqn) {
    return Capsules.connect(0, Capsules.connectData(0xFFFF, subNqn, hostNqn));
  }

  static byte[] offer(int id) {
    return RawChap.negotiate(id, new int[] {SHA256}, new int[] {NO_DH});
  }

  /** The next the controller has to say is that it failed for this reason; then it hangs up. */
  static void assertFails(RawHost host, int explanation) {
    byte[] message = RawChap.fetch(host);
    assertFailure1(message, explanation);
    assertThat(host.isAtEnd()).isTrue();
  }

  static void assertFailure1(byte[] message, int explanation) {
    assertThat(RawChap.describe(message)).isEqualTo("message 0/241, explanation " + explanation);
    assertThat(message[6]).as("RCODE").isEqualTo((byte) 1);
  }

  static void assertOk(Outcome outcome) {
    assertThat(outcome.code()).as(outcome.toString()).isZero();
  }

  static void assertRefused(Outcome outcome, int code) {
    assertThat(Integer.toHexString(outcome.code()))
        .as(outcome.toString())
        .isEqualTo(Integer.toHexString(code));
    assertThat(outcome.doNotRetry()).as("DNR").isTrue();
  }

  /** What only a host that was let in may do. */
  static void assertLetIn(RawHost host) {
    assertOk(host.run(Capsules.propertyGet(host.cid(), 0x08, 4)));
  }
}
