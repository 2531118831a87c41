package io.mora.target.controller.auth;

import io.mora.protocol.Nqn;
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

  /** Of one name from one {@link Origin}, likewise: a flood leaves room for others. */
  static final int PER_SOURCE_MAX = 32;

  private final Map<Place, Integer> byPlace = new HashMap<>();
  private final int ipv6PrefixBits;
  private int total;

  private record Place(Nqn host, Origin from) {}

  /**
   * @param ipv6PrefixBits as of {@link Origin#of}
   */
  OpenHandshakes(int ipv6PrefixBits) {
    this.ipv6PrefixBits = ipv6PrefixBits;
  }

  private Place place(BackOff.Source source) {
    return new Place(source.host(), Origin.of(source.address(), ipv6PrefixBits));
  }

  synchronized boolean begin(BackOff.Source source) {
    Place place = place(source);
    int open = byPlace.getOrDefault(place, 0);
    if (total >= TOTAL_MAX || open >= PER_SOURCE_MAX) {
      return false;
    }
    byPlace.put(place, open + 1);
    total++;
    return true;
  }

  synchronized void end(BackOff.Source source) {
    Place place = place(source);
    int open = byPlace.getOrDefault(place, 0);
    if (open > 1) {
      byPlace.put(place, open - 1);
    } else {
      byPlace.remove(place);
    }
    total--;
  }
}
