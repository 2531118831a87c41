package io.mora.tests.system.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.MoraTarget;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawChap;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.system.conformance.Setup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How long a proof may take, how often it may fail, and how many may be open. */
@Covers("auth")
class AuthLimitsTest {
  private static final int BUSY = 0x181;
  private static final int FREE_FAILURES = 4;
  private static final int OPEN_MAX = 32;

  static Stream<Setup> setups() {
    return Setup.all();
  }

  private static RawChap chap(int number, byte[] key) {
    return new RawChap(
        Doors.host(number), Doors.SUBSYSTEM, key, Doors.controllerKey(number), new Random(2));
  }

  private static RawHost initialised(MoraTarget target) {
    return RawHost.connect(target.listeners().get(0).address()).initialise(0, 0);
  }

  private static Outcome connect(RawHost host, int number) {
    return host.run(AuthConformance.admin(Doors.host(number), Doors.SUBSYSTEM));
  }

  private static void assertBusy(Outcome outcome) {
    assertThat(Integer.toHexString(outcome.code()))
        .as(outcome.toString())
        .isEqualTo(Integer.toHexString(BUSY));
    assertThat(outcome.doNotRetry()).as("DNR").isFalse();
  }

  @ParameterizedTest
  @MethodSource("setups")
  void whoTakesTooLongIsCut(Setup setup) throws IOException {
    try (MoraTarget target = MoraTarget.start(Doors.hasty(setup, Duration.ofSeconds(1)))) {
      try (RawHost silent = initialised(target);
          RawHost halfway = initialised(target);
          RawHost failed = initialised(target);
          RawHost proved = initialised(target)) {
        AuthConformance.assertOk(connect(silent, 0));
        AuthConformance.assertOk(connect(halfway, 1));
        AuthConformance.assertOk(connect(failed, 2));
        AuthConformance.assertOk(connect(proved, 3));
        RawChap.exchange(halfway, AuthConformance.offer(1));
        // It is told why only if it asks.
        AuthConformance.assertOk(failed.run(RawChap.send(failed.cid(), new byte[8])));
        assertThat(chap(3, Doors.key(3)).authenticate(proved, 1, 0, false)).isZero();
        assertThat(silent.isAtEnd()).isTrue();
        assertThat(halfway.isAtEnd()).isTrue();
        assertThat(failed.isAtEnd()).isTrue();
        AuthConformance.assertLetIn(proved);
        // Once more on the queue in use, not finished.
        RawChap.exchange(proved, AuthConformance.offer(2));
        assertThat(proved.isAtEnd()).isTrue();
      }
      AuthConformance.letsGo(target);
    }
  }

  @ParameterizedTest
  @MethodSource("setups")
  void whoFailsOftenHasToWait(Setup setup) throws IOException {
    try (MoraTarget target = MoraTarget.start(Doors.spec(setup))) {
      for (int i = 0; i < FREE_FAILURES; i++) {
        try (RawHost host = initialised(target)) {
          AuthConformance.assertOk(connect(host, 0));
          assertThat(chap(0, Doors.key(9)).authenticate(host, 1, 0, false)).isEqualTo(1);
        }
      }
      try (RawHost host = initialised(target)) {
        assertBusy(connect(host, 0));
        // Others do not wait; and neither does it for ever, nor on this connection.
        try (RawHost other = initialised(target)) {
          AuthConformance.assertOk(connect(other, 1));
          assertThat(chap(1, Doors.key(1)).authenticate(other, 1, 0, false)).isZero();
        }
        Waiting.until("the wait is over", () -> connect(host, 0).code() == 0);
        assertThat(chap(0, Doors.key(0)).authenticate(host, 1, 0, true)).isZero();
        AuthConformance.assertLetIn(host);
      }
      // A success wipes the slate.
      try (RawHost host = initialised(target)) {
        AuthConformance.assertOk(connect(host, 0));
        assertThat(chap(0, Doors.key(9)).authenticate(host, 1, 0, false)).isEqualTo(1);
      }
      try (RawHost host = initialised(target)) {
        AuthConformance.assertOk(connect(host, 0));
        assertThat(chap(0, Doors.key(0)).authenticate(host, 1, 0, false)).isZero();
      }
      AuthConformance.letsGo(target);
    }
  }

  @ParameterizedTest
  @MethodSource("setups")
  void aFloodOfOpenProofsLeavesRoomForOthers(Setup setup) throws IOException {
    try (MoraTarget target = MoraTarget.start(Doors.hasty(setup, Duration.ofSeconds(60)))) {
      List<RawHost> flood = new ArrayList<>();
      try {
        for (int i = 0; i < OPEN_MAX; i++) {
          RawHost host = initialised(target);
          flood.add(host);
          AuthConformance.assertOk(connect(host, 0));
        }
        try (RawHost late = initialised(target);
            RawHost other = initialised(target)) {
          assertBusy(connect(late, 0));
          AuthConformance.assertOk(connect(other, 1));
          assertThat(chap(1, Doors.key(1)).authenticate(other, 1, 0, false)).isZero();
          // One that gets through makes room.
          assertThat(chap(0, Doors.key(0)).authenticate(flood.get(0), 1, 0, false)).isZero();
          Waiting.until("room", () -> connect(late, 0).code() == 0);
          assertThat(chap(0, Doors.key(0)).authenticate(late, 1, 1, false)).isZero();
          AuthConformance.assertLetIn(late);
        }
      } finally {
        flood.forEach(RawHost::close);
      }
      AuthConformance.letsGo(target);
    }
  }

  @ParameterizedTest
  @MethodSource("setups")
  void aTargetStopsWithProofsUnderWay(Setup setup) throws IOException {
    List<RawHost> hosts = new ArrayList<>();
    try (MoraTarget target = MoraTarget.start(Doors.hasty(setup, Duration.ofSeconds(60)))) {
      byte[] slow = RawChap.negotiate(1, new int[] {3}, new int[] {5});
      for (int i = 0; i < 8; i++) {
        RawHost host = initialised(target);
        hosts.add(host);
        AuthConformance.assertOk(connect(host, i));
        host.send(RawChap.send(host.cid(), slow));
      }
    } finally {
      hosts.forEach(RawHost::close);
    }
  }
}
