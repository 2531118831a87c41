package io.mora.tests.system.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mora.target.MoraTarget;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A target of each {@link Setup} and raw hosts against it. After each test the target must have let
 * go of every connection and every buffer.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("setups")
public abstract class Conformance {
  public static final String NQN = Setup.NQN.value();

  @SuppressWarnings("NullAway.Init") // by JUnit
  private static MoraTarget target;

  @SuppressWarnings("NullAway.Init") // by JUnit
  @Parameter
  public Setup setup;

  public static Stream<Setup> setups() {
    return Setup.all();
  }

  @BeforeParameterizedClassInvocation
  public static void start(Setup setup) throws IOException {
    target = MoraTarget.start(setup.spec());
  }

  @AfterParameterizedClassInvocation
  public static void stop() {
    target.close();
  }

  @AfterEach
  public void targetLetsGo() {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(target.connections()).as("connections").isZero();
              assertThat(target.lentBytes()).as("bytes on loan").isZero();
            });
  }

  public static MoraTarget target() {
    return target;
  }

  public static InetSocketAddress address() {
    return target.listeners().get(0).address();
  }

  public static RawSession session() {
    return RawSession.open(address(), NQN);
  }

  public static RawHost initialised() {
    return RawHost.connect(address()).initialise(0, 0);
  }

  public static Frame read(int cid, int nsid, long slba, int blocks, int bytes) {
    return Capsules.blocks(Capsules.transfer(0x02, cid, nsid, bytes), slba, blocks);
  }

  public static Frame write(int cid, int nsid, long slba, int blocks, int bytes) {
    return Capsules.blocks(Capsules.transfer(0x01, cid, nsid, bytes), slba, blocks);
  }

  public static Frame writeInCapsule(int cid, int nsid, long slba, int blocks, byte[] data) {
    return Capsules.blocks(Capsules.inCapsule(0x01, cid, nsid, data), slba, blocks);
  }

  public static byte[] pattern(int bytes, int seed) {
    byte[] data = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      data[i] = (byte) (seed + i % 251);
    }
    return data;
  }

  public static void assertOk(Outcome outcome) {
    assertThat(outcome.code()).as(outcome.toString()).isZero();
  }

  public static void assertRefused(Outcome outcome, int code, boolean doNotRetry) {
    assertThat(Integer.toHexString(outcome.code()))
        .as(outcome.toString())
        .isEqualTo(Integer.toHexString(code));
    assertThat(outcome.doNotRetry()).as("DNR of " + outcome).isEqualTo(doNotRetry);
  }
}
