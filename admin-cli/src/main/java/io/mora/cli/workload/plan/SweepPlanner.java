package io.mora.cli.workload.plan;

import io.mora.cli.load.Dice;
import java.util.ArrayList;
import java.util.List;

/** Models that are loaded, or checkpoints that are written: from begin to end, in large pages. */
public final class SweepPlanner implements Planner {
  /** Pages of a layer. */
  static final int PAGES = 4;

  private final long regionBytes;
  private final int pageBytes;
  private final int layers;
  private final int ahead;
  private final boolean writes;

  /**
   * @param pageBytes of which the region has one at least
   * @param ahead layers read ahead; of no meaning to writes
   */
  public SweepPlanner(long regionBytes, int pageBytes, int layers, int ahead, boolean writes) {
    this.regionBytes = regionBytes;
    this.pageBytes = pageBytes;
    this.layers = layers;
    this.ahead = ahead;
    this.writes = writes;
  }

  @Override
  public Plan next(Dice dice) {
    long pages = regionBytes / pageBytes;
    long first = dice.below(pages);
    List<List<Page>> all = new ArrayList<>(layers);
    for (int layer = 0; layer < layers; layer++) {
      List<Page> some = new ArrayList<>(PAGES);
      for (int i = 0; i < PAGES; i++) {
        long page = (first + (long) layer * PAGES + i) % pages;
        some.add(Page.certain(page * pageBytes, pageBytes));
      }
      all.add(some);
    }
    return new Plan(all, writes ? 0 : ahead, writes);
  }
}
