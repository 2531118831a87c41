package io.mora.target.state;

import static io.mora.target.state.Changes.register;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.HostId;
import io.mora.protocol.reservation.Reservation;
import io.mora.protocol.reservation.ReservationType;
import io.mora.protocol.status.Status;
import io.mora.target.reservation.NamespaceReservation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last look at a reservation that is kept, and what comes after it. */
class LastLookTest {
  private static final UUID NAMESPACE = new UUID(1, 2);
  private static final UUID OTHER = new UUID(5, 5);
  private static final HostId A = new HostId(0, 10);
  private static final HostId B = new HostId(0, 11);
  private static final int WAITING = 9;

  @TempDir Path parent;

  private Path folder() {
    return parent.resolve("target.yaml.state");
  }

  /** What was asked for before the last look is made before it, and kept. */
  @Test
  void theLastLookTakesItsPlaceInTheLine() throws IOException {
    try (StateFolder state = StateFolder.at(folder())) {
      NamespaceReservation reservation = state.reservation(NAMESPACE);
      assertThat(register(reservation, A, true)).isZero();
      assertThat(register(reservation, B, true)).isZero();
      Runnable go = Changes.hold(reservation);
      CompletableFuture<Integer> acquired = new CompletableFuture<>();
      CompletableFuture<Integer> first = new CompletableFuture<>();
      CompletableFuture<Integer> cleared = new CompletableFuture<>();
      CompletableFuture<Integer> second = new CompletableFuture<>();
      CompletableFuture<Integer> late = new CompletableFuture<>();
      reservation.change(
          now -> now.acquire(B, ReservationType.WRITE_EXCLUSIVE, 5),
          outcome -> acquired.complete(outcome.status()));
      reservation.standStill(now -> now.mayWrite(A), first::complete);
      reservation.change(now -> now.clear(B, 5), outcome -> cleared.complete(outcome.status()));
      reservation.standStill(now -> now.mayWrite(A), second::complete);
      reservation.change(
          now -> now.register(B, Reservation.REGISTER, false, 0, 5).persist(true),
          outcome -> late.complete(outcome.status()));
      go.run();
      assertThat(acquired.join()).isZero();
      assertThat(first.join()).isEqualTo(Status.RESERVATION_CONFLICT);
      assertThat(cleared.join()).isZero();
      assertThat(second.join()).isZero();
      assertThat(late.join()).isEqualTo(Status.COMMAND_INTERRUPTED);
      try (StateFolder again = StateFolder.at(folder())) {
        assertThat(again.reservation(NAMESPACE).now().report().registrants()).isEmpty();
      }
      reservation.moveOn();
      assertThat(register(reservation, B, true)).isZero();
    }
  }

  /** Who makes it has a lock that everybody's changes of the configuration wait for. */
  @Test
  void itWaitsForNoOtherNamespace() throws IOException {
    try (StateFolder state = StateFolder.at(folder())) {
      NamespaceReservation busy = state.reservation(OTHER);
      NamespaceReservation looked = state.reservation(NAMESPACE);
      Runnable go = Changes.hold(busy);
      AtomicInteger own = new AtomicInteger();
      AtomicInteger others = new AtomicInteger();
      for (int i = 0; i < WAITING; i++) {
        busy.change(now -> now.persist(false), outcome -> others.incrementAndGet());
        looked.change(now -> now.persist(false), outcome -> own.incrementAndGet());
      }
      CompletableFuture<List<Integer>> before = new CompletableFuture<>();
      looked.standStill(
          now -> true, status -> before.complete(List.of(status, own.get(), others.get())));
      go.run();
      assertThat(before.join())
          .as("status, own changes before it, others' before it")
          .containsExactly(Status.SUCCESS, WAITING, 0);
    }
  }

  @Test
  void whoWaitsIsToldIfNobodyCouldLook() throws IOException {
    try (StateFolder state = StateFolder.at(folder())) {
      NamespaceReservation reservation = state.reservation(NAMESPACE);
      CompletableFuture<Integer> looked = new CompletableFuture<>();
      reservation.standStill(
          now -> {
            throw new IllegalStateException("on purpose");
          },
          looked::complete);
      assertThat(register(reservation, A, true)).as("it goes on").isZero();
      assertThat(looked).isCompletedWithValue(Status.INTERNAL_ERROR);
    }
  }

  /** It is a host's command, which would be open as long as its connection. */
  @Test
  void whoWaitsForAChangeIsToldIfNobodyCouldMakeIt() throws IOException {
    try (StateFolder state = StateFolder.at(folder())) {
      NamespaceReservation reservation = state.reservation(NAMESPACE);
      CompletableFuture<Integer> changed = new CompletableFuture<>();
      reservation.change(
          now -> {
            throw new IllegalStateException("on purpose");
          },
          outcome -> changed.complete(outcome.status()));
      assertThat(register(reservation, A, true)).as("it goes on").isZero();
      assertThat(changed).isCompletedWithValue(Status.INTERNAL_ERROR);
    }
  }

  /** One on its way while its namespace was deleted: nothing of that is found again. */
  @Test
  void nothingIsKeptOfWhatWasForgotten() throws IOException {
    try (StateFolder state = StateFolder.at(folder())) {
      NamespaceReservation reservation = state.reservation(NAMESPACE);
      state.serve(NAMESPACE, reservation);
      assertThat(register(reservation, A, true)).isZero();
      CompletableFuture<Integer> looked = new CompletableFuture<>();
      reservation.standStill(now -> now.mayWrite(A), looked::complete);
      assertThat(looked.join()).isZero();
      state.leave(NAMESPACE, reservation);
      state.forget(NAMESPACE);
      reservation.moveOn(); // As after a deletion that may not last.
      assertThat(register(reservation, A, true)).isEqualTo(Status.INVALID_NAMESPACE);
      assertThat(folder()).isEmptyDirectory();
    }
  }
}
