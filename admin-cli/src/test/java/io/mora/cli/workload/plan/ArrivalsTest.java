package io.mora.cli.workload.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.cli.load.Dice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final List<RatePhase> SPIKE =
      List.of(
          new RatePhase(10, 10 * SECOND),
          new RatePhase(10_000, 2 * SECOND),
          new RatePhase(10, 10 * SECOND));

  private record Arrival(long atNs, int phase) {}

  private static List<Arrival> all(long seed) {
    Arrivals arrivals = new Arrivals(SPIKE, new Dice(seed));
    List<Arrival> all = new ArrayList<>();
    for (long at = arrivals.next(); at != Arrivals.NONE; at = arrivals.next()) {
      all.add(new Arrival(at, arrivals.phase()));
    }
    return all;
  }

  @Test
  void eachPhaseHasItsRateAndItsTime() {
    long[] counts = new long[3];
    long before = 0;
    for (Arrival arrival : all(7)) {
      counts[arrival.phase()]++;
      assertThat(arrival.atNs()).isGreaterThanOrEqualTo(before);
      before = arrival.atNs();
      long from = arrival.phase() == 0 ? 0 : arrival.phase() == 1 ? 10 * SECOND : 12 * SECOND;
      assertThat(arrival.atNs() - from).isBetween(0L, SPIKE.get(arrival.phase()).lengthNs());
    }
    // Five standard deviations of Poisson counts of 100, 20,000 and 100.
    assertThat(counts[0]).isBetween(50L, 150L);
    assertThat(counts[1]).isBetween(19_290L, 20_710L);
    assertThat(counts[2]).isBetween(50L, 150L);
  }

  @Test
  void theSameSeedGivesTheSameTimes() {
    assertThat(all(7)).isEqualTo(all(7)).isNotEqualTo(all(8));
  }

  @Test
  void aPhaseWithoutTimeHasNoRequests() {
    Arrivals arrivals =
        new Arrivals(List.of(new RatePhase(100, 0), new RatePhase(100, SECOND)), new Dice(1));
    arrivals.next();
    assertThat(arrivals.phase()).isEqualTo(1);
  }
}
