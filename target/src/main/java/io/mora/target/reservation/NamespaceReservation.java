package io.mora.target.reservation;

import io.mora.protocol.status.Status;
import io.mora.target.log.HostLog;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The reservation of a namespace: shards look at it with every command, and one that changes it
 * replaces the whole. Any thread.
 *
 * <p>Where it can be kept through a loss of power all changes of it are made one after the other by
 * its {@link ReservationKeeper}: what is to be kept is durable before anybody sees it.
 */
public final class NamespaceReservation {
  private static final HostLog FAILED =
      HostLog.of(NamespaceReservation.class, Level.ERROR, "Reservations that were not kept");

  private final AtomicReference<ReservationState> state;
  private final @Nullable ReservationKeeper keeper;

  /**
   * Where this is what is in force nobody changes it: the one that stands still, or null. It is set
   * before it comes into force, and no change has it as what it found.
   */
  private volatile @Nullable ReservationState still;

  /** Served no more, or another one took over; the keeper's tasks only. */
  private boolean ended;

  /** Ends with the target. */
  public NamespaceReservation() {
    this.state = new AtomicReference<>(ReservationState.NONE);
    this.keeper = null;
  }

  /** Outlives the target where a host wants that. */
  public NamespaceReservation(ReservationState kept, ReservationKeeper keeper) {
    this.state = new AtomicReference<>(kept);
    this.keeper = keeper;
  }

  /** What is in force. */
  public ReservationState now() {
    return state.getAcquire();
  }

  /** A host may have it outlive the target. */
  public boolean mayPersist() {
    return keeper != null;
  }

  /**
   * Makes a change.
   *
   * @param change a pure function of the state it finds; it may be tried several times
   * @param done told what came of it, on the caller's thread before this returns, or later on the
   *     keeper's; with no change and {@link Status#INTERNAL_ERROR} if it could not be kept, {@link
   *     Status#COMMAND_INTERRUPTED} if too many wait to be or it stands still
   */
  public void change(
      Function<ReservationState, ReservationOutcome> change, Consumer<ReservationOutcome> done) {
    ReservationKeeper place = keeper;
    if (place == null) {
      done.accept(apply(change));
      return;
    }
    try {
      if (!place.execute(() -> make(change, done, place))) {
        done.accept(now().unchanged(Status.COMMAND_INTERRUPTED));
      }
    } catch (RejectedExecutionException stopped) {
      done.accept(now().unchanged(Status.INTERNAL_ERROR));
    }
  }

  private ReservationOutcome apply(Function<ReservationState, ReservationOutcome> change) {
    while (true) {
      ReservationState before = now();
      if (standsStill(before)) {
        return before.unchanged(Status.COMMAND_INTERRUPTED);
      }
      ReservationOutcome outcome = change.apply(before);
      if (outcome.state() == before || state.compareAndSet(before, outcome.state())) {
        return outcome;
      }
    }
  }

  /** Who waits for it is told whatever happens: it is a host's command. */
  private void make(
      Function<ReservationState, ReservationOutcome> change,
      Consumer<ReservationOutcome> done,
      ReservationKeeper place) {
    ReservationOutcome outcome = now().unchanged(Status.INTERNAL_ERROR);
    try {
      outcome = apply(change, place);
    } finally {
      done.accept(outcome);
    }
  }

  private ReservationOutcome apply(
      Function<ReservationState, ReservationOutcome> change, ReservationKeeper place) {
    ReservationState before = now();
    if (ended) {
      return before.unchanged(Status.INVALID_NAMESPACE);
    }
    if (standsStill(before)) {
      return before.unchanged(Status.COMMAND_INTERRUPTED);
    }
    ReservationOutcome outcome = change.apply(before);
    ReservationState next = outcome.state();
    if (next != before && (before.isPersistent() || next.isPersistent())) {
      try {
        place.keep(next);
      } catch (IOException e) {
        FAILED.line("A reservation stays as it is, for it cannot be kept: {}", e.toString());
        return before.unchanged(Status.INTERNAL_ERROR);
      }
    }
    state.setRelease(next);
    return outcome;
  }

  /**
   * Looks at it for the last time before something is done that it might forbid: if it does not, no
   * change is made any more until {@link #moveOn}. Changes asked for before are made before the
   * look, those of other namespaces not waited for. One holder at a time.
   *
   * @param may whether it allows what is to be done
   * @param done told as {@link #change}'s is: success if it stands still now, {@link
   *     Status#RESERVATION_CONFLICT} if it forbids that, {@link Status#INTERNAL_ERROR} if nobody
   *     could look
   */
  public void standStill(Predicate<ReservationState> may, IntConsumer done) {
    ReservationKeeper place = keeper;
    if (place == null) {
      done.accept(stop(may));
      return;
    }
    try {
      place.executeFirst(() -> look(may, done));
    } catch (RejectedExecutionException stopped) {
      done.accept(Status.INTERNAL_ERROR);
    }
  }

  /** Who waits for it is told whatever happens: it may have a lock. */
  private void look(Predicate<ReservationState> may, IntConsumer done) {
    int status = Status.INTERNAL_ERROR;
    try {
      status = stop(may);
    } finally {
      done.accept(status);
    }
  }

  private int stop(Predicate<ReservationState> may) {
    while (true) {
      ReservationState before = now();
      if (!may.test(before)) {
        return Status.RESERVATION_CONFLICT;
      }
      ReservationState last = before.copy();
      still = last;
      if (state.compareAndSet(before, last)) {
        return Status.SUCCESS;
      }
    }
  }

  private boolean standsStill(ReservationState found) {
    return found == still;
  }

  /** Changes are made again. Any thread; of who holds it. */
  public void moveOn() {
    still = null;
  }

  /**
   * Its namespace is served no more: it changes no more, so that nothing is kept after what was
   * kept is forgotten. A task of the keeper.
   */
  public void end() {
    ended = true;
  }

  /**
   * Goes on from another one of the same namespace, which changes no more; a task of the keeper,
   * before this one is used. What does not outlive the target ends with that one.
   */
  public void takeOver(NamespaceReservation before) {
    before.end();
    ReservationState last = before.now();
    state.set(last.isPersistent() ? last : ReservationState.NONE);
  }
}
