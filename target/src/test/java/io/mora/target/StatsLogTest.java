package io.mora.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.metrics.ClassSums;
import io.mora.target.metrics.QueueCounts;
import io.mora.target.metrics.SampleSlot;
import org.junit.jupiter.api.Test;

class StatsLogTest {
  private final QueueCounts counts = new QueueCounts(1);

  private ClassSums totals() {
    ClassSums sums = new ClassSums();
    counts.addTo(sums, 0);
    return sums;
  }

  private void critical(long totalNs) {
    SampleSlot sample = new SampleSlot();
    sample.nsid = 1;
    sample.effectiveClass = 7;
    sample.totalNs = totalNs;
    sample.sendNs = totalNs;
    sample.budgetNs = 150_000;
    sample.judge();
    counts.record(sample);
  }

  @Test
  void eachTimeTellsOnlyWhatWasDoneSince() {
    try (StatsLog log = new StatsLog(this::totals)) {
      assertThat(log.next()).isEmpty();
      critical(1_000_000);
      critical(1_000_000);
      assertThat(log.next())
          .singleElement()
          .satisfies(line -> assertThat(line.commands()).isEqualTo(2))
          .asString()
          .contains("2 late (100.00 %), most by send (2)");
      critical(1_000);
      assertThat(log.next())
          .singleElement()
          .hasToString("class 7 critical: 1 commands, p99 1 us, 0 late (0.00 %)");
      assertThat(log.next()).isEmpty();
    }
  }
}
