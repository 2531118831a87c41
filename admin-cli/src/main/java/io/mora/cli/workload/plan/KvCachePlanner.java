package io.mora.cli.workload.plan;

import io.mora.cli.load.Dice;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns of chats whose key-value cache lies on storage. A session is chosen by its popularity; it
 * has a prefix, which it shares with others (a system prompt, a document), and pages of its own. Of
 * each layer a turn needs a page of both; a third is a guess at what the next turn needs, read
 * ahead with little confidence and needed as seldom.
 */
public final class KvCachePlanner implements Planner {
  /** Prefixes; sixteen sessions share one in the mean. */
  static final int SESSIONS_A_PREFIX = 16;

  /** How often a guess is right, and how sure the service says it is. */
  static final int GUESS_PERCENT = 30;

  private static final double POPULARITY = 0.99;
  private static final long PREFIX = 1L << 40;

  private final PagePlaces places;
  private final Zipf sessions;
  private final int prefixes;
  private final int layers;
  private final int ahead;

  public KvCachePlanner(PagePlaces places, int sessions, int layers, int ahead) {
    this.places = places;
    this.sessions = new Zipf(sessions, POPULARITY);
    this.prefixes = Math.max(1, sessions / SESSIONS_A_PREFIX);
    this.layers = layers;
    this.ahead = ahead;
  }

  @Override
  public Plan next(Dice dice) {
    long session = sessions.rank(dice);
    long prefix = PREFIX + Math.floorMod(Dice.mix(session), (long) prefixes);
    List<List<Page>> all = new ArrayList<>(layers);
    for (int layer = 0; layer < layers; layer++) {
      List<Page> pages = new ArrayList<>(3);
      pages.add(places.page(PagePlaces.part(prefix, layer)));
      pages.add(places.page(PagePlaces.part(session, layer)));
      if (layer > 0 && ahead > 0) {
        long guess = PagePlaces.part(session, (long) layers + layer);
        pages.add(places.perhaps(guess, dice.percent(GUESS_PERCENT), GUESS_PERCENT));
      }
      all.add(pages);
    }
    return new Plan(all, ahead, false);
  }
}
