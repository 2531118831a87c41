package io.mora.cli.workload.plan;

import io.mora.cli.load.Dice;
import java.util.ArrayList;
import java.util.List;

/**
 * Questions to an index of embeddings: a few look-ups at once, by popularity, each of which tells
 * what is to be read next. Nothing can be read ahead.
 */
public final class RagPlanner implements Planner {
  private static final int ENTRIES = 1 << 16;
  private static final double POPULARITY = 0.99;

  private final PagePlaces places;
  private final Zipf entries = new Zipf(ENTRIES, POPULARITY);
  private final int lookups;
  private final int hops;

  /**
   * @param lookups that a question makes at once
   * @param hops reads one after the other of each look-up, the first included
   */
  public RagPlanner(PagePlaces places, int lookups, int hops) {
    this.places = places;
    this.lookups = lookups;
    this.hops = hops;
  }

  @Override
  public Plan next(Dice dice) {
    long[] names = new long[lookups];
    for (int i = 0; i < lookups; i++) {
      names[i] = entries.rank(dice);
    }
    List<List<Page>> all = new ArrayList<>(hops);
    for (int hop = 0; hop < hops; hop++) {
      List<Page> pages = new ArrayList<>(lookups);
      for (int i = 0; i < lookups; i++) {
        pages.add(places.page(names[i]));
        names[i] = PagePlaces.part(names[i], hop);
      }
      all.add(pages);
    }
    return new Plan(all, 0, false);
  }
}
