package io.mora.target.state;

import static io.mora.target.state.Changes.change;
import static io.mora.target.state.Changes.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.mora.protocol.HostId;
import io.mora.protocol.reservation.Reservation;
import io.mora.protocol.reservation.ReservationReport;
import io.mora.protocol.reservation.ReservationType;
import io.mora.protocol.status.Status;
import io.mora.target.config.store.Disk;
import io.mora.target.reservation.NamespaceReservation;
import io.mora.target.reservation.ReservationState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was said to be kept is found again, however the one before ended. */
class StateFolderTest {
  private static final UUID NAMESPACE = new UUID(1, 2);
  private static final HostId A = new HostId(0, 10);
  private static final HostId B = new HostId(0, 11);

  @TempDir Path parent;

  private Path folder() {
    return parent.resolve("target.yaml.state");
  }

  private ReservationReport found() throws IOException {
    try (StateFolder again = StateFolder.at(folder())) {
      return again.reservation(NAMESPACE).now().report();
    }
  }

  @Test
  void whatIsPersistentIsFoundAgain() throws IOException {
    ReservationReport last;
    try (StateFolder state = StateFolder.at(folder())) {
      NamespaceReservation reservation = state.reservation(NAMESPACE);
      state.serve(NAMESPACE, reservation);
      assertThat(reservation.mayPersist()).isTrue();
      assertThat(register(reservation, A, false)).isZero();
      assertThat(Files.exists(folder())).as("nothing to keep").isFalse();
      assertThat(register(reservation, B, true)).isZero();
      ReservationType type = ReservationType.WRITE_EXCLUSIVE;
      assertThat(change(reservation, now -> now.acquire(B, type, 5))).isZero();
      last = reservation.now().report();
      assertThat(found()).as("before it is closed").isEqualTo(last);
    }
    assertThat(last.persistent()).isTrue();
    assertThat(last.registrants()).hasSize(2);
    assertThat(found()).isEqualTo(last);
    try (StateFolder state = StateFolder.at(folder())) {
      NamespaceReservation reservation = state.reservation(NAMESPACE);
      assertThat(change(reservation, now -> now.persist(false))).isZero();
      assertThat(reservation.now().report().registrants()).hasSize(2);
    }
    assertThat(found()).isEqualTo(ReservationState.NONE.report());
    assertThat(folder()).isEmptyDirectory();
  }

  /** The steps of a disk, of which one fails, after having done its work or not. */
  private static final class FailingDisk implements Disk {
    private final Disk real = Disk.real();
    private final List<Path> synced = new ArrayList<>();
    private int failIn = Integer.MAX_VALUE;

    private void step() throws IOException {
      if (failIn-- == 0) {
        throw new IOException("the disk is gone");
      }
    }

    @Override
    public void write(Path file, byte[] bytes, Set<PosixFilePermission> mode) throws IOException {
      if (failIn == 0) {
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
      }
      step();
      real.write(file, bytes, mode);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      step();
      real.rename(from, to);
    }

    @Override
    public void syncFolder(Path of) throws IOException {
      step();
      real.syncFolder(of);
      synced.add(of);
    }

