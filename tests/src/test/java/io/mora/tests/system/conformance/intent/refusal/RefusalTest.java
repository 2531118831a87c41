package io.mora.tests.system.conformance.intent.refusal;

import static io.mora.tests.system.conformance.intent.IntentSession.EXPIRE;
import static io.mora.tests.system.conformance.intent.IntentSession.EXPIRING;
import static io.mora.tests.system.conformance.intent.IntentSession.REFUSING;
import static io.mora.tests.system.conformance.intent.IntentSession.RT;
import static io.mora.tests.system.conformance.intent.IntentSession.intent;
import static io.mora.tests.system.conformance.intent.IntentSession.wish;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.intent.ClassLogPage;
import io.mora.protocol.intent.ClassRecord;
import io.mora.protocol.intent.LatencyClass;
import io.mora.target.backend.IoRequest;
import io.mora.tests.kit.GatedBackend;
import io.mora.tests.kit.Gates;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.system.conformance.Setup;
import io.mora.tests.system.conformance.intent.IntentSession;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** 7/06: reads that cannot meet their budget, on a device that serves one at a time. */
@Tag("conformance")
@Covers("intent.refusal")
class RefusalTest {
  private static final String TRUSTED = "nqn.2026-11.io.mora:host-trusted";

  /** Class 7, and nothing else. */
  private static final String PLAIN = "nqn.2026-11.io.mora:host-plain";

  private static final int AHEAD = 60;
  private static final int KNOWN = 24;

  /** E = 0, M = 1: a microsecond. E = 15: a minute and more. */
  private static final int SHORTEST = 1;

  private static final int LONG = 0xF800;

  /** Reservation Report. */
  private static final Frame REPORT =
      Capsules.transfer(0x0E, 102, 1, 64).put(Capsules.CDW10, 4, 15).put(Capsules.CDW11, 4, 1);

  @SuppressWarnings("NullAway.Init") // before each test
  private TargetFixture target;

  @SuppressWarnings("NullAway.Init") // before each test
  private GatedBackend gate;

  @BeforeEach
  void start() {
    Gates gates = new Gates();
    Duration each = Duration.ofMillis(2);
    BackendSpec.Direction fixed = new BackendSpec.Direction(each, Duration.ZERO, Duration.ZERO, 0);
    BackendSpec.Device device = new BackendSpec.Device(1, 1, fixed, fixed, 0, Duration.ZERO);
    NamespaceSpec namespace =
        NamespaceSpec.of(
            Setup.NQN, 1, 4096, new BackendSpec.Delayed(new BackendSpec.Memory(1 << 20), device));
    target =
        TargetFixture.start(
            TargetSpec.of(
                    List.of(ListenerSpec.of("127.0.0.1", 0)),
                    List.of(SubsystemSpec.openToAll(Setup.NQN, List.of(namespace))))
                .withHosts(
                    List.of(
                        new HostSpec(new Nqn(TRUSTED), GrantSpec.everything()),
                        new HostSpec(
                            new Nqn(PLAIN), GrantSpec.DEFAULT.withMaxClass(LatencyClass.CRITICAL))))
                .withLatencyIntent(new IntentSpec(true)),
            gates);
    gate = gates.get(0);
  }

  @AfterEach
  void stop() {
    target.close();
  }

  private IntentSession session(String host) {
    return IntentSession.open(target.target().listeners().get(0).address(), host);
  }

  private static Frame read(int cid, int cdw2, int cdw3) {
    return intent(Capsules.blocks(Capsules.transfer(0x02, cid, 1, 4096), 0, 1), cdw2, cdw3);
  }

  /**
   * Fills the device's line, and has it seen how slow it is. With the rest of the line where it is,
   * one more of this intent; then the device goes on.
   */
  private Outcome oneMore(RawHost host, int cdw2, int cdw3) {
    host.sendTogether(read(200, LONG, wish(7) | EXPIRE)); // From here on it is counted.
    assertThat(host.outcome(200).code()).isZero();
    gate.holdAfter(KNOWN, IoRequest.READ);
    Frame[] ahead = new Frame[AHEAD];
    for (int i = 0; i < AHEAD; i++) {
      ahead[i] = read(1 + i, LONG, wish(7));
    }
    host.sendTogether(ahead);
    for (int i = 0; i < KNOWN; i++) {
      assertThat(host.outcome(1 + i).code()).isZero();
    }
    // A report needs no device and comes behind: when it is answered, the read is in line or
    // refused.
    host.sendTogether(read(100, cdw2, cdw3), REPORT);
    assertThat(host.outcome(REPORT.cid()).code()).isZero();
    gate.release();
    Outcome last = host.outcome(100);
    for (int i = KNOWN; i < AHEAD; i++) {
      assertThat(host.outcome(1 + i).code()).isZero();
    }
    return last;
  }

  @Test
  void aReadThatCannotBeInTimeIsRefusedAtOnceAndToldWhenToComeAgain() {
    try (IntentSession session = session(TRUSTED).optIn(REFUSING)) {
      RawHost host = session.queue(1);
      Outcome refused = oneMore(host, SHORTEST, wish(7) | EXPIRE | RT);
      assertThat(refused.code()).isEqualTo(0x706);
      assertThat(refused.doNotRetry()).as("DNR").isFalse();
      assertThat(refused.data()).isEmpty();
      assertThat(refused.dw0()).as("us").isBetween(50, 1_000_000);
      assertThat(refused.result() >>> 32).as("DW1").isZero();
      Outcome later = host.run(read(101, LONG, wish(7) | EXPIRE));
      assertThat(later.code()).as("with time enough").isZero();
      byte[] errors = session.admin().run(Capsules.getLog(9, 0x01, 0, 64)).data();
      assertThat(errors).as("the error log is empty").containsOnly(0);
      assertThat(refusals(session)).isEqualTo(1);
    }
  }

  private static long refusals(IntentSession session) {
    byte[] page =
        session.admin().run(Capsules.getLog(9, ClassLogPage.LID, 0, ClassLogPage.LENGTH)).data();
    return ClassLogPage.decode(Unpooled.wrappedBuffer(page), 0)
        .classes()
        .get(7)
        .value(ClassRecord.Field.REFUSED);
  }

  @Test
  void whoDidNotAskIsNeverRefused() {
    try (IntentSession session = session(TRUSTED).optIn(EXPIRING)) {
      assertThat(oneMore(session.queue(1), SHORTEST, wish(7) | EXPIRE).code())
          .as("not switched on")
          .isZero();
    }
    try (IntentSession session = session(TRUSTED).optIn(REFUSING)) {
      RawHost host = session.queue(1);
      assertThat(oneMore(host, SHORTEST, wish(7)).code()).as("no EXPIRE").isZero();
      assertThat(oneMore(host, SHORTEST, wish(4) | EXPIRE).code()).as("class 4").isZero();
    }
    try (IntentSession session = session(PLAIN).optIn(REFUSING)) {
      assertThat(oneMore(session.queue(1), SHORTEST, wish(7) | EXPIRE).code())
          .as("not granted")
          .isZero();
    }
  }

  @Test
  void whatIsInForceIsTold() {
    try (IntentSession session = session(TRUSTED).optIn(REFUSING)) {
      assertThat(session.inForce() & REFUSING).isEqualTo(REFUSING);
      session.optIn(0);
      assertThat(session.inForce() & REFUSING).isZero();
    }
  }
}
