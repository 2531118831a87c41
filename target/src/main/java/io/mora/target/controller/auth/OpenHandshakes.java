package io.mora.target.controller.auth;

import java.util.HashMap;
import java.util.Map;

/**
 * How many hosts are proving themselves on an admin queue. Any thread; the lock is held for a
 * look-up, at Connect and when the proof is there or is not to come.
 *
 * <p>I/O queues are not counted: only a host that has proved itself has a controller that takes
 * them, and that grants no more than it may have.
 */
final class OpenHandshakes {
  /** Of all hosts; one more Connect is answered "busy", which a host repeats. */
  static final int TOTAL_MAX = 256;

  /** Of one name from one address, likewise: a flood leaves room for others. */
  static final int PER_SOURCE_MAX = 32;

  private final Map<BackOff.Source, Integer> bySource = new HashMap<>();
  private int total;

  synchronized boolean begin(BackOff.Source source) {
    int open = bySource.getOrDefault(source, 0);
    if (total >= TOTAL_MAX || open >= PER_SOURCE_MAX) {
      return false;
    }
    bySource.put(source, open + 1);
    total++;
    return true;
  }

  synchronized void end(BackOff.Source source) {
    int open = bySource.getOrDefault(source, 0);
    if (open > 1) {
      bySource.put(source, open - 1);
    } else {
      bySource.remove(source);
    }
    total--;
  }
}
