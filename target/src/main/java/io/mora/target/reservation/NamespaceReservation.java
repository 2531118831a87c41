package io.mora.target.reservation;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * The reservation of a namespace: shards look at it with every command, and one that changes it
 * replaces the whole. Any thread.
 */
public final class NamespaceReservation {
  private final AtomicReference<ReservationState> state =
      new AtomicReference<>(ReservationState.NONE);

  /** What is in force. */
  public ReservationState now() {
    return state.getAcquire();
  }

  /**
   * Makes a change; it may be tried several times.
   *
   * @param change a pure function of the state it finds
   */
  public ReservationOutcome apply(Function<ReservationState, ReservationOutcome> change) {
    while (true) {
      ReservationState before = state.get();
      ReservationOutcome outcome = change.apply(before);
      if (outcome.state() == before || state.compareAndSet(before, outcome.state())) {
        return outcome;
      }
    }
  }
}
