package io.mora.tests.system.conformance.intent;

import static io.mora.tests.system.conformance.intent.IntentSession.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.MoraTarget;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.system.conformance.Setup;
import io.mora.tests.system.conformance.intent.IntentSession.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A target of {@link IntentSetup} on each transport, and raw hosts against it. */
@ParameterizedClass(name = "{0}")
@MethodSource("setups")
abstract class IntentConformance {
  @SuppressWarnings("NullAway.Init") // by JUnit
  private static MoraTarget target;

  @SuppressWarnings("NullAway.Init") // by JUnit
  @Parameter
  Setup setup;

  static Stream<Setup> setups() {
    return Setup.all();
  }

  @BeforeParameterizedClassInvocation
  static void start(Setup setup) throws IOException {
    target = MoraTarget.start(IntentSetup.spec(setup));
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    target.close();
  }

  @AfterEach
  void targetLetsGo() {
    Waiting.until("no connection", () -> target.connections() == 0);
    Waiting.until("nothing on loan", () -> target.lentBytes() == 0);
  }

  static MoraTarget target() {
    return target;
  }

  static InetSocketAddress address(int listener) {
    return target.listeners().get(listener).address();
  }

  static IntentSession session(String hostNqn) {
    return IntentSession.open(address(IntentSetup.LISTENER_PLAIN), hostNqn);
  }

  /** A read that asks for timing, and gets it. */
  static Reply timed(RawHost host, int nsid, int cdw2, int cdw3) {
    Outcome outcome = read(host, nsid, cdw2, cdw3 | IntentSession.RT);
    assertOk(outcome);
    Reply reply = Reply.of(outcome);
    assertThat(reply.isTiming()).as("timing reply: %s", reply).isTrue();
    return reply;
  }

  static void assertOk(Outcome outcome) {
    assertThat(outcome.code()).as(outcome.toString()).isZero();
  }

  static void assertRefused(Outcome outcome, int code, boolean doNotRetry) {
    assertThat(Integer.toHexString(outcome.code()))
        .as(outcome.toString())
        .isEqualTo(Integer.toHexString(code));
    assertThat(outcome.doNotRetry()).as("DNR of " + outcome).isEqualTo(doNotRetry);
  }
}
