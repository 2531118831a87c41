package io.mora.target.controller;

import io.mora.target.metrics.ClassSums;
import io.mora.target.metrics.QueueCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a controller's I/O queues have counted, those that are gone included. The home shard's
 * thread only; what is read of live queues may be a command old.
 */
public final class ClassLog {
  /** Scopes whose counting was begun anew; a further one takes the place of the oldest. */
  private static final int WINDOWS_MAX = 64;

  private final @Nullable QueueCounts[] queues;
  private final RegistrationTable registrations;

  /** By NSID; 0 is what was not counted for one namespace. */
  private final Map<Integer, ClassSums> retired = new HashMap<>();

  private final Map<Long, Window> windows = new LinkedHashMap<>();
  private final long createdMs = System.currentTimeMillis();

  /** Counting of a scope began anew: what there was then. */
  private record Window(long startMs, ClassSums before) {}

  /** A reading: sums since the window's start. */
  public record Reading(long startMs, ClassSums sums) {}

  ClassLog(int queueCount, RegistrationTable registrations) {
    this.registrations = registrations;
    this.queues = new QueueCounts[queueCount];
  }

  /** A queue is served; what an earlier one of its QID counted is kept. */
  public void add(QueueCounts counts) {
    QueueCounts before = queues[counts.qid()];
    if (before != null) {
      retire(before);
    }
    queues[counts.qid()] = counts;
  }

  private void retire(QueueCounts gone) {
    ClassSums rest = new ClassSums();
    gone.addTo(rest, 0);
    for (int nsid : gone.namespaces()) {
      ClassSums sums = new ClassSums();
      gone.addTo(sums, nsid);
      rest.subtract(sums);
      boolean room = retired.containsKey(nsid) || retired.size() <= QueueCounts.NAMESPACES_MAX;
      retired.computeIfAbsent(room ? nsid : 0, key -> new ClassSums()).add(sums);
    }
    retired.computeIfAbsent(0, key -> new ClassSums()).add(rest);
    int qid = gone.qid();
    windows.keySet().removeIf(scope -> scope >>> Integer.SIZE == qid);
  }

  /** True if a queue of this QID has been served. */
  public boolean has(int qid) {
    return qid < queues.length && queues[qid] != null;
  }

  /**
   * What was counted in a scope.
   *
   * @param qid 0 for all queues
   * @param nsid 0 for all namespaces
   * @param begins counting begins anew with this reading
   */
  public Reading read(int qid, int nsid, boolean begins) {
    ClassSums now = total(qid, nsid);
    long scope = (long) qid << Integer.SIZE | Integer.toUnsignedLong(nsid);
    Window window = windows.get(scope);
    ClassSums since = new ClassSums();
    since.add(now);
    if (window != null) {
      since.subtract(window.before);
    }
    if (begins) {
      windows.remove(scope);
      if (windows.size() == WINDOWS_MAX) {
        windows.remove(windows.keySet().iterator().next());
      }
      windows.put(scope, new Window(System.currentTimeMillis(), now));
    }
    return new Reading(window == null ? createdMs : window.startMs, since);
  }

  /** Everything that was counted in a scope, whatever was reset. */
  public ClassSums total(int qid, int nsid) {
    ClassSums sums = new ClassSums();
    for (QueueCounts queue : queues) {
      if (queue != null && (qid == 0 || queue.qid() == qid)) {
        queue.addTo(sums, nsid);
      }
    }
    if (qid == 0) {
      sums.add(rest(nsid));
    }
    return sums;
  }

  /** What no queue that is live, or was last, has counted of a namespace; 0 is all. */
  private ClassSums rest(int nsid) {
    ClassSums sums = new ClassSums();
    registrations.addTo(sums, nsid);
    retired.forEach(
        (key, gone) -> {
          if (nsid == 0 || key == nsid) {
            sums.add(gone);
          }
        });
    return sums;
  }

  /**
   * What adding up needs, so that it can be done on another thread: the counts of live queues,
   * which any thread may read, and copies of all else.
   */
  public View view() {
    Map<Integer, ClassSums> rest = new HashMap<>();
    ClassSums unnamed = rest(0);
    for (int nsid : namespaces()) {
      if (nsid != 0) {
        ClassSums named = rest(nsid);
        unnamed.subtract(named);
        rest.put(nsid, named);
      }
    }
    rest.put(0, rest(0));
    return new View(queues(), rest, unnamed);
  }

  /**
   * As {@link #view} has it; any thread.
   *
   * @param queues live ones, or those that were last
   * @param rest by NSID what is not counted there; 0 is all namespaces
   * @param unnamed what of that belongs to no one namespace
   */
  public record View(List<QueueCounts> queues, Map<Integer, ClassSums> rest, ClassSums unnamed) {
    /** Namespaces that were counted each for itself. */
    public Set<Integer> namespaces() {
      Set<Integer> nsids = new TreeSet<>(rest.keySet());
      nsids.remove(0);
      return nsids;
    }

    /**
     * What was not counted for one namespace. Not the difference of all and each: queues go on
     * counting between two readings, and it would fall, below nothing too.
     */
    public ClassSums others() {
      ClassSums sums = new ClassSums();
      sums.add(unnamed);
      queues.forEach(queue -> queue.addUnnamedTo(sums));
      return sums;
    }

    /** Everything that was counted of a namespace; 0 is all. */
    public ClassSums total(int nsid) {
      ClassSums sums = new ClassSums();
      queues.forEach(queue -> queue.addTo(sums, nsid));
      ClassSums more = rest.get(nsid);
      if (more != null) {
        sums.add(more);
      }
      return sums;
    }
  }

  /** Namespaces that were counted each for itself, ascending. */
  public Set<Integer> namespaces() {
    Set<Integer> nsids = new TreeSet<>(retired.keySet());
    for (QueueCounts queue : queues) {
      if (queue != null) {
        for (int nsid : queue.namespaces()) {
          nsids.add(nsid);
        }
      }
    }
    return nsids;
  }

  /** Queues there are or were last. */
  public List<QueueCounts> queues() {
    List<QueueCounts> list = new ArrayList<>();
    for (QueueCounts queue : queues) {
      if (queue != null) {
        list.add(queue);
      }
    }
    return list;
  }
}