    @Override
    public void delete(Path file) throws IOException {
      step();
      real.delete(file);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void whatCannotBeKeptIsNotDone(int step) throws IOException {
    FailingDisk disk = new FailingDisk();
    try (StateFolder state = new StateFolder(folder(), disk)) {
      NamespaceReservation reservation = state.reservation(NAMESPACE);
      assertThat(register(reservation, A, true)).isZero();
      ReservationState before = reservation.now();
      disk.failIn = step;
      assertThat(register(reservation, B, true)).isEqualTo(Status.INTERNAL_ERROR);
      assertThat(reservation.now()).isSameAs(before);
      // Whole, the one or the other: the last step leaves open which.
      assertThat(found().registrants()).hasSize(step == 2 ? 2 : 1);
      assertThat(register(reservation, B, true)).isZero();
      assertThat(found().registrants()).hasSize(2);
    }
  }

  /** Of a process, with the folder still to be made: the folder is to be found again as well. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void theFirstThatIsKeptIsKeptWithItsFolder(int step) throws IOException {
    for (boolean again : new boolean[] {false, true}) {
      FailingDisk disk = new FailingDisk();
      try (StateFolder state = new StateFolder(folder(), disk)) {
        NamespaceReservation reservation = state.reservation(new UUID(3, again ? 1 : 0));
        disk.failIn = step;
        assertThat(register(reservation, A, true)).isEqualTo(Status.INTERNAL_ERROR);
        assertThat(reservation.now()).isSameAs(ReservationState.NONE);
        if (again) {
          assertThat(register(reservation, A, true)).isZero();
          assertThat(register(reservation, B, true)).isZero();
          assertThat(disk.synced).containsOnlyOnce(parent).contains(folder());
        }
      }
      assertThat(folder()).isDirectory();
    }
  }

  @Test
  void whatCannotBeReadKeepsEverybodyOut() throws IOException {
    Files.createDirectory(folder());
    Files.writeString(folder().resolve(NAMESPACE + ".reservation"), "mora-reservation 1\nholder");
    try (StateFolder state = StateFolder.at(folder())) {
      NamespaceReservation reservation = state.reservation(NAMESPACE);
      assertThat(reservation.now()).isSameAs(ReservationState.LOST);
      assertThat(register(reservation, A, true)).isZero();
      assertThat(found().type()).as("still").isEqualTo(2);
      assertThat(change(reservation, now -> now.clear(A, 5))).isZero();
      assertThat(found().type()).isZero();
    }
  }

  /** Whatever is in it would be lost to every namespace. */
  @ParameterizedTest
  @ValueSource(strings = {"a file", "a link to nothing", "a folder of others"})
  void aFolderThatCannotBeUsedIsRefused(String what) throws IOException {
    switch (what) {
      case "a file" -> Files.createFile(folder());
      case "a link to nothing" -> Files.createSymbolicLink(folder(), parent.resolve("not-mounted"));
      default -> {
        Files.createDirectory(folder());
        Files.setPosixFilePermissions(folder(), Set.of());
        assumeFalse(Files.isWritable(folder()), "SKIPPED: this user may write everywhere");
      }
    }
    assertThatThrownBy(() -> StateFolder.at(folder()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("reservations are kept in " + folder() + ", which cannot be");
  }

  /** Another storage under the same identity, while the target runs. */
  @Test
  void whoComesInItsPlaceGoesOnWithWhatIsKept() throws IOException {
    try (StateFolder state = StateFolder.at(folder())) {
      NamespaceReservation first = state.reservation(NAMESPACE);
      state.serve(NAMESPACE, first);
      NamespaceReservation second = state.reservation(NAMESPACE);
      assertThat(register(first, A, true)).isZero();
      state.serve(NAMESPACE, second);
      assertThat(second.now()).isSameAs(first.now());
      assertThat(register(first, B, true)).isEqualTo(Status.INVALID_NAMESPACE);
      assertThat(change(second, now -> now.persist(false))).isZero();
      NamespaceReservation third = state.reservation(NAMESPACE);
      state.serve(NAMESPACE, third);
      assertThat(third.now().report().registrants()).as("ended with the second").isEmpty();
      state.leave(NAMESPACE, third);
      assertThat(register(third, A, true)).as("left").isEqualTo(Status.INVALID_NAMESPACE);
      NamespaceReservation fourth = state.reservation(NAMESPACE);
      state.serve(NAMESPACE, fourth);
      assertThat(register(third, B, true)).as("still").isEqualTo(Status.INVALID_NAMESPACE);
      assertThat(register(fourth, B, true)).isZero();
    }
  }

  /** A namespace made later under the same UUID is another one. */
  @Test
  void whatWasDeletedIsNotFoundAgain() throws IOException {
    FailingDisk disk = new FailingDisk();
    try (StateFolder state = new StateFolder(folder(), disk)) {
      state.forget(NAMESPACE); // Nothing was ever kept.
      assertThat(folder()).doesNotExist();
      NamespaceReservation reservation = state.reservation(NAMESPACE);
      state.serve(NAMESPACE, reservation);
      assertThat(register(reservation, A, true)).isZero();
      state.forget(NAMESPACE);
      assertThat(found().registrants()).as("of one that is served").hasSize(1);
      state.leave(NAMESPACE, reservation);
      assertThat(found().registrants()).as("of one that may come back").hasSize(1);
      for (int step = 0; step < 2; step++) {
        disk.failIn = step;
        assertThatThrownBy(() -> state.forget(NAMESPACE)).hasMessage("the disk is gone");
        assertThat(found().registrants()).hasSize(step == 0 ? 1 : 0);
      }
      state.forget(NAMESPACE);
      assertThat(state.reservation(NAMESPACE).now()).isSameAs(ReservationState.NONE);
      assertThat(folder()).isEmptyDirectory();
    }
  }

  /** Whoever comes and goes leaves no more than so much behind; what is served is not touched. */
  @Test
  void whatIsLeftIsBounded() throws IOException {
    Files.createDirectory(folder());
    Path other = Files.createFile(folder().resolve("something else"));
    for (int i = 0; i <= StateFolder.LEFT_MAX; i++) {
      Path left = Files.createFile(folder().resolve(new UUID(9, i) + ".reservation"));
      Files.setLastModifiedTime(left, FileTime.fromMillis(i == 3 ? 1_000 : 2_000_000 + i));
    }
    UUID served = new UUID(9, 0);
    try (StateFolder state = StateFolder.at(folder())) {
      state.serve(served, state.reservation(served));
      NamespaceReservation gone = state.reservation(NAMESPACE);
      state.serve(NAMESPACE, gone);
      assertThat(register(gone, A, true)).isZero();
      state.trim();
      assertThat(folder().resolve(new UUID(9, 3) + ".reservation")).exists();
      state.leave(NAMESPACE, gone);
      assertThat(folder().resolve(new UUID(9, 3) + ".reservation"))
          .as("for the namespace that left may come back")
          .exists();
      state.trim();
      assertThat(folder().resolve(new UUID(9, 3) + ".reservation")).doesNotExist();
      assertThat(folder().resolve(served + ".reservation")).exists();
      assertThat(other).exists();
      try (var all = Files.list(folder())) {
        assertThat(all).hasSize(StateFolder.LEFT_MAX + 2);
      }
      assertThat(found().registrants()).as("the last to go").hasSize(1);
    }
  }

  /** A host with thousands of commands under way: what it asks for is bounded, and harms nobody. */
  @Test
  void whoAsksForTooMuchIsToldToComeAgain() throws IOException {
    UUID other = new UUID(5, 5);
    try (StateFolder state = StateFolder.at(folder())) {
      NamespaceReservation busy = state.reservation(NAMESPACE);
      NamespaceReservation quiet = state.reservation(other);
      Runnable go = Changes.hold(busy);
      List<Integer> order = Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < StateFolder.WAITING_MAX; i++) {
        busy.change(now -> now.persist(false), outcome -> order.add(outcome.status()));
      }
      CompletableFuture<Integer> oneMore = new CompletableFuture<>();
      busy.change(now -> now.persist(false), outcome -> oneMore.complete(outcome.status()));
      int refused = oneMore.getNow(Status.SUCCESS);
      CompletableFuture<Integer> waited = new CompletableFuture<>();
      quiet.change(
          now -> now.register(B, Reservation.REGISTER, false, 0, 5),
          outcome -> waited.complete(order.size()));
      go.run();
      assertThat(refused).isEqualTo(Status.COMMAND_INTERRUPTED);
      assertThat(waited.join()).as("changes of the other before it").isLessThanOrEqualTo(1);
      assertThat(quiet.now().report().registrants()).hasSize(1);
      state.leave(NAMESPACE, busy);
      assertThat(order).as("done before it left").hasSize(StateFolder.WAITING_MAX);
      assertThat(order).containsOnly(Status.SUCCESS);
      assertThat(register(busy, A, false)).isEqualTo(Status.INVALID_NAMESPACE);
    }
  }

  @Test
  void nothingChangesOnceItIsClosed() throws IOException {
    StateFolder state = StateFolder.at(folder());
    NamespaceReservation reservation = state.reservation(NAMESPACE);
    state.close();
    assertThat(register(reservation, A, false)).isEqualTo(Status.INTERNAL_ERROR);
    assertThat(reservation.now()).isSameAs(ReservationState.NONE);
  }
}
