package io.mora.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.cli.workload.Tally.Count;
import java.util.List;
import org.junit.jupiter.api.Test;

class TallyTest {
  @Test
  void pagesCountInTheirPhaseOnly() {
    Tally tally = new Tally(1000, 2000);
    tally.page(7, 999);
    tally.page(10, 1000);
    tally.page(20, 1999);
    tally.page(40, 2000);
    assertThat(tally.of(Count.BYTES)).isEqualTo(30);
  }

  @Test
  void refusedRequestsHaveNoTimeAndAreNotAsQuickAsUsual() {
    Tally tally = new Tally(0, 1_000_000_000);
    tally.never(5, Count.TURNED_AWAY);
    for (int i = 0; i < Recovery.IN_A_ROW; i++) {
      tally.done(10 + i, 100, i % 2 == 0, 50);
    }
    assertThat(tally.wholeNs(100)).isEqualTo(100);
    assertThat(tally.of(Count.DONE)).isEqualTo(10);
    assertThat(tally.of(Count.IN_TIME)).isEqualTo(5);
    assertThat(tally.of(Count.TURNED_AWAY)).isEqualTo(1);
    assertThat(tally.normalAfterNs(100)).isEqualTo(10);
    assertThat(tally.normalAfterNs(99)).isEqualTo(-1);
  }

  @Test
  void sharesAreOfWhatTheySayTheyAreOf() {
    Tally tally = new Tally(0, 2_000_000_000L);
    tally.count(Count.OFFERED);
    tally.demand(100, true);
    tally.demand(200, false);
    tally.count(Count.STALLS);
    tally.count(Count.STALLS);
    tally.done(0, 300, true, 50);
    Outcome outcome = Outcome.of(List.of(tally), new Outcome.Checkpoint(1000, 7), 0.5);
    assertThat(outcome.first().demandsInTime()).isEqualTo(0.5);
    assertThat(outcome.first().inTime()).isEqualTo(1);
    assertThat(outcome.first().stallsEach()).isEqualTo(2);
    assertThat(outcome.first().donePerSecond()).isEqualTo(0.5);
    assertThat(outcome.normalAfterNs()).isEqualTo(-1);
    assertThat(outcome.bytesPerSecond()).isEqualTo(1000);
  }
}
