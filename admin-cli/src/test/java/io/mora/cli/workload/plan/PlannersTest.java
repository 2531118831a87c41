package io.mora.cli.workload.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mora.cli.load.Dice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlannersTest {
  private static final long REGION = 64L << 20;
  private static final int SMALLEST = 16 << 10;
  private static final int LARGEST = 2 << 20;

  private static List<Plan> plans(Planner planner, long seed, int count) {
    Dice dice = new Dice(seed);
    return Stream.generate(() -> planner.next(dice)).limit(count).toList();
  }

  @Test
  void zipfFollowsItsLaw() {
    Zipf zipf = new Zipf(100, 1);
    Dice dice = new Dice(3);
    int[] seen = new int[100];
    int draws = 200_000;
    for (int i = 0; i < draws; i++) {
      seen[zipf.rank(dice)]++;
    }
    double harmonic = 0;
    for (int rank = 1; rank <= 100; rank++) {
      harmonic += 1.0 / rank;
    }
    for (int rank : new int[] {1, 2, 10, 50}) {
      double expected = draws / harmonic / rank;
      assertThat((double) seen[rank - 1]).isBetween(expected * 0.8, expected * 1.2);
    }
  }

  @Test
  void zipfOfExponentZeroIsEvenAndOneRankIsItself() {
    Zipf even = new Zipf(4, 0);
    Dice dice = new Dice(5);
    int[] seen = new int[4];
    for (int i = 0; i < 40_000; i++) {
      seen[even.rank(dice)]++;
    }
    for (int count : seen) {
      assertThat(count).isBetween(9_500, 10_500);
    }
    assertThat(new Zipf(1, 1).rank(dice)).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> new Zipf(0, 1));
  }

  @Test
  void aPageIsTheSameWheneverItIsAskedForAndLiesInTheRegion() {
    PagePlaces places = new PagePlaces(7, REGION, SMALLEST, LARGEST);
    Map<Integer, Integer> sizes = new HashMap<>();
    int pages = 50_000;
    for (long name = 0; name < pages; name++) {
      Page page = places.page(name);
      assertThat(places.page(name)).isEqualTo(page);
      assertThat(page.offsetBytes() % page.bytes()).isZero();
      assertThat(page.offsetBytes()).isBetween(0L, REGION - page.bytes());
      sizes.merge(page.bytes(), 1, Integer::sum);
    }
    assertThat(sizes).hasSize(8);
    double half = pages / 2.0;
    assertThat((double) sizes.getOrDefault(SMALLEST, 0)).isBetween(half * 0.95, half * 1.05);
    // As many bytes of each size.
    assertThat((double) sizes.getOrDefault(SMALLEST, 0) / sizes.getOrDefault(4 * SMALLEST, 1))
        .isBetween(3.7, 4.3);
  }

  @Test
  void pagesOfAnotherSeedLieElsewhere() {
    Page one = new PagePlaces(1, REGION, SMALLEST, SMALLEST).page(1);
    Page other = new PagePlaces(2, REGION, SMALLEST, SMALLEST).page(1);
    assertThat(one).isNotEqualTo(other);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PagePlaces(1, REGION, 3 << 10, SMALLEST));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PagePlaces(1, SMALLEST, SMALLEST, LARGEST));
  }

  @Test
  void turnsOfAChatShareItsPagesAndChatsSharePrefixes() {
    PagePlaces places = new PagePlaces(7, REGION, SMALLEST, LARGEST);
    List<Plan> plans = plans(new KvCachePlanner(places, 64, 8, 2), 11, 2000);
    Map<List<Page>, Integer> chats = new HashMap<>();
    Map<Page, Integer> prefixes = new HashMap<>();
    for (Plan plan : plans) {
      assertThat(plan.layers()).hasSize(8);
      assertThat(plan.writes()).isFalse();
      List<Page> own = new ArrayList<>();
      plan.layers().forEach(layer -> own.add(layer.get(1)));
      chats.merge(own, 1, Integer::sum);
      prefixes.merge(plan.layers().get(0).get(0), 1, Integer::sum);
    }
    assertThat(chats).hasSizeBetween(32, 64);
    assertThat(prefixes).hasSizeBetween(2, 4);
  }

  @Test
  void guessesAreReadAheadAndSeldomNeeded() {
    PagePlaces places = new PagePlaces(7, REGION, SMALLEST, LARGEST);
    List<Page> guesses = new ArrayList<>();
    for (Plan plan : plans(new KvCachePlanner(places, 64, 8, 2), 11, 1000)) {
      assertThat(plan.layers().get(0)).allMatch(Page::wanted);
      plan.layers().subList(1, 8).forEach(layer -> guesses.add(layer.get(2)));
    }
    assertThat(guesses).allMatch(page -> page.confidencePercent() == KvCachePlanner.GUESS_PERCENT);
    double needed = guesses.stream().filter(Page::wanted).count() / (double) guesses.size();
    assertThat(needed).isBetween(0.27, 0.33);
  }

  @Test
  void aLookUpDecidesWhatIsReadNext() {
    PagePlaces places = new PagePlaces(7, REGION, 4 << 10, 64 << 10);
    Map<Page, Page> next = new HashMap<>();
    for (Plan plan : plans(new RagPlanner(places, 4, 2), 13, 3000)) {
      assertThat(plan.ahead()).isZero();
      assertThat(plan.layers()).hasSize(2);
      for (int i = 0; i < 4; i++) {
        Page first = plan.layers().get(0).get(i);
        Page second = plan.layers().get(1).get(i);
        assertThat(first.bytes()).isBetween(4 << 10, 64 << 10);
        next.putIfAbsent(first, second);
      }
    }
    assertThat(next).hasSizeGreaterThan(500);
  }

  @Test
  void sweepsAreInOrderAndOnlyCheckpointsWrite() {
    Plan load = plans(new SweepPlanner(REGION, 1 << 20, 16, 4, false), 17, 1).get(0);
    assertThat(load.bytes()).isEqualTo(16L * SweepPlanner.PAGES << 20);
    assertThat(load.ahead()).isEqualTo(4);
    Page before = load.layers().get(0).get(0);
    for (Page page : load.layers().get(0).subList(1, SweepPlanner.PAGES)) {
      assertThat(page.offsetBytes()).isEqualTo((before.offsetBytes() + (1 << 20)) % REGION);
      before = page;
    }
    Plan save = plans(new SweepPlanner(REGION, 1 << 20, 16, 4, true), 17, 1).get(0);
    assertThat(save.writes()).isTrue();
    assertThat(save.ahead()).isZero();
  }

  @Test
  void theSameSeedDrawsTheSame() {
    PagePlaces places = new PagePlaces(7, REGION, SMALLEST, LARGEST);
    KvCachePlanner planner = new KvCachePlanner(places, 64, 8, 2);
    assertThat(plans(planner, 19, 50)).isEqualTo(plans(planner, 19, 50));
    assertThat(plans(planner, 19, 50)).isNotEqualTo(plans(planner, 20, 50));
  }
}
