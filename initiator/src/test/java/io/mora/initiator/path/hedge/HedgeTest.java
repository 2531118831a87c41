package io.mora.initiator.path.hedge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.initiator.intent.Intent;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** How often and when a read is sent twice. */
class HedgeTest {
  /** At no moment more than ratio times the reads so far, whatever is asked for. */
  @Property
  void theRatioIsNeverExceeded(
      @ForAll @DoubleRange(max = 0.5) double ratio,
      @ForAll @IntRange(min = 1, max = 64) int burst,
      @ForAll @Size(max = 500) List<Boolean> reads) {
    HedgeBudget budget = new HedgeBudget(ratio, burst);
    long perMillion = (long) (ratio * 1_000_000); // Compared in whole numbers: nothing rounds.
    long count = 0;
    long sent = 0;
    int run = 0;
    for (boolean read : reads) {
      if (read) {
        budget.read();
        count++;
        run = 0;
      } else if (budget.take()) {
        sent++;
        run++;
      }
      assertThat(sent * 1_000_000).isLessThanOrEqualTo(perMillion * count);
      assertThat(run).as("at once").isLessThanOrEqualTo(burst);
    }
  }

  @Test
  void whatWasNotUsedIsGivenBack() {
    HedgeBudget budget = new HedgeBudget(0.5, 1);
    budget.read();
    budget.read();
    assertThat(budget.take()).isTrue();
    assertThat(budget.take()).isFalse();
    budget.undo();
    assertThat(budget.take()).isTrue();
  }

  @Property
  void notBeforeTheFirstHadItsTimeAndNotTooLateForTheSecond(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long budgetNs,
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long firstNs,
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long otherNs,
      @ForAll @LongRange(min = 1, max = 1_000_000) long leastNs) {
    long delayNs = HedgeDelay.of(budgetNs, firstNs, otherNs, leastNs);
    assertThat(delayNs).isGreaterThanOrEqualTo(leastNs);
    assertThat(delayNs).isLessThanOrEqualTo(Math.max(leastNs, budgetNs));
    assertThat(delayNs).isGreaterThanOrEqualTo(Math.min(budgetNs, 2 * firstNs));
    boolean bothCanMakeIt = 2 * firstNs + 2 * otherNs <= budgetNs && leastNs <= 2 * firstNs;
    if (bothCanMakeIt) {
      assertThat(delayNs + 2 * otherNs).as("in time").isLessThanOrEqualTo(budgetNs);
    }
  }

  @Test
  void whoIsHedged() {
    assertThat(HedgeDelay.budgetNs(null)).isZero();
    assertThat(HedgeDelay.budgetNs(Intent.bulk().budgetUs(5))).isZero();
    assertThat(HedgeDelay.budgetNs(Intent.prefetch().budgetUs(5))).isZero();
    assertThat(HedgeDelay.budgetNs(Intent.normal())).isZero();
    assertThat(HedgeDelay.budgetNs(Intent.normal().budgetUs(8))).isEqualTo(8_000);
    assertThat(HedgeDelay.budgetNs(Intent.critical())).isEqualTo(150_000);
  }

  @Test
  void optionsHaveBounds() {
    assertThatThrownBy(() -> new HedgeOptions(0.6, 1, 50, 1)).hasMessageContaining("ratio 0.6");
    assertThatThrownBy(() -> new HedgeOptions(Double.NaN, 1, 50, 1)).hasMessageContaining("ratio");
    assertThatThrownBy(() -> new HedgeOptions(0.1, 0, 50, 1)).hasMessageContaining("burst");
    assertThat(HedgeOptions.OFF.isOn()).isFalse();
  }
}
