package io.mora.target.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.HostId;
import io.mora.protocol.reservation.Reservation;
import io.mora.protocol.reservation.ReservationType;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReservationTextTest {
  private static final HostId A = new HostId(0, 10);
  private static final HostId B = new HostId(-1, 7);

  private static ReservationState registered() {
    ReservationState state = ReservationState.NONE.persist(true).state();
    state = state.register(A, Reservation.REGISTER, false, 0, 0xDEADBEEFL).state();
    return state.register(B, Reservation.REGISTER, false, 0, -2).state();
  }

  private static void same(ReservationState read, ReservationState written) {
    assertThat(read.report()).isEqualTo(written.report());
    assertThat(read.holder()).isEqualTo(written.holder());
    assertThat(read.isPersistent()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void everyTypeIsReadAsItWasWritten(ReservationType type) {
    ReservationState state = registered().acquire(B, type, -2).state();
    assertThat(state.isHeld()).isTrue();
    same(ReservationText.parse(ReservationText.of(state)), state);
  }

  @Test
  void theTextIsWhatItsDescriptionSays() {
    ReservationState state =
        registered()
            .acquire(A, ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY, 0xDEADBEEFL)
            .state();
    assertThat(ReservationText.of(state).lines())
        .startsWith(
            "mora-reservation 1",
            "generation 2",
            "type 3",
            "holder 00000000-0000-0000-0000-00000000000a",
            "registrant 00000000-0000-0000-0000-00000000000a 00000000deadbeef",
            "registrant ffffffff-ffff-ffff-0000-000000000007 fffffffffffffffe")
        .hasSize(7);
  }

  @Test
  void whatIsEmptyOrLostOrFullIsReadToo() {
    ReservationState empty = ReservationState.NONE.persist(true).state();
    same(ReservationText.parse(ReservationText.of(empty)), empty);
    same(ReservationText.parse(ReservationText.of(ReservationState.LOST)), ReservationState.LOST);
    ReservationState full = empty;
    for (int i = 1; i <= ReservationState.REGISTRANTS_MAX; i++) {
      full = full.register(new HostId(-1, i), Reservation.REGISTER, false, 0, -i).state();
    }
    String text = ReservationText.of(full);
    assertThat(text.length()).isLessThan(ReservationText.LENGTH_MAX);
    same(ReservationText.parse(text), full);
  }

  /** A bit that fell, or an end that is missing, is never read as another reservation. */
  @Test
  void nothingThatWasChangedIsRead() {
    ReservationState state =
        registered().acquire(A, ReservationType.WRITE_EXCLUSIVE, 0xDEADBEEFL).state();
    byte[] text = ReservationText.of(state).getBytes(StandardCharsets.ISO_8859_1);
    Random random = new Random(1);
    for (int at = 0; at < text.length; at++) {
      byte[] changed = text.clone();
      changed[at] ^= (byte) (1 << random.nextInt(7));
      refused(new String(changed, StandardCharsets.ISO_8859_1));
      refused(new String(text, 0, at, StandardCharsets.ISO_8859_1));
    }
    refused(ReservationText.of(state) + "\n");
  }

  private static void refused(String text) {
    assertThatThrownBy(() -> ReservationText.parse(text))
        .as(text)
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Who lost a reservation that nobody can read gets in by clearing it, and not otherwise. */
  @Test
  void aLostReservationIsCleared() {
    ReservationState state = ReservationState.LOST;
    assertThat(state.mayRead(A) || state.mayWrite(A)).isFalse();
    state = state.register(A, Reservation.REGISTER, false, 0, 1).state();
    assertThat(state.mayRead(A) || state.mayWrite(A)).isFalse();
    assertThat(state.acquire(A, ReservationType.EXCLUSIVE_ACCESS, 1).state()).isSameAs(state);
    assertThat(state.preempt(A, ReservationType.EXCLUSIVE_ACCESS, 1, 0).state()).isSameAs(state);
    state = state.clear(A, 1).state();
    assertThat(state.mayRead(A) && state.mayWrite(A)).isTrue();
    assertThat(state.isPersistent()).isTrue();
  }
}
