package io.mora.cli.workload;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What is to be done at a time; any thread adds, one takes. */
final class Timers {
  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private long added;

  private record Entry(long dueNs, long number, Runnable what) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      long byTime = dueNs - other.dueNs;
      return byTime != 0 ? Long.signum(byTime) : Long.compare(number, other.number);
    }
  }

  /** True if this is now what is due first. */
  synchronized boolean add(long dueNs, Runnable what) {
    Entry entry = new Entry(dueNs, added++, what);
    entries.add(entry);
    return entries.peek() == entry;
  }

  /** The next that is due, or null. */
  synchronized @Nullable Runnable poll(long nowNs) {
    Entry first = entries.peek();
    if (first == null || first.dueNs - nowNs > 0) {
      return null;
    }
    entries.remove();
    return first.what;
  }

  /** How long until something is due, at most this. */
  synchronized long waitNs(long nowNs, long mostNs) {
    Entry first = entries.peek();
    return first == null ? mostNs : Math.min(mostNs, first.dueNs - nowNs);
  }
}
