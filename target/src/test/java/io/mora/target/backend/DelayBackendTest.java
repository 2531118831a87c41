package io.mora.target.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.net.TransportKind;
import io.mora.target.backend.DelayBackend.Latency;
import io.mora.target.backend.DelayBackend.Profile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DelayBackendTest {
  private static final long MS = 1_000_000;

  @Test
  void takesAtLeastTheTimeOfAQueueBeforeSoManyServers() throws Exception {
    int operations = 12;
    Backend slow = new DelayBackend(new NullBackend(1 << 20, 512), Profile.fixed(2, 10 * MS));
    try (Rig rig = new Rig(slow, TransportKind.NIO)) {
      List<TestRequest> all = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < operations; i++) {
        all.add(rig.submit(0, TestRequest.of(IoRequest.READ, 0, 512)));
      }
      for (TestRequest each : all) {
        assertThat(each.await()).isZero();
      }
      // Two at a time, 10 ms each; how much later is the machine's business.
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(operations / 2 * 10L * MS);
    }
  }

  @Test
  void serversAreTakenInOrderOfArrival() throws Exception {
    Backend slow = new DelayBackend(new NullBackend(1 << 20, 512), Profile.fixed(1, MS));
    try (Rig rig = new Rig(slow, TransportKind.NIO)) {
      List<Integer> order = new ArrayList<>();
      List<TestRequest> all = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        int number = i;
        TestRequest request = TestRequest.of(IoRequest.WRITE, 0, 512);
        request.status.thenRun(() -> order.add(number));
        all.add(request);
      }
      rig.onShard(
          0,
          () -> {
            all.forEach(rig.queue(0)::submit);
            assertThat(rig.queue(0).inFlight()).isEqualTo(5);
            return true;
          });
      for (TestRequest each : all) {
        assertThat(each.await()).isZero();
      }
      assertThat(rig.onShard(0, () -> List.copyOf(order))).containsExactly(0, 1, 2, 3, 4);
    }
  }

  @Test
  void drawsAreThoseOfTheSeedAndOfTheDistribution() {
    Latency latency = new Latency(100, 50, 0.1, 10_000, 7);
    long[] first = draws(latency, 42);
    assertThat(draws(latency, 42)).isEqualTo(first);
    assertThat(draws(latency, 43)).isNotEqualTo(first);
    assertThat(Arrays.stream(first).boxed())
        .allMatch(ns -> (ns >= 128 && ns < 178) || (ns >= 10_128 && ns < 10_178));
    long tails = IntStream.range(0, first.length).filter(i -> first[i] > 10_000).count();
    assertThat(tails).isBetween(700L, 1300L);
  }

  private static long[] draws(Latency latency, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, 10_000).mapToLong(i -> latency.draw(random, 4096)).toArray();
  }

  @Test
  void refusesNonsense() {
    assertThatThrownBy(() -> Latency.fixed(-1)).hasMessageContaining("baseNs -1");
    assertThatThrownBy(() -> new Latency(0, 0, Double.NaN, 0, 0)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> Profile.fixed(0, 1)).hasMessageContaining("parallelism 0: 1 to");
  }
}
