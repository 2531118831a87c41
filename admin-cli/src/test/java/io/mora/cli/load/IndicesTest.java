package io.mora.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class IndicesTest {
  @Property
  void diceStayBelowTheirBound(
      @ForAll long seed, @ForAll @LongRange(min = 1, max = 1L << 61) long n) {
    Dice dice = new Dice(seed);
    for (int i = 0; i < 100; i++) {
      assertThat(dice.below(n)).isBetween(0L, n - 1);
    }
  }

  @Property
  void diceReachEveryFace(@ForAll long seed) {
    Dice dice = new Dice(seed);
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 2_000; i++) {
      seen.add(dice.below(10));
    }
    assertThat(seen).hasSize(10);
  }

  @Property
  void slotsApartNeverShareAnIndex(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 300) int count,
      @ForAll @IntRange(min = 1, max = 4) int queues,
      @ForAll @IntRange(min = 1, max = 40) int depth) {
    Map<Long, Integer> owner = new HashMap<>();
    for (int queue = 0; queue < queues; queue++) {
      Indices indices =
          Indices.apart(count, (long) queue * depth, (long) queues * depth, new Dice(seed));
      for (int slot = 0; slot < depth; slot++) {
        int lane = queue * depth + slot;
        for (int i = 0; i < 20; i++) {
          long index = indices.next(slot);
          if (lane >= count) {
            assertThat(index).isEqualTo(Indices.END);
            continue;
          }
          assertThat(index).isBetween(0L, count - 1L);
          assertThat(owner.computeIfAbsent(index, k -> lane)).isEqualTo(lane);
        }
      }
    }
  }

  @Property
  void sweepsOfAllQueuesCoverTheRegionOnce(
      @ForAll @IntRange(min = 1, max = 200) int count,
      @ForAll @IntRange(min = 1, max = 9) int step) {
    Set<Long> seen = new HashSet<>();
    for (int first = 0; first < step; first++) {
      Indices sweep = Indices.sweep(count, first, step);
      for (long at = sweep.next(0); at != Indices.END; at = sweep.next(0)) {
        assertThat(seen.add(at)).isTrue();
      }
    }
    assertThat(seen).hasSize(count);
  }

  @Property
  void sequentialGoesRoundTheRegion(@ForAll @IntRange(min = 1, max = 50) int count) {
    Indices indices = Indices.sequential(count, count - 1);
    assertThat(indices.next(0)).isEqualTo(count - 1);
    for (long i = 0; i < count; i++) {
      assertThat(indices.next(0)).isEqualTo(i);
    }
    assertThat(indices.next(0)).isZero();
  }
}
