package io.mora.target.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.HostId;
import io.mora.protocol.reservation.Reservation;
import io.mora.protocol.reservation.ReservationReport;
import io.mora.protocol.reservation.ReservationType;
import io.mora.target.reservation.NamespaceReservation;
import io.mora.target.reservation.ReservationOutcome;
import io.mora.target.reservation.ReservationState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes at every moment while hosts change reservations that are to be kept: each is found
 * as it was before the change under way, or as after it, and one that was answered is found.
 */
class PowerCutTest {
  private static final int CHANGES = 120;
  private static final List<UUID> NAMESPACES = List.of(new UUID(1, 1), new UUID(2, 2));

  @TempDir Path parent;

  private final SplittableRandom random = new SplittableRandom(20261122);

  /** From this step on a namespace's reservation is this. */
  private record Fact(int step, ReservationReport report) {}

  @Test
  void theOldOrTheNewOneIsFoundWhole() throws IOException {
    Path folder = parent.resolve("target.yaml.state");
    CuttingDisk disk = new CuttingDisk(folder);
    List<List<Fact>> facts = new ArrayList<>();
    try (StateFolder state = new StateFolder(folder, disk)) {
      List<NamespaceReservation> reservations = new ArrayList<>();
      for (UUID each : NAMESPACES) {
        reservations.add(state.reservation(each));
        facts.add(new ArrayList<>(List.of(new Fact(0, ReservationState.NONE.report()))));
      }
      for (int i = 0; i < CHANGES; i++) {
        int which = random.nextInt(NAMESPACES.size());
        NamespaceReservation changed = reservations.get(which);
        Changes.change(changed, any(changed.now()));
        ReservationReport now = changed.now().report();
        facts
            .get(which)
            .add(new Fact(disk.steps(), now.persistent() ? now : ReservationState.NONE.report()));
      }
    }
    int[] states = {0};
    int[] news = {0};
    Path after = parent.resolve("after");
    for (int begun = 0; begun <= disk.steps(); begun++) {
      int step = begun;
      disk.afterCut(
          begun,
          files -> {
            states[0]++;
            if (files != null) {
              CuttingDisk.lay(after, files);
            }
            Path found = files == null ? parent.resolve("none") : after;
            for (int n = 0; n < NAMESPACES.size(); n++) {
              news[0] += check(found, n, facts.get(n), step) ? 1 : 0;
            }
          });
    }
    assertThat(states[0]).as("cuts tried").isGreaterThan(5 * disk.steps());
    assertThat(news[0]).as("changes that were found before they were answered").isPositive();
    System.out.println("power lost " + states[0] + " times in " + disk.steps() + " steps");
  }

  /** Whether the change under way is found made. */
  private static boolean check(Path folder, int namespace, List<Fact> facts, int step)
      throws IOException {
    int answered = 0;
    while (answered + 1 < facts.size() && facts.get(answered + 1).step() <= step) {
      answered++;
    }
    List<ReservationReport> allowed = new ArrayList<>(List.of(facts.get(answered).report()));
    if (answered + 1 < facts.size()) {
      allowed.add(facts.get(answered + 1).report());
    }
    try (StateFolder state = StateFolder.at(folder)) {
      ReservationReport found = state.reservation(NAMESPACES.get(namespace)).now().report();
      assertThat(found).as("cut in step %s", step).isIn(allowed);
      return !found.equals(allowed.get(0));
    }
  }

  /** Whatever hosts do; much of it is refused. */
  private Function<ReservationState, ReservationOutcome> any(ReservationState now) {
    HostId host = new HostId(0, 10 + random.nextInt(3));
    long key = 5 + host.low();
    return switch (random.nextInt(6)) {
      case 0, 1 -> state -> state.register(host, Reservation.REGISTER, true, 0, key).persist(true);
      case 2 -> state -> state.acquire(host, ReservationType.WRITE_EXCLUSIVE, key);
      case 3 -> state -> state.clear(host, key);
      case 4 -> state -> state.persist(!now.isPersistent());
      default -> state -> state.register(host, Reservation.UNREGISTER, true, key, 0);
    };
  }
}
