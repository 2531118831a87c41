package io.mora.target.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClassSummaryTest {
  @Test
  void tellsOfEachClassThatRanWhatMostWasLateFor() {
    ClassCounts counts = new ClassCounts();
    for (int i = 0; i < 97; i++) {
      counts.ran(7, 1_000, -1);
    }
    counts.ran(7, 1 << 20, LateCause.DEVICE.index());
    counts.ran(7, 1 << 20, LateCause.SEND.index());
    counts.ran(7, 1 << 20, LateCause.SEND.index());
    counts.ran(4, 1_000, -1);
    ClassSums sums = new ClassSums();
    counts.addTo(sums);
    assertThat(ClassSummary.of(sums))
        .extracting(ClassSummary::toString)
        .containsExactly(
            "class 7 critical: 100 commands, p99 1311 us, 3 late (3.00 %), most by send (2)",
            "class 4 normal: 1 commands, p99 1 us, 0 late (0.00 %)");
  }

  @Test
  void whatWasCountedBeforeIsTakenAway() {
    ClassCounts counts = new ClassCounts();
    counts.ran(7, 1 << 20, LateCause.DEVICE.index());
    ClassSums before = new ClassSums();
    counts.addTo(before);
    counts.ran(7, 1_000, -1);
    ClassSums now = new ClassSums();
    counts.addTo(now);
    now.subtract(before);
    assertThat(ClassSummary.of(now))
        .extracting(ClassSummary::toString)
        .containsExactly("class 7 critical: 1 commands, p99 1 us, 0 late (0.00 %)");
    now.subtract(now);
    assertThat(ClassSummary.of(now)).isEmpty();
  }
}
