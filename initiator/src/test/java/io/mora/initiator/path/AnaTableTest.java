package io.mora.initiator.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.data.log.AnaLogPage;
import io.mora.protocol.status.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnaTableTest {
  private final AnaTable table = new AnaTable();

  private void read(int state, long nowNs) {
    AnaLogPage.Group group = new AnaLogPage.Group(1, 1, state, List.of(5, 6));
    table.read(new AnaLogPage(1, List.of(group)), nowNs);
  }

  @Test
  void statesServeOrDoNot() {
    assertThat(table.isOptimized(5)).as("no ANA").isTrue();
    read(AnaLogPage.NON_OPTIMIZED, 0);
    assertThat(table.serves(5)).isTrue();
    assertThat(table.isOptimized(5)).isFalse();
    for (int state : List.of(AnaLogPage.INACCESSIBLE, AnaLogPage.CHANGE, 9)) {
      read(state, 0);
      assertThat(table.serves(6)).as(AnaTable.word(state)).isFalse();
    }
  }

  @Test
  void whatACommandWasAnsweredCountsUntilTheLogIsRead() {
    read(AnaLogPage.OPTIMIZED, 0);
    table.answered(5, Status.ANA_INACCESSIBLE, 10);
    assertThat(table.serves(5)).isFalse();
    assertThat(table.serves(6)).isTrue();
    assertThat(table.isPassing()).isTrue();
    read(AnaLogPage.OPTIMIZED, 20);
    assertThat(table.serves(5)).isTrue();
    table.answered(5, Status.ANA_PERSISTENT_LOSS | Status.DNR, 30);
    assertThat(table.isPassing()).as("never again").isFalse();
  }

  @Test
  void aTransitionLastsNoLongerThanItMay() {
    read(AnaLogPage.CHANGE, 100);
    assertThat(table.changedByNs(5, 50, 120)).isEqualTo(150);
    read(AnaLogPage.CHANGE, 130);
    assertThat(table.changedByNs(5, 50, 140)).as("it goes on").isEqualTo(150);
    assertThat(table.changedByNs(5, 50, 160)).as("too long").isEqualTo(160);
    read(AnaLogPage.OPTIMIZED, 170);
    assertThat(table.changedByNs(5, 50, 171)).isEqualTo(171);
  }
}
