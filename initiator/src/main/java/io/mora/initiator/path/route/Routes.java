package io.mora.initiator.path.route;

import io.mora.initiator.path.select.PathLoad;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ways to a namespace that serve it now; immutable, replaced whole. */
public final class Routes {
  public static final Routes NONE = new Routes(List.of(), List.of());

  private final Route[] best;
  private final PathLoad[] loads;
  private final Route[] all;

  /**
   * @param optimized ways that are taken first
   * @param others that are taken where there is none of those, and by hedges
   */
  public Routes(List<Route> optimized, List<Route> others) {
    List<Route> first = optimized.isEmpty() ? others : optimized;
    best = first.toArray(new Route[0]);
    loads = first.stream().map(route -> route.path().load()).toArray(PathLoad[]::new);
    all = new Route[optimized.size() + others.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i < optimized.size() ? optimized.get(i) : others.get(i - optimized.size());
    }
  }

  public int count() {
    return best.length;
  }

  public PathLoad[] loads() {
    return loads;
  }

  public Route at(int index) {
    return best[index];
  }

  /** Whether there are two. */
  public boolean hasOther() {
    return all.length > 1;
  }

  public boolean serves(PathControl path) {
    for (Route route : best) {
      if (route.path() == path) {
        return true;
      }
    }
    return false;
  }

  /** The way that is likely to be quickest beside one, or null. */
  public @Nullable Route other(Route than, int latencyClass, long nowNs) {
    Route found = null;
    for (Route route : all) {
      boolean same = route.path() == than.path();
      if (!same
          && (found == null
              || estimateNs(route, latencyClass, nowNs) < estimateNs(found, latencyClass, nowNs))) {
        found = route;
      }
    }
    return found;
  }

  private static long estimateNs(Route route, int latencyClass, long nowNs) {
    return route.path().load().estimateNs(latencyClass, nowNs);
  }
}
