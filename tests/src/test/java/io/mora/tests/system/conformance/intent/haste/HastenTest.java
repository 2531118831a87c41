package io.mora.tests.system.conformance.intent.haste;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static io.mora.tests.system.conformance.intent.IntentSession.EXPIRE;
import static io.mora.tests.system.conformance.intent.IntentSession.EXPIRING;
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
import io.mora.protocol.admin.policy.RateSpec;
import io.mora.protocol.intent.LatencyClass;
import io.mora.target.MoraTarget;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.Received;
import io.mora.tests.system.conformance.Setup;
import io.mora.tests.system.conformance.intent.IntentSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Opcode D0h: what waits goes ahead, on a device that serves one at a time. */
@Tag("conformance")
@Covers("intent.haste")
class HastenTest {
  private static final String TRUSTED = "nqn.2026-11.io.mora:host-trusted";

  /** Class 5 at most, and one such command an hour. */
  private static final String LIMITED = "nqn.2026-11.io.mora:host-limited";

  /** Class 5 at most, and two such commands at once. */
  private static final String TWICE = "nqn.2026-11.io.mora:host-twice";

  /** Nothing is said about it: class 4. */
  private static final String STRANGER = "nqn.2026-11.io.mora:host-stranger";

  private static final int OPCODE = 0xD0;
  private static final int STRICT = 1 << 6;
  private static final int AHEAD = 30;
  private static final int BLOCK = 4096;

  /** E = 0, M = 1: a microsecond. E = 15: a minute and more. */
  private static final int SHORTEST = 1;

  private static final int LONG = 0xF800;

  private static final int PREFETCH = 1000;
  private static final int HASTE = 1001;

  @SuppressWarnings("NullAway.Init") // before each test
  private MoraTarget target;

  @BeforeEach
  void start() throws IOException {
    Duration each = Duration.ofMillis(2);
    BackendSpec.Direction fixed = new BackendSpec.Direction(each, Duration.ZERO, Duration.ZERO, 0);
    BackendSpec.Device device = new BackendSpec.Device(1, 1, fixed, fixed, 0, Duration.ZERO);
    NamespaceSpec namespace =
        NamespaceSpec.of(
            Setup.NQN, 1, BLOCK, new BackendSpec.Delayed(new BackendSpec.Memory(4 << 20), device));
    GrantSpec limited =
        new GrantSpec(
            LatencyClass.DEFAULT,
            LatencyClass.INTERACTIVE,
            false,
            false,
            GrantSpec.TimingGrant.FINE,
            false,
            false,
            0,
            GrantSpec.noFloors(),
            new RateSpec(1, 0, 1),
            100);
    target =
        MoraTarget.start(
            TargetSpec.of(
                    List.of(ListenerSpec.of("127.0.0.1", 0)),
                    List.of(SubsystemSpec.openToAll(Setup.NQN, List.of(namespace))))
                .withHosts(
                    List.of(
                        new HostSpec(new Nqn(TRUSTED), GrantSpec.everything()),
                        new HostSpec(new Nqn(LIMITED), limited),
                        new HostSpec(new Nqn(TWICE), limited.withRate(new RateSpec(1, 0, 2)))))
                .withLatencyIntent(new IntentSpec(true)));
  }

  @AfterEach
  void stop() {
    target.close();
  }

  private IntentSession session(String host) {
    return IntentSession.open(target.listeners().get(0).address(), host);
  }

  private static Frame read(int cid, int blocks, int cdw2, int cdw3) {
    Frame read = Capsules.blocks(Capsules.transfer(0x02, cid, 1, blocks * BLOCK), 8, blocks);
    return intent(read, cdw2, cdw3);
  }

  private static Frame hasten(int of, int nsid, int cdw3) {
    return intent(Capsules.command(OPCODE, HASTE, nsid).put(CDW10, 4, of), LONG, cdw3);
  }

  /** Reads of class 4 that keep the device busy, then a read ahead, then the frames. */
  private static void crowd(RawHost host, Frame prefetch, Frame... then) {
    List<Frame> all = new ArrayList<>();
    for (int cid = 1; cid <= AHEAD; cid++) {
      all.add(read(cid, 1, LONG, wish(4)));
    }
    all.add(prefetch);
    all.addAll(List.of(then));
    host.sendTogether(all.toArray(new Frame[0]));
  }

  /** The class that the read ahead ran in, once all of a crowd has ended. */
  private static int ranIn(RawHost host) {
    int ran = ranIn(host.outcome(PREFETCH));
    for (int cid = 1; cid <= AHEAD; cid++) {
      assertThat(host.outcome(cid).code()).isZero();
    }
    return ran;
  }

  private static int ranIn(Outcome outcome) {
    assertThat(outcome.code()).isZero();
    int dw1 = (int) (outcome.result() >>> 32);
    assertThat(dw1 >>> 28).as("a timing reply").isEqualTo(1);
    return dw1 >>> 21 & 7;
  }

