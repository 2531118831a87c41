package io.mora.target.reservation;

import io.mora.protocol.data.log.ReservationNotification;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * What a controller has to tell its host about reservations, and what the host does not want to
 * hear. The subsystem's home shard only.
 */
public final class ReservationLog {
  /** Notifications that wait to be read; the oldest go first when there are more. */
  public static final int NOTIFICATIONS_MAX = 64;

  private final ArrayDeque<ReservationNotification> waiting = new ArrayDeque<>();
  private final Map<Integer, Integer> masks = new HashMap<>();
  private Runnable whenNew = () -> {};
  private long count;

  /** Sets what is run whenever there is something to read. */
  public void onNew(Runnable action) {
    whenNew = action;
  }

  /** Adds a notification, unless the host masked its type. */
  public void add(int nsid, int type) {
    if ((mask(nsid) >>> type & 1) != 0) {
      return;
    }
    if (waiting.size() == NOTIFICATIONS_MAX) {
      waiting.remove();
    }
    waiting.add(new ReservationNotification(++count, type, 0, nsid));
    whenNew.run();
  }

  /** The oldest one, and how many wait behind it. */
  public ReservationNotification oldest() {
    ReservationNotification first = waiting.peek();
    return first == null
        ? ReservationNotification.EMPTY
        : new ReservationNotification(
            first.count(), first.type(), waiting.size() - 1, first.nsid());
  }

  /** The oldest one was read. */
  public void read() {
    waiting.poll();
    if (!waiting.isEmpty()) {
      whenNew.run();
    }
  }

  /** Bits 1 to 3: types the host does not want to hear of. */
  public int mask(int nsid) {
    return masks.getOrDefault(nsid, 0);
  }

  public void mask(int nsid, int mask) {
    if (mask == 0) {
      masks.remove(nsid);
    } else {
      masks.put(nsid, mask);
    }
  }

  /** Controller reset. */
  public void reset() {
    waiting.clear();
    masks.clear();
  }
}
