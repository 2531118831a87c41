package io.mora.target.controller.auth;

import io.mora.protocol.Nqn;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long those whose proof was wrong have to wait. Counts by host name and address: who claims
 * another's name from elsewhere does not lock out its owner.
 *
 * <p>Any thread; the lock is held for a look-up, at Connect and when a transaction ends.
 */
public final class BackOff {
  /** Failures in a row that cost nothing: a typing error, a key that is just being changed. */
  static final int FREE = 4;

  /** The first wait; each failure more doubles it. */
  static final long FIRST_NS = 1_000_000_000L;

  /** The longest wait: an operator who has put the key right does not wait longer than this. */
  static final long LONGEST_NS = 60_000_000_000L;

  /** Doubling the first wait this often is more than the longest. */
  private static final int DOUBLED_MAX = 6;

  /** Failures are forgotten this long after the last. */
  static final long MEMORY_NS = 600_000_000_000L;

  /** Most that are remembered; the one that is known longest is forgotten for one more. */
  static final int SOURCES_MAX = 4096;

  private final Map<Source, Entry> entries = new LinkedHashMap<>();

  /** Who, as far as it is known before the proof. */
  public record Source(Nqn host, InetAddress address) {}

  private record Entry(int failures, long lastNs) {
    long waitNs() {
      if (failures < FREE) {
        return 0;
      }
      int doubled = Math.min(failures - FREE, DOUBLED_MAX);
      return Math.min(LONGEST_NS, FIRST_NS << doubled);
    }
  }

  /** Whether it has to wait still. */
  synchronized boolean holds(Source source, long nowNs) {
    Entry entry = entries.get(source);
    if (entry == null) {
      return false;
    }
    if (nowNs - entry.lastNs > MEMORY_NS) {
      entries.remove(source);
      return false;
    }
    return nowNs - entry.lastNs < entry.waitNs();
  }

  synchronized void failed(Source source, long nowNs) {
    Entry before = entries.get(source);
    if (before == null && entries.size() >= SOURCES_MAX) {
      entries.remove(entries.keySet().iterator().next());
    }
    entries.put(source, new Entry(before == null ? 1 : before.failures + 1, nowNs));
  }

  synchronized void succeeded(Source source) {
    entries.remove(source);
  }
}
