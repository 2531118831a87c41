package io.mora.target.backend.delay;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Until when each server of a device is taken, and what they share.
 *
 * <p>Assumes nothing of the threads that call. Guarantees that a server's time is given out once,
 * and that what is shared is never given out faster than it is. Progress: lock-free; who loses a
 * race looks again.
 */
final class Occupancy {
  /*
   * Starts and ends are known when an operation arrives, because those before it are. So nothing
   * needs to happen when a server falls free, and shards never wake each other.
   *
   * What is shared is given out in order of arrival and at once: an operation that waits for a
   * server has its bytes moved meanwhile. That is a bound (no more bytes than the bandwidth has),
   * not a bus cycle by cycle.
   */
  private final AtomicLongArray freeFromNs;
  private final AtomicLong sharedFromNs;

  /**
   * @param nowNs {@link System#nanoTime}; everything is free from then on
   */
  Occupancy(int servers, long nowNs) {
    freeFromNs = new AtomicLongArray(servers);
    for (int i = 0; i < servers; i++) {
      freeFromNs.setPlain(i, nowNs);
    }
    sharedFromNs = new AtomicLong(nowNs);
  }

  /**
   * Takes the server that is free first.
   *
   * @param serverNs how long a server is needed
   * @param sharedNs how long what is shared is needed
   * @return when the operation ends
   */
  long take(long nowNs, long serverNs, long sharedNs) {
    long movedNs = sharedNs == 0 ? nowNs : takeShared(nowNs, sharedNs);
    while (true) {
      int server = firstFree(nowNs);
      long fromNs = freeFromNs.get(server);
      long endNs = later(later(fromNs, nowNs) + serverNs, movedNs);
      if (freeFromNs.compareAndSet(server, fromNs, endNs)) {
        return endNs;
      }
    }
  }

  private long takeShared(long nowNs, long sharedNs) {
    while (true) {
      long fromNs = sharedFromNs.get();
      long endNs = later(fromNs, nowNs) + sharedNs;
      if (sharedFromNs.compareAndSet(fromNs, endNs)) {
        return endNs;
      }
    }
  }

  private int firstFree(long nowNs) {
    int first = 0;
    long firstNs = freeFromNs.get(0);
    for (int i = 1; i < freeFromNs.length() && firstNs - nowNs > 0; i++) {
      long fromNs = freeFromNs.get(i);
      if (fromNs - firstNs < 0) {
        first = i;
        firstNs = fromNs;
      }
    }
    return first;
  }

  private static long later(long oneNs, long otherNs) {
    return oneNs - otherNs > 0 ? oneNs : otherNs;
  }
}
