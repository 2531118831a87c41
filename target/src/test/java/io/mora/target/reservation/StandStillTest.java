package io.mora.target.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.HostId;
import io.mora.protocol.reservation.Reservation;
import io.mora.protocol.reservation.ReservationType;
import io.mora.protocol.status.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A last look, after which nothing changes. */
class StandStillTest {
  private static final HostId A = new HostId(0, 10);
  private static final HostId B = new HostId(0, 11);
  private static final int ROUNDS = 2_000;
  private static final int TRIED = 50;

  private final NamespaceReservation reservation = new NamespaceReservation();

  private int change(Function<ReservationState, ReservationOutcome> change) {
    AtomicInteger status = new AtomicInteger(-1);
    reservation.change(change, outcome -> status.set(outcome.status()));
    return status.get();
  }

  private int register(HostId host) {
    return change(state -> state.register(host, Reservation.REGISTER, false, 0, 5));
  }

  private int acquire(HostId host) {
    return change(state -> state.acquire(host, ReservationType.WRITE_EXCLUSIVE, 5));
  }

  private int standStill(HostId whoWrites) {
    AtomicInteger status = new AtomicInteger(-1);
    reservation.standStill(now -> now.mayWrite(whoWrites), status::set);
    return status.get();
  }

  @Test
  void nothingChangesUntilItMovesOn() {
    assertThat(register(A)).isZero();
    assertThat(register(B)).isZero();
    var before = reservation.now().report();
    assertThat(standStill(A)).isZero();
    assertThat(acquire(B)).isEqualTo(Status.COMMAND_INTERRUPTED);
    assertThat(change(state -> state.persist(true))).isEqualTo(Status.COMMAND_INTERRUPTED);
    assertThat(reservation.now().report()).isEqualTo(before);
    reservation.moveOn();
    assertThat(acquire(B)).isZero();
  }

  @Test
  void whatForbidsItStopsNothing() {
    assertThat(register(A)).isZero();
    assertThat(register(B)).isZero();
    assertThat(acquire(B)).isZero();
    assertThat(standStill(A)).isEqualTo(Status.RESERVATION_CONFLICT);
    assertThat(change(state -> state.clear(B, 5))).isZero();
    assertThat(standStill(A)).isZero();
  }

  /** One that found the state before the look comes too late, or before it: never in between. */
  @Test
  @Timeout(60)
  void noChangeSlipsInBetween() throws InterruptedException {
    AtomicBoolean end = new AtomicBoolean();
    AtomicLong interrupted = new AtomicLong();
    List<Thread> hosts = new ArrayList<>();
    for (HostId host : List.of(A, B)) {
      Thread thread =
          new Thread(
              () -> {
                while (!end.get()) {
                  register(host);
                  acquire(host);
                  if (change(state -> state.clear(host, 5)) == Status.COMMAND_INTERRUPTED) {
                    interrupted.incrementAndGet();
                  }
                }
              });
      hosts.add(thread);
      thread.start();
    }
    try {
      // Until it stood still so often, and often enough while somebody tried to change something.
      for (int stood = 0; stood < ROUNDS || interrupted.get() < TRIED; ) {
        int status = standStill(A);
        if (Status.isSuccess(status)) {
          ReservationState last = reservation.now();
          assertThat(last.mayWrite(A)).isTrue();
          Thread.onSpinWait();
          assertThat(reservation.now()).isSameAs(last);
          reservation.moveOn();
          stood++;
        } else {
          assertThat(status).isEqualTo(Status.RESERVATION_CONFLICT);
        }
      }
    } finally {
      end.set(true);
      for (Thread each : hosts) {
        each.join();
      }
    }
  }
}
