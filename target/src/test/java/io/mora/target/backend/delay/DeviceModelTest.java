package io.mora.target.backend.delay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The model's arithmetic, on a clock of its own. */
class DeviceModelTest {
  @Test
  void drawsAreThoseOfTheSeedAndOfTheDistribution() {
    OperationTime time =
        OperationTime.fixed(100).withSpread(50).withSize(7, 0).withSlow(0.1, 10_000);
    long[] first = draws(time, 42);
    assertThat(draws(time, 42)).isEqualTo(first);
    assertThat(draws(time, 43)).isNotEqualTo(first);
    assertThat(Arrays.stream(first).boxed())
        .allMatch(ns -> (ns >= 128 && ns < 178) || (ns >= 10_128 && ns < 10_178));
    long slow = Arrays.stream(first).filter(ns -> ns > 10_000).count();
    assertThat(slow).isBetween(700L, 1300L);
  }

  private static long[] draws(OperationTime time, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, 10_000).mapToLong(i -> time.serverNs(random, 4096)).toArray();
  }

  @Test
  void scalingScalesEveryTimeAndNoChance() {
    OperationTime time = OperationTime.fixed(3).withSpread(5).withSize(7, 11).withSlow(0.25, 13);
    assertThat(time.scaled(50)).isEqualTo(new OperationTime(150, 250, 350, 550, 0.25, 650));
  }

  @Test
  void refusesNonsense() {
    assertThatThrownBy(() -> OperationTime.fixed(-1)).hasMessageContaining("baseNs -1");
    assertThatThrownBy(() -> OperationTime.fixed(0).withSlow(Double.NaN, 0))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> DeviceProfile.fixed(0, 1)).hasMessageContaining("parallelism 0: 1 to");
  }

  @Test
  void aFreeServerStartsAtOnceAndABusyDeviceAddsUp() {
    Occupancy device = new Occupancy(2, Long.MAX_VALUE - 100); // the clock may pass its end
    long now = Long.MAX_VALUE - 50;
    assertThat(device.take(now, 80, 0)).isEqualTo(now + 80);
    assertThat(device.take(now, 30, 0)).isEqualTo(now + 30);
    assertThat(device.take(now, 10, 0)).isEqualTo(now + 40);
    assertThat(device.take(now, 10, 0)).isEqualTo(now + 50);
    assertThat(device.take(now + 200, 10, 0)).isEqualTo(now + 210);
  }

  @Test
  void nothingEndsBeforeItsBytesHaveMoved() {
    Occupancy device = new Occupancy(8, 0);
    assertThat(device.take(0, 10, 100)).isEqualTo(100);
    assertThat(device.take(0, 10, 100)).isEqualTo(200);
    // A small one waits for the bytes that were there before it, and for nobody's server.
    assertThat(device.take(50, 10, 1)).isEqualTo(201);
    assertThat(device.take(50, 10, 0)).isEqualTo(60);
    assertThat(device.take(1000, 10, 100)).isEqualTo(1100);
  }

  /** However operations arrive, k servers cannot do more than k operations' time at once. */
  @Property
  void serversAreNeverGivenTwice(
      @ForAll @IntRange(min = 1, max = 9) int servers, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Occupancy device = new Occupancy(servers, 0);
    int operations = 200;
    long[] from = new long[operations];
    long[] end = new long[operations];
    long now = 0;
    for (int i = 0; i < operations; i++) {
      now += random.nextLong(30);
      long serverNs = 1 + random.nextLong(100);
      end[i] = device.take(now, serverNs, 0);
      from[i] = end[i] - serverNs;
      assertThat(from[i]).isGreaterThanOrEqualTo(now);
    }
    for (long at : end) {
      long busy = IntStream.range(0, operations).filter(i -> from[i] < at && at <= end[i]).count();
      assertThat(busy).isLessThanOrEqualTo(servers);
    }
  }

  @Test
  void threadsShareServersAndBandwidth() throws Exception {
    int threads = 4;
    int each = 5_000;
    Occupancy device = new Occupancy(3, 0);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      Callable<long[]> take =
          () -> LongStream.range(0, each).map(i -> device.take(0, 7, 5)).toArray();
      long last = 0;
      for (Future<long[]> ends : pool.invokeAll(Collections.nCopies(threads, take))) {
        last = Math.max(last, Arrays.stream(ends.get()).max().orElseThrow());
      }
      // The bytes take 5 each, all in one line; the servers would be done earlier.
      assertThat(last).isBetween(5L * threads * each, 5L * threads * each + 7);
    } finally {
      pool.shutdown();
    }
  }
}
