package io.mora.qos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeadlineForecastTest {
  private static final int PLACES = 8;
  private static final long ALONE_NS = 100_000;
  private static final double CAPACITY = PLACES * 1e9 / ALONE_NS;
  private static final long BUDGET_NS = 2_000_000;
  private static final long SECOND = 1_000_000_000L;

  private final DeadlineForecast forecast = new DeadlineForecast();
  private final SplittableRandom random = new SplittableRandom(20261122);

  // A device with so many places, first come, first served; time is counted, not waited for.
  private final PriorityQueue<long[]> atDevice =
      new PriorityQueue<>((a, b) -> Long.compare(a[0], b[0]));
  private final ArrayDeque<Long> waiting = new ArrayDeque<>();
  private int slowEvery = Integer.MAX_VALUE;
  private long served;

  // What came of it.
  private int offered;
  private int refused;
  private int late;
  private int done;
  private long againMost;

  private long serviceNs() {
    boolean slow = ++served % slowEvery == 0;
    return ALONE_NS + random.nextLong(ALONE_NS / 10) + (slow ? 2_000_000 : 0);
  }

  /** Ends what ends before then. */
  private void until(long nowNs) {
    while (!atDevice.isEmpty() && atDevice.peek()[0] <= nowNs) {
      long[] entry = atDevice.remove();
      long endNs = entry[0];
      long tookNs = endNs - entry[1];
      forecast.done(ALONE_NS, true, tookNs, endNs);
      done++;
      late += tookNs > BUDGET_NS ? 1 : 0;
      if (!waiting.isEmpty()) {
        atDevice.add(new long[] {endNs + serviceNs(), waiting.remove()});
      }
    }
  }

  private void offer(long nowNs) {
    until(nowNs);
    offered++;
    long again = forecast.refuses(ALONE_NS, BUDGET_NS);
    if (again > 0) {
      refused++;
      againMost = Math.max(againMost, again);
      return;
    }
    forecast.queued(ALONE_NS, nowNs);
    if (atDevice.size() < PLACES) {
      atDevice.add(new long[] {nowNs + serviceNs(), nowNs});
    } else {
      waiting.add(nowNs);
    }
  }

  /** At random times, so many a second. */
  private long load(long fromNs, double perSecond, long forNs) {
    offered = 0;
    refused = 0;
    late = 0;
    done = 0;
    long nowNs = fromNs;
    while (nowNs < fromNs + forNs) {
      offer(nowNs);
      nowNs += (long) (-Math.log(1 - random.nextDouble()) * 1e9 / perSecond);
    }
    until(nowNs);
    return nowNs;
  }

  @Test
  void nothingIsRefusedWhileTheDeviceKeepsUp() {
    long nowNs = load(0, 10, SECOND);
    assertThat(refused).isZero();
    nowNs = load(nowNs, CAPACITY / 2, SECOND);
    assertThat(refused).isZero();
    load(nowNs, CAPACITY * 0.8, SECOND);
    assertThat(refused).isLessThan(offered / 1000);
  }

  @Test
  void aSlowOperationNowAndThenRefusesNothing() {
    slowEvery = 500;
    load(0, CAPACITY / 3, SECOND);
    assertThat(refused).isZero();
  }

  @Test
  void beyondWhatTheDeviceDoesWhatIsTakenIsInTimeAndTheDeviceIsBusy() {
    long nowNs = load(0, 10, SECOND);
    nowNs = load(nowNs, 3 * CAPACITY, SECOND);
    assertThat(refused).isBetween((int) (offered * 0.6), (int) (offered * 0.72));
    assertThat(late).as("late of those taken").isLessThan(done / 100);
    assertThat(done).as("done").isGreaterThan((int) (CAPACITY * 0.9));
    assertThat(againMost).isBetween(DeadlineForecast.AGAIN_LEAST_NS, 10 * BUDGET_NS);
    load(nowNs + SECOND / 10, 10, SECOND);
    assertThat(refused).as("afterwards").isZero();
  }

  @Test
  void aBurstOnAQuietDeviceIsTaken() {
    long nowNs = load(0, 100, SECOND) + SECOND;
    for (int i = 0; i < 2 * PLACES; i++) {
      offer(nowNs);
    }
    assertThat(refused).isZero();
  }

  @Test
  void whatIsCancelledIsNotWaitedFor() {
    load(0, 3 * CAPACITY, SECOND / 10);
    assertThat(forecast.isCrowded()).isTrue();
    long nowNs = SECOND;
    until(nowNs);
    for (int i = 0; i < 100; i++) {
      forecast.queued(ALONE_NS, nowNs);
    }
    assertThat(forecast.refuses(ALONE_NS, BUDGET_NS / 2)).isPositive();
    long before = forecast.expectedNs(ALONE_NS);
    for (int i = 0; i < 100; i++) {
      forecast.cancelled(ALONE_NS, nowNs);
    }
    assertThat(forecast.expectedNs(ALONE_NS)).isLessThan(before / 10);
    assertThat(forecast.refuses(ALONE_NS, 1)).as("few are under way").isZero();
  }

  @Test
  void whatIsLateAlreadyIsRefusedWithAdviceInBounds() {
    load(0, 3 * CAPACITY, SECOND / 10);
    assertThat(forecast.refuses(ALONE_NS, -SECOND))
        .isBetween(DeadlineForecast.AGAIN_LEAST_NS, DeadlineForecast.AGAIN_MOST_NS);
    assertThat(forecast.refuses(ALONE_NS, 10 * SECOND)).as("has time").isZero();
  }

  @Test
  void whoHasLittleTimeLeftIsRefusedThoughFewAreUnderWay() {
    load(0, 3 * CAPACITY, SECOND / 10);
    until(SECOND);
    assertThat(forecast.isCrowded()).isTrue();
    forecast.queued(ALONE_NS, SECOND);
    assertThat(forecast.refuses(ALONE_NS, 1)).as("one is always tried").isZero();
    for (int i = 0; i < 4; i++) {
      forecast.queued(ALONE_NS, SECOND);
    }
    assertThat(forecast.refuses(ALONE_NS, ALONE_NS)).isPositive();
    assertThat(forecast.refuses(ALONE_NS, BUDGET_NS)).isZero();
  }

  /** A forecast that is far too slow is corrected by what it lets through. */
  @Test
  void aDeviceThatWasSlowOnceIsUsedAgain() {
    slowEvery = 1;
    long nowNs = load(0, CAPACITY, SECOND);
    slowEvery = Integer.MAX_VALUE;
    nowNs = load(nowNs, 0.8 * CAPACITY, SECOND / 4);
    load(nowNs, 0.8 * CAPACITY, SECOND);
    assertThat(refused).isLessThan(offered / 100);
  }

  @Test
  void whatFailedSaysNothingOfTheDevice() {
    for (int i = 0; i < 100; i++) {
      forecast.queued(ALONE_NS, i);
      forecast.done(ALONE_NS, false, SECOND, i + SECOND);
    }
    assertThat(forecast.isCrowded()).isFalse();
  }
}
