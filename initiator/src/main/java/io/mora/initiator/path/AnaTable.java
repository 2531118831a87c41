package io.mora.initiator.path;

import io.mora.protocol.data.log.AnaLogPage;
import io.mora.protocol.status.Status;
import java.util.HashMap;
import java.util.Map;

/**
 * How well one controller reaches its namespaces, by its ANA log and by what it answered since it
 * was read. Not for several threads; told the time.
 */
final class AnaTable {
  private static final Entry UNTOLD = new Entry(AnaLogPage.OPTIMIZED, 0);

  private final Map<Integer, Entry> byNsid = new HashMap<>();

  /** A state, and since when. */
  private record Entry(int state, long sinceNs) {
    boolean serves() {
      return state == AnaLogPage.OPTIMIZED || state == AnaLogPage.NON_OPTIMIZED;
    }

    boolean passes() {
      return state == AnaLogPage.CHANGE || state == AnaLogPage.INACCESSIBLE;
    }
  }

  /** The log was read; a state that stays keeps its time. */
  void read(AnaLogPage log, long nowNs) {
    Map<Integer, Entry> before = new HashMap<>(byNsid);
    byNsid.clear();
    for (AnaLogPage.Group group : log.groups()) {
      for (Integer nsid : group.nsids()) {
        Entry known = before.get(nsid);
        boolean same = known != null && known.state == group.state();
        byNsid.put(nsid, same ? known : new Entry(group.state(), nowNs));
      }
    }
  }

  /** A command was answered with a path-related status: so it is until the log is read again. */
  void answered(int nsid, int status, long nowNs) {
    int state =
        switch (Status.code(status)) {
          case Status.ANA_PERSISTENT_LOSS -> AnaLogPage.PERSISTENT_LOSS;
          case Status.ANA_TRANSITION -> AnaLogPage.CHANGE;
          default -> AnaLogPage.INACCESSIBLE;
        };
    Entry known = byNsid.get(nsid);
    if (known == null || known.state != state) {
      byNsid.put(nsid, new Entry(state, nowNs));
    }
  }

  /** A namespace that no group names is reached as if there were no ANA. */
  private Entry of(int nsid) {
    return byNsid.getOrDefault(nsid, UNTOLD);
  }

  int state(int nsid) {
    return of(nsid).state;
  }

  boolean isOptimized(int nsid) {
    return of(nsid).state == AnaLogPage.OPTIMIZED;
  }

  boolean serves(int nsid) {
    return of(nsid).serves();
  }

  /** Some namespace is not served now and may be soon: worth asking again. */
  boolean isPassing() {
    return byNsid.values().stream().anyMatch(Entry::passes);
  }

  /**
   * When the transition of a namespace must be over.
   *
   * @param transitionNs ANATT
   * @return nowNs if it is in none, or it has taken longer than it may
   */
  long changedByNs(int nsid, long transitionNs, long nowNs) {
    Entry entry = of(nsid);
    long byNs = entry.sinceNs + transitionNs;
    return entry.passes() && byNs - nowNs > 0 ? byNs : nowNs;
  }

  void forget() {
    byNsid.clear();
  }

  /** The word for a state. */
  static String word(int state) {
    return switch (state) {
      case AnaLogPage.OPTIMIZED -> "optimized";
      case AnaLogPage.NON_OPTIMIZED -> "non-optimized";
      case AnaLogPage.INACCESSIBLE -> "inaccessible";
      case AnaLogPage.PERSISTENT_LOSS -> "persistent-loss";
      case AnaLogPage.CHANGE -> "change";
      default -> "state " + state;
    };
  }
}
