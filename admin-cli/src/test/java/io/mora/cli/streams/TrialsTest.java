package io.mora.cli.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.cli.load.Verdicts;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrialsTest {
  private final Trials trials = new Trials();

  private void run(Phase phase, long p99Ns) {
    trials.add(
        phase,
        "x",
        new Sample(
            1000,
            4_096_000,
            p99Ns / 2,
            p99Ns,
            2 * p99Ns,
            3 * p99Ns,
            Map.of(),
            true,
            new Verdicts(),
            0));
  }

  @Test
  void ratiosAreThoseOfMediansAndSpreadsAreThoseOfRuns() {
    for (long p99 : new long[] {900, 1000, 5000}) {
      run(Phase.STRIPPED, p99);
    }
    for (long p99 : new long[] {300, 50, 100}) {
      run(Phase.HONOURED, p99);
    }
    assertThat(trials.p99Ratio("x", Phase.STRIPPED, Phase.HONOURED)).isEqualTo(10);
    Trials.Spread byRun = trials.p99Ratios("x", Phase.STRIPPED, Phase.HONOURED);
    assertThat(byRun).isEqualTo(new Trials.Spread(20, 3, 50));
    assertThat(trials.spread(Phase.HONOURED, "x", Sample::p99Ns))
        .isEqualTo(new Trials.Spread(100, 50, 300));
  }

  @Test
  void anEvenNumberHasItsMedianBetweenTheMiddleTwo() {
    run(Phase.ALONE, 100);
    run(Phase.ALONE, 200);
    assertThat(trials.spread(Phase.ALONE, "x", Sample::p99Ns).median()).isEqualTo(150);
  }

  @Test
  void whatDidNotRunHasNoFigures() {
    run(Phase.HONOURED, 1);
    assertThat(trials.has(Phase.ALONE, "x")).isFalse();
    assertThat(trials.has(Phase.HONOURED, "y")).isFalse();
    assertThat(trials.p99Ratio("x", Phase.HONOURED, Phase.ALONE)).isNaN();
  }
}
