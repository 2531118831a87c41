package io.mora.target.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.HostId;
import io.mora.protocol.data.log.ReservationNotification;
import io.mora.protocol.reservation.Reservation;
import io.mora.protocol.reservation.ReservationReport.Registrant;
import io.mora.protocol.reservation.ReservationType;
import io.mora.protocol.status.Status;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReservationStateTest {
  private static final HostId A = new HostId(0, 1);
  private static final HostId B = new HostId(0, 2);
  private static final HostId C = new HostId(0, 3);
  private static final List<HostId> HOSTS = List.of(A, B, C, new HostId(1, 1));

  private static final List<ReservationType> TYPES = List.of(ReservationType.values());

  private ReservationState state = ReservationState.NONE;

  private ReservationOutcome take(ReservationOutcome outcome) {
    state = outcome.state();
    return outcome;
  }

  private ReservationOutcome ok(ReservationOutcome outcome) {
    assertThat(outcome.status()).isEqualTo(Status.SUCCESS);
    return take(outcome);
  }

  private void register(HostId host, long key) {
    ok(state.register(host, Reservation.REGISTER, false, 0, key));
  }

  private static ReservationNotice notice(HostId host, int type) {
    return new ReservationNotice(host, type);
  }

  private Set<HostId> holders() {
    return state.report().registrants().stream()
        .filter(Registrant::holder)
        .map(Registrant::hostId)
        .collect(Collectors.toSet());
  }

  @Test
  void allRegistrantsHoldWhatTheyShare() {
    register(A, 1);
    register(B, 2);
    ok(state.acquire(A, ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS, 1));
    assertThat(holders()).containsExactlyInAnyOrder(A, B);
    register(C, 3);
    assertThat(holders()).containsExactlyInAnyOrder(A, B, C);
    ok(state.register(A, Reservation.UNREGISTER, false, 1, 0));
    assertThat(state.isHeld()).as("passes on").isTrue();
    ok(state.register(B, Reservation.UNREGISTER, true, 0, 0));
    ok(state.register(C, Reservation.UNREGISTER, true, 0, 0));
    assertThat(state.isHeld()).as("the last one takes it along").isFalse();
  }

  @Test
  void keyZeroPreemptsAllRegistrants() {
    register(A, 1);
    register(B, 2);
    register(C, 3);
    ok(state.acquire(A, ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS, 1));
    ReservationOutcome outcome = ok(state.preempt(B, ReservationType.WRITE_EXCLUSIVE, 2, 0));
    assertThat(outcome.preempted()).containsExactlyInAnyOrder(A, C);
    assertThat(outcome.notices())
        .containsExactlyInAnyOrder(
            notice(A, ReservationNotification.REGISTRATION_PREEMPTED),
            notice(C, ReservationNotification.REGISTRATION_PREEMPTED));
    assertThat(holders()).containsExactly(B);
  }

  @Test
  void aPlainRegistrantIsPreemptedAlone() {
    register(A, 1);
    register(B, 2);
    register(C, 2);
    ok(state.acquire(A, ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY, 1));
    ReservationOutcome outcome =
        ok(state.preempt(A, ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY, 1, 2));
    assertThat(outcome.preempted()).containsExactlyInAnyOrder(B, C);
    assertThat(holders()).containsExactly(A);
    assertThat(state.mayWrite(B)).isFalse();
  }

  @Test
  void theHolderChangesTheTypeByPreemptingItself() {
    register(A, 1);
    register(B, 2);
    ok(state.acquire(A, ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY, 1));
    ReservationOutcome outcome = ok(state.preempt(A, ReservationType.EXCLUSIVE_ACCESS, 1, 1));
    assertThat(outcome.preempted()).isEmpty();
    assertThat(outcome.notices())
        .containsExactly(notice(B, ReservationNotification.RESERVATION_RELEASED));
    assertThat(state.report().type()).isEqualTo(ReservationType.EXCLUSIVE_ACCESS.code());
  }

  @Test
  void withoutAHolderOnlyRegistrationsGo() {
    register(A, 1);
    register(B, 2);
    ok(state.preempt(A, ReservationType.WRITE_EXCLUSIVE, 1, 2));
    assertThat(state.isHeld()).isFalse();
    assertThat(state.report().registrants()).hasSize(1);
    assertThat(state.preempt(A, ReservationType.WRITE_EXCLUSIVE, 1, 2).status())
        .isEqualTo(Status.RESERVATION_CONFLICT);
  }

  @ParameterizedTest
  @EnumSource(ReservationType.class)
  void registrantsHearOfAReleaseThatConcernsThem(ReservationType type) {
    register(A, 1);
    register(B, 2);
    ok(state.acquire(A, type, 1));
    List<ReservationNotice> notices = ok(state.release(A, type, 1)).notices();
    if (type.admitsRegistrants()) {
      assertThat(notices).containsExactly(notice(B, ReservationNotification.RESERVATION_RELEASED));
    } else {
      assertThat(notices).isEmpty();
    }
  }

  @Test
  void registrantsAreBounded() {
    for (int i = 0; i < ReservationState.REGISTRANTS_MAX; i++) {
      register(new HostId(7, i), i);
    }
    assertThat(state.register(A, Reservation.REGISTER, false, 0, 1).status())
        .isEqualTo(Status.INSUFFICIENT_RESOURCES);
  }

  /** What must hold after whatever hosts do. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyCommandsLeaveItSound(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      int generation = state.report().generation();
      ReservationState before = state;
      HostId host = HOSTS.get(random.nextInt(HOSTS.size()));
      ReservationType type = TYPES.get(random.nextInt(TYPES.size()));
      long key = random.nextInt(3);
      long other = random.nextInt(3);
      ReservationOutcome outcome =
          take(
              switch (random.nextInt(7)) {
                case 0, 1 -> state.register(host, Reservation.REGISTER, false, 0, key);
                case 2 ->
                    state.register(host, Reservation.UNREGISTER, random.nextInt(4) == 0, key, 0);
                case 3 ->
                    state.register(host, Reservation.REPLACE, random.nextBoolean(), key, other);
                case 4 -> state.acquire(host, type, key);
                case 5 -> state.preempt(host, type, key, other);
                default ->
                    random.nextInt(9) == 0
                        ? state.clear(host, key)
                        : state.release(host, type, key);
              });
      if (!Status.isSuccess(outcome.status())) {
        assertThat(state).as("a refused command changes nothing").isSameAs(before);
      }
      assertThat(state.report().generation()).isBetween(generation, generation + 1);
      assertThat(outcome.preempted()).doesNotContain(host);
      assertThat(outcome.notices()).extracting(ReservationNotice::host).doesNotContain(host);
      assertThat(holders().isEmpty()).as("held by somebody").isEqualTo(!state.isHeld());
      for (HostId each : holders()) {
        assertThat(state.mayRead(each) && state.mayWrite(each)).isTrue();
      }
      for (HostId each : HOSTS) {
        assertThat(!state.mayWrite(each) || state.mayRead(each)).as("writers read").isTrue();
      }
    }
  }
}
