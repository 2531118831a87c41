package io.mora.qos.pause;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PauseCountTest {
  private static final long MS = 1_000_000;

  @Test
  void collectionsOfThisProcessAreCountedUntilItIsClosed() {
    try (PauseCount pauses = PauseCount.listen()) {
      PauseSum before = pauses.next();
      System.gc();
      assertThat(pauses.next().count()).isPositive();
      assertThat(pauses.total().count()).isGreaterThan(before.count());
    }
  }

  @Test
  void theLongestIsThatSinceLastAskedAndThatOfAll() {
    try (PauseCount pauses = PauseCount.listen()) {
      pauses.add(5 * MS, 7_005 * MS);
      assertThat(pauses.next().longestMs()).isEqualTo(7000);
      pauses.add(8_000 * MS, 14_000 * MS);
      assertThat(pauses.next().longestMs()).isEqualTo(6000);
      assertThat(pauses.next().longestMs()).isLessThan(6000);
      assertThat(pauses.total().longestMs()).isEqualTo(7000);
    }
  }

  @Test
  @Timeout(60)
  void itMayBeginLaterOrNever() throws InterruptedException {
    try (PauseCount pauses = PauseCount.listenIn(1)) {
      while (pauses.total().count() == 0) {
        System.gc();
        Thread.sleep(1);
      }
    }
    PauseCount never = PauseCount.listenIn(3_600_000);
    System.gc();
    assertThat(never.total()).isEqualTo(PauseSum.NONE);
    never.close();
  }

  @Test
  void lessThanAMillisecondIsSaidSo() {
    assertThat(PauseSum.NONE).hasToString("no collector pause");
    assertThat(new PauseSum(1, 0, 0))
        .hasToString("1 collector pause, < 1 ms in all, longest < 1 ms");
    assertThat(new PauseSum(12, 3, 1))
        .hasToString("12 collector pauses, 3 ms in all, longest 1 ms");
    assertThat(new PauseSum(1, 2, 2).and(new PauseSum(3, 1, 1))).isEqualTo(new PauseSum(4, 3, 2));
  }
}
