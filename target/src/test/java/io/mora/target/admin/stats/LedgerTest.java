package io.mora.target.admin.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.qos.pause.PauseSum;
import io.mora.target.metrics.ClassCounts;
import io.mora.target.metrics.ClassSums;
import io.mora.target.metrics.TargetStats;
import io.mora.target.metrics.TargetStats.ControllerRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sums by host and namespace never fall, and are bounded. */
class LedgerTest {
  private static final String NQN = "nqn.2026-01.example:s";

  private final Ledger ledger = new Ledger();

  private static ControllerRow row(String host, int cntlid, int nsid, long bytes) {
    ClassSums sums = new ClassSums();
    sums.add(0, ClassCounts.BYTES, bytes);
    return new ControllerRow(host, 1, NQN, cntlid, nsid, sums);
  }

  private Sums add(ControllerRow... rows) {
    return ledger.add(
        0,
        0,
        new TargetStats(List.of(rows), List.of(), List.of(), List.of(), List.of(), PauseSum.NONE));
  }

  private static long bytes(@Nullable ClassSums sums) {
    assertThat(sums).isNotNull();
    return sums == null ? -1 : sums.counter(0, ClassCounts.BYTES);
  }

  @Test
  void whatAControllerDidStaysWhenItGoes() {
    add(row("a", 1, 1, 100), row("a", 2, 1, 10), row("b", 3, 2, 1));
    Sums after = add(row("a", 2, 1, 15));
    assertThat(bytes(after.hosts().get("a"))).isEqualTo(115);
    assertThat(bytes(after.hosts().get("b"))).isEqualTo(1);
    assertThat(bytes(after.namespaces().get(NQN + "/1"))).isEqualTo(115);
    Sums later = add(row("a", 2, 1, 16), row("b", 4, 2, 5));
    assertThat(bytes(later.hosts().get("a"))).isEqualTo(116);
    assertThat(bytes(later.hosts().get("b"))).isEqualTo(6);
    assertThat(bytes(later.since(after).hosts().get("b"))).isEqualTo(5);
    assertThat(bytes(add().hosts().get("a"))).isEqualTo(116);
  }

  @Test
  void theTotalKeepsWhatASubsystemDidThatWasRemoved() {
    add(row("a", 1, 1, 100));
    TargetStats without =
        new TargetStats(List.of(), List.of(), List.of(), List.of(), List.of(), PauseSum.NONE);
    assertThat(bytes(ledger.add(0, 0, without).total())).isEqualTo(100);
    assertThat(bytes(add(row("a", 1, 1, 7)).total())).isEqualTo(107);
  }

  @Test
  void hostsBeyondTheBoundAreToldTogether() {
    List<ControllerRow> rows = new ArrayList<>();
    for (int i = 0; i < 3 * Sums.ROWS_MAX; i++) {
      rows.add(row("h" + i, i, 1, 1));
    }
    Sums first = add(rows.toArray(new ControllerRow[0]));
    assertThat(first.hosts()).hasSize(Sums.ROWS_MAX + 1);
    assertThat(bytes(first.hosts().get(Sums.OTHERS))).isEqualTo(2 * Sums.ROWS_MAX);
    Sums second = add(row("h" + 2 * Sums.ROWS_MAX, 9999, 1, 3));
    assertThat(second.hosts()).hasSize(Sums.ROWS_MAX + 1);
    assertThat(bytes(second.hosts().get(Sums.OTHERS))).isEqualTo(2 * Sums.ROWS_MAX + 3);
    assertThat(bytes(second.hosts().get("h0"))).isEqualTo(1);
  }
}