  /** 64 blocks are several pieces at the device. */
  @ParameterizedTest
  @ValueSource(ints = {1, 64})
  void whatIsHastenedGoesAheadOfWhatWaits(int blocks) {
    try (IntentSession session = session(TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      host.run(read(200, 1, LONG, wish(7))); // There is a latency class: the window is small.
      crowd(host, read(PREFETCH, blocks, LONG, wish(1) | RT), hasten(PREFETCH, 1, wish(7)));
      int others = 0;
      Received pdu = host.receive();
      for (; pdu.cid() != PREFETCH; pdu = host.receive()) {
        if (pdu.cid() == HASTE) {
          assertThat(pdu.code()).isZero();
          assertThat(pdu.result()).as("DW0 of Hasten").isZero();
        } else if (pdu.type() == Received.CAPSULE_RESP) {
          others++;
        }
      }
      assertThat(others).as("of %d before it", AHEAD).isLessThan(AHEAD);
      int bytes = 0;
      for (; pdu.cid() != PREFETCH || pdu.type() != Received.CAPSULE_RESP; pdu = host.receive()) {
        bytes += pdu.cid() == PREFETCH ? pdu.data().length : 0;
      }
      assertThat(bytes).isEqualTo(blocks * BLOCK);
      assertThat((int) (pdu.result() >>> 32) >>> 21 & 7).as("the class it ran in").isEqualTo(7);
    }
  }

  @Test
  void whatIsWaitedForDoesNotExpire() {
    try (IntentSession session = session(TRUSTED).optIn(EXPIRING)) {
      RawHost host = session.queue(1);
      crowd(host, read(PREFETCH, 1, SHORTEST, wish(3) | EXPIRE));
      assertThat(host.outcome(PREFETCH).code()).as("left alone").isEqualTo(0x703);
      for (int cid = 1; cid <= AHEAD; cid++) {
        assertThat(host.outcome(cid).code()).isZero();
      }
      crowd(host, read(PREFETCH, 1, SHORTEST, wish(3) | EXPIRE | RT), hasten(PREFETCH, 1, wish(7)));
      assertThat(ranIn(host)).isEqualTo(7);
      assertThat(host.outcome(HASTE).code()).isZero();
    }
  }

  @Test
  void nothingIsChangedDownwardsOrElsewhere() {
    try (IntentSession session = session(TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      assertThat(host.run(hasten(77, 1, wish(7))).dw0()).as("no such command").isEqualTo(1);
      assertThat(host.run(hasten(HASTE, 1, wish(7))).dw0()).as("no read").isEqualTo(1);
      crowd(host, read(PREFETCH, 1, LONG, wish(5) | RT), hasten(PREFETCH, 1, wish(5)));
      assertThat(host.outcome(HASTE).dw0()).as("its own class").isEqualTo(1);
      assertThat(ranIn(host)).isEqualTo(5);
      crowd(host, read(PREFETCH, 1, LONG, wish(3) | RT), hasten(PREFETCH, 2, wish(7)));
      assertThat(host.outcome(HASTE).dw0()).as("of another namespace").isEqualTo(1);
      assertThat(ranIn(host)).isEqualTo(3);
      crowd(host, read(PREFETCH, 1, LONG, wish(3) | RT), hasten(PREFETCH, 1, 7 << 25));
      assertThat(host.outcome(HASTE).dw0()).as("VER 0: no intent").isEqualTo(1);
      assertThat(ranIn(host)).isEqualTo(3);
    }
  }

  @Test
  void noMoreIsGivenThanIsGranted() {
    try (IntentSession session = session(STRANGER).optIn(0)) {
      RawHost host = session.queue(1);
      crowd(host, read(PREFETCH, 1, LONG, wish(3) | RT), hasten(PREFETCH, 1, wish(7)));
      assertThat(host.outcome(HASTE).dw0()).isZero();
      assertThat(ranIn(host)).as("lowered to 4").isEqualTo(4);
    }
    try (IntentSession session = session(LIMITED).optIn(0)) {
      RawHost host = session.queue(1);
      crowd(host, read(PREFETCH, 1, LONG, wish(3) | RT), hasten(PREFETCH, 1, wish(7)));
      assertThat(host.outcome(HASTE).dw0()).isZero();
      assertThat(ranIn(host)).as("within its rate").isEqualTo(5);
      crowd(host, read(PREFETCH, 1, LONG, wish(4) | RT), hasten(PREFETCH, 1, wish(7)));
      assertThat(host.outcome(HASTE).dw0()).as("over its rate").isEqualTo(1);
      assertThat(ranIn(host)).isEqualTo(4);
    }
    try (IntentSession session = session(STRANGER).optIn(STRICT)) {
      RawHost host = session.queue(1);
      crowd(host, read(PREFETCH, 1, LONG, wish(3) | RT), hasten(PREFETCH, 1, wish(7)));
      Outcome refused = host.outcome(HASTE);
      assertThat(refused.code()).as("strict").isEqualTo(0x701);
      assertThat(refused.doNotRetry()).isTrue();
      assertThat(ranIn(host)).isEqualTo(3);
    }
  }

  @Test
  void whatIsGrantedNoHigherClassTakesNothingOfTheRate() {
    try (IntentSession session = session(TWICE).optIn(0)) {
      RawHost host = session.queue(1);
      crowd(host, read(PREFETCH, 1, LONG, wish(5) | RT), hasten(PREFETCH, 1, wish(7)));
      assertThat(host.outcome(HASTE).dw0()).as("5 is what it may have").isEqualTo(1);
      assertThat(ranIn(host)).isEqualTo(5);
      assertThat(ranIn(host.run(read(PREFETCH, 1, LONG, wish(5) | RT))))
          .as("the second")
          .isEqualTo(5);
    }
  }

  @Test
  void whoDidNotOptInHasNoSuchOpcode() {
    try (IntentSession session = session(TRUSTED)) {
      Outcome refused = session.queue(1).run(hasten(1, 1, wish(7)));
      assertThat(refused.code()).isEqualTo(0x001);
      assertThat(refused.doNotRetry()).isTrue();
    }
  }
}
