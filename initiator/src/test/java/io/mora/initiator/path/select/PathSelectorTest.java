package io.mora.initiator.path.select;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which path a command takes, with the time in the test's hand. */
class PathSelectorTest {
  private static final long MS = 1_000_000;
  private static final int CRITICAL = 7;

  private long nowNs = 5_000 * MS;
  private final PathLoad[] paths = {load(4), load(9)};

  private PathLoad load(int slot) {
    return new PathLoad(slot, nowNs);
  }

  private void took(int at, long us) {
    paths[at].begin(nowNs);
    nowNs += us * 1000;
    paths[at].ended(CRITICAL, us * 1000, nowNs);
  }

  private int select(PathSelector selector) {
    return selector.select(paths, CRITICAL, nowNs);
  }

  @Test
  void inTurn() {
    PathSelector selector = PathPolicy.ROUND_ROBIN.selector();
    assertThat(new int[] {select(selector), select(selector), select(selector)})
        .containsExactly(0, 1, 0);
  }

  @Test
  void theFewestUnderWay() {
    PathSelector selector = PathPolicy.QUEUE_DEPTH.selector();
    paths[0].begin(nowNs);
    for (int i = 0; i < 3; i++) {
      assertThat(select(selector)).isEqualTo(1);
    }
    paths[1].begin(nowNs);
    paths[1].begin(nowNs);
    assertThat(select(selector)).isEqualTo(0);
  }

  @Test
  void theQuickestWithHysteresis() {
    PathSelector selector = PathPolicy.LATENCY.selector();
    for (int i = 0; i < 50; i++) {
      took(0, 100);
      took(1, 300);
    }
    assertThat(select(selector)).isEqualTo(0);
    nowNs += 200 * MS;
    for (int i = 0; i < 50; i++) {
      took(0, 100);
      took(1, 90); // Better, but not by a fifth.
    }
    assertThat(select(selector)).isEqualTo(0);
    for (int i = 0; i < 50; i++) {
      took(0, 100);
      took(1, 50);
    }
    assertThat(select(selector)).isEqualTo(1);
    for (int i = 0; i < 50; i++) {
      took(0, 10);
      took(1, 50);
    }
    assertThat(select(selector)).as("it has only just changed").isEqualTo(1);
    nowNs += LatencySelector.DWELL_NS;
    assertThat(select(selector)).isEqualTo(0);
  }

  @Test
  void whatIsNotChosenIsTriedOnceASecond() {
    PathSelector selector = PathPolicy.LATENCY.selector();
    took(0, 100);
    took(1, 300);
    assertThat(select(selector)).isEqualTo(0);
    nowNs += PathLoad.REFRESH_NS;
    took(0, 100);
    assertThat(select(selector)).isEqualTo(1);
    assertThat(select(selector)).as("one is enough").isEqualTo(0);
  }

  @Test
  void aPathThatAnswersNothingIsLeftAtOnce() {
    PathSelector selector = PathPolicy.LATENCY.selector();
    took(0, 100);
    took(1, 300);
    assertThat(select(selector)).isEqualTo(0);
    paths[0].begin(nowNs);
    nowNs += PathLoad.STALL_NS;
    assertThat(select(selector)).isEqualTo(1);
    nowNs += 2 * PathLoad.REFRESH_NS;
    took(1, 300);
    assertThat(select(selector)).as("nobody is sent to see").isEqualTo(1);
  }

  /** Whatever is measured, changes are no more often than the dwell time allows. */
  @Test
  void itNeverFlaps() {
    SplittableRandom random = new SplittableRandom(7);
    PathSelector selector = PathPolicy.LATENCY.selector();
    took(0, 100);
    took(1, 100);
    int last = select(selector);
    int changes = 0;
    long fromNs = nowNs;
    for (int i = 0; i < 20_000; i++) {
      took(0, 1 + random.nextInt(400));
      took(1, 1 + random.nextInt(400));
      int at = select(selector);
      changes += at == last ? 0 : 1;
      last = at;
    }
    assertThat(changes)
        .isLessThanOrEqualTo((int) ((nowNs - fromNs) / LatencySelector.DWELL_NS) + 1);
  }
}
