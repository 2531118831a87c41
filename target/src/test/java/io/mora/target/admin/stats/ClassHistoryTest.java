package io.mora.target.admin.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.metrics.ClassSums;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassHistoryTest {
  private static final long SECOND = 1_000_000_000;

  private final ClassHistory history =
      new ClassHistory(
          new StatsSource(
              () -> {
                throw new IllegalStateException("not read");
              }));

  private static Sums at(long seconds) {
    return new Sums(seconds * SECOND, seconds * 1000, new ClassSums(), Map.of(), Map.of());
  }

  @Test
  void theFirstReadingIsWhereTheNextBegins() {
    history.take(at(1));
    assertThat(history.last()).isZero();
    assertThat(history.after(0)).isEmpty();
    history.take(at(6));
    assertThat(history.after(0)).containsExactly(new ClassHistory.Step(1, 6000, 5, List.of()));
    assertThat(history.after(1)).isEmpty();
  }

  @Test
  void soManyStepsAreKept() {
    for (int i = 0; i <= ClassHistory.KEPT + 10; i++) {
      history.take(at(5L * i));
    }
    assertThat(history.after(0)).hasSize(ClassHistory.KEPT);
    assertThat(history.after(0).get(0).number()).isEqualTo(11);
    assertThat(history.last()).isEqualTo(ClassHistory.KEPT + 10);
    assertThat(history.after(history.last() - 2)).hasSize(2);
  }
}
