package io.mora.target.state;

import io.mora.protocol.HostId;
import io.mora.protocol.reservation.Reservation;
import io.mora.target.reservation.NamespaceReservation;
import io.mora.target.reservation.ReservationOutcome;
import io.mora.target.reservation.ReservationState;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Changes of reservations that are waited for, and one that is not over. */
public final class Changes {
  private Changes() {}

  /** The status it ended with. */
  public static int change(
      NamespaceReservation reservation, Function<ReservationState, ReservationOutcome> change) {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    reservation.change(change, outcome -> status.complete(outcome.status()));
    return status.join();
  }

  /** Registers with key 5. */
  public static int register(NamespaceReservation reservation, HostId host, boolean persist) {
    return change(
        reservation,
        state -> state.register(host, Reservation.REGISTER, false, 0, 5).persist(persist));
  }

  /** Keeps a reservation at a change that changes nothing, until what this returns is run. */
  static Runnable hold(NamespaceReservation reservation) {
    CompletableFuture<Void> begun = new CompletableFuture<>();
    CompletableFuture<Void> go = new CompletableFuture<>();
    reservation.change(
        now -> now.persist(now.isPersistent()),
        outcome -> {
          begun.complete(null);
          go.join();
        });
    begun.join();
    return () -> go.complete(null);
  }
}
