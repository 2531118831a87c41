package io.mora.target.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShardPlacementTest {
  private static final int ANY = ShardPlacement.ANY;

  @Test
  void queuesOfOneHostSpreadByQid() {
    int[] has = new int[4];
    for (int qid = 1; qid <= 8; qid++) {
      int chosen = ShardPlacement.choose(qid, ANY, has, new long[4]);
      assertThat(chosen).as("QID %s", qid).isEqualTo((qid - 1) % 4);
      has[chosen]++;
    }
  }

  @Test
  void hostsWithOneQueueEachSpreadToo() {
    int[] has = new int[3];
    for (int host = 0; host < 300; host++) {
      has[ShardPlacement.choose(1, ANY, has, new long[3])]++;
    }
    assertThat(has).containsExactly(100, 100, 100);
  }

  @Test
  void amongAboutEquallyManyQueuesWorkDecides() {
    assertThat(ShardPlacement.choose(1, ANY, new int[] {2, 2}, new long[] {900, 100})).isOne();
    assertThat(ShardPlacement.choose(1, ANY, new int[] {2, 2}, new long[] {100, 900})).isZero();
    // One more queue is about as many.
    assertThat(ShardPlacement.choose(1, ANY, new int[] {2, 3}, new long[] {900, 100})).isZero();
    assertThat(ShardPlacement.choose(1, ANY, new int[] {32, 35}, new long[] {900, 100})).isOne();
    assertThat(ShardPlacement.choose(1, ANY, new int[] {32, 36}, new long[] {900, 100})).isZero();
  }

  @Test
  void aSmallDifferenceInWorkIsNone() {
    assertThat(ShardPlacement.choose(1, ANY, new int[] {16, 17}, new long[] {500, 450})).isZero();
  }

  @Test
  void theConsumersShardIsPreferredUnlessItIsFuller() {
    assertThat(ShardPlacement.choose(1, 1, new int[] {2, 2}, new long[] {0, 900})).isOne();
    assertThat(ShardPlacement.choose(1, 1, new int[] {2, 3}, new long[2])).isOne();
    assertThat(ShardPlacement.choose(1, 1, new int[] {2, 4}, new long[2])).isZero();
    assertThat(ShardPlacement.choose(1, 1, new int[] {32, 36}, new long[2])).isOne();
    assertThat(ShardPlacement.choose(1, 1, new int[] {32, 37}, new long[2])).isZero();
  }

  /** Whatever hosts do, by connecting, no shard gets many more queues than another. */
  @Property(tries = 200)
  void staysBalanced(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int shards) {
    Random random = new Random(seed);
    int[] has = new int[shards];
    for (int i = 0; i < 400; i++) {
      long[] did = random.longs(shards, 0, 1000).toArray();
      int preferred = random.nextInt(shards + 1) - 1;
      has[ShardPlacement.choose(1 + random.nextInt(64), preferred, has, did)]++;
      int fewest = Arrays.stream(has).min().orElseThrow();
      int most = Arrays.stream(has).max().orElseThrow();
      assertThat(most - fewest).isLessThanOrEqualTo(Math.max(1, fewest / 8) + 1);
    }
  }
}
