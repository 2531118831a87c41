package io.mora.qos;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How much cost classes 1 to 4 may have in one device at a time, over all shards.
 *
 * <p>Delay-driven: it grows while latency-class I/O takes no longer in the device than it should,
 * shrinks when it does, and is wide open when none was seen for a while. Shards that have such work
 * get equal parts of it.
 *
 * <p>Assumes: every line on the device joined, and all use one clock. Guarantees: any thread reads
 * and adjusts; the limit is one number, changed by compare-and-set. Progress: lock-free. Lines
 * touch it at the end of their epochs and once a millisecond, not for each I/O.
 */
public final class DeviceWindow {
  /** Lines, and so shards, one window serves. */
  public static final int MEMBERS_MAX = 128;

  /** A member counts among those that share the window for so long after it was last busy. */
  static final long MEMBER_IDLE_NS = 10_000_000;

  /** One decrease answers what was seen within so long: what came earlier saw the old limit. */
  static final long DECREASE_REST_NS = 2_000_000;

  private static final int DECREASE_NUMERATOR = 3;
  private static final int DECREASE_DENOMINATOR = 4;

  /** The limit starts and ends at so many times what keeps the device busy. */
  private static final int CEILING_KNEES = 4;

  private static final int START_PIECES = 8;
  private static final int PERCENT = 100;
  private static final int PERMILLE = 1000;
  private static final long NEVER = Long.MIN_VALUE / 2;

  private final long fixedCost;
  private final AtomicLong limit = new AtomicLong();
  private final AtomicLong decreasedNs = new AtomicLong(NEVER);
  private final AtomicLongArray busyNs = new AtomicLongArray(MEMBERS_MAX);
  private final AtomicLongArray places = new AtomicLongArray(MEMBERS_MAX);
  private volatile WindowPolicy policy;
  private volatile boolean known;
  private volatile long latencyNs = NEVER;

  private DeviceWindow(WindowPolicy policy, long fixedCost) {
    if (fixedCost < 1) {
      throw new IllegalArgumentException("cost " + fixedCost + ": at least 1");
    }
    this.policy = policy;
    this.fixedCost = fixedCost;
    for (int i = 0; i < MEMBERS_MAX; i++) {
      busyNs.set(i, Long.MIN_VALUE);
    }
  }

  /** A window by policy; one for each device, shared by its lines on every shard. */
  public static DeviceWindow of(WindowPolicy policy) {
    return new DeviceWindow(policy, Long.MAX_VALUE);
  }

  /** A window that never changes: this much cost in flight on each shard. */
  public static DeviceWindow fixed(long cost) {
    return new DeviceWindow(WindowPolicy.OPEN, cost);
  }

  /** Another policy from now on; any thread. */
  public void apply(WindowPolicy newPolicy) {
    policy = newPolicy;
  }

  public WindowPolicy policy() {
    return policy;
  }

  /** Cost allowed in flight now over all shards; {@link Long#MAX_VALUE}: wide open. */
  public long limit(long nowNs) {
    if (fixedCost != Long.MAX_VALUE) {
      return fixedCost;
    }
    WindowPolicy now = policy;
    if (!now.drivenByDelay() || nowNs - latencyNs > now.idleNs()) {
      return Long.MAX_VALUE;
    }
    long current = limit.get();
    return current == 0 ? Long.MAX_VALUE : current;
  }

  boolean isFixed() {
    return fixedCost != Long.MAX_VALUE;
  }

  /**
   * A number for a line that is new.
   *
   * @throws IllegalStateException when {@link #MEMBERS_MAX} have joined
   */
  int join(long nowNs) {
    for (int i = 0; i < MEMBERS_MAX; i++) {
      if (busyNs.compareAndSet(i, Long.MIN_VALUE, nowNs - 2 * MEMBER_IDLE_NS)) {
        return i;
      }
    }
    throw new IllegalStateException("a device window serves " + MEMBERS_MAX + " lines at most");
  }

  void leave(int member) {
    places.set(member, 0);
    busyNs.set(member, Long.MIN_VALUE);
  }

  /** A latency-class entry was queued somewhere. */
  void latencyActive(long nowNs) {
    latencyNs = nowNs;
  }

  /** A member has work of classes 1 to 4. */
  void busy(int member, long nowNs) {
    busyNs.lazySet(member, nowNs);
  }

  /** Members that share the window now, at least 1. */
  int sharers(long nowNs) {
    int count = 0;
    for (int i = 0; i < MEMBERS_MAX; i++) {
      long at = busyNs.get(i);
      if (at != Long.MIN_VALUE && nowNs - at <= MEMBER_IDLE_NS) {
        count++;
      }
    }
    return Math.max(1, count);
  }

  /** A member tells how many places of the device it was seen to keep busy, in thousandths. */
  void places(int member, long permille) {
    places.lazySet(member, permille);
    known = true;
  }

  /** Cost in flight that keeps the device just busy with pieces of this cost. */
  long knee(long pieceCost) {
    long permille = 0;
    for (int i = 0; i < MEMBERS_MAX; i++) {
      permille += places.get(i);
    }
    return Math.max(pieceCost, permille * pieceCost / PERMILLE);
  }

  /** Latency-class I/O is late: less of the rest. */
  void decrease(long pieceCost, long nowNs) {
    long before = decreasedNs.get();
    if (!known || nowNs - before < DECREASE_REST_NS || !decreasedNs.compareAndSet(before, nowNs)) {
      return;
    }
    long floor = floor(pieceCost);
    change(value -> Math.max(floor, value / DECREASE_DENOMINATOR * DECREASE_NUMERATOR), pieceCost);
  }

  /** The least the policy allows, to the nearest piece. */
  long floor(long pieceCost) {
    return Math.max(pieceCost, knee(pieceCost) * policy.floorPercent() / PERCENT + pieceCost / 2);
  }

  /** Latency-class I/O is in time although the rest was held back: one piece more of it. */
  void increase(long pieceCost) {
    long ceiling = Math.max(START_PIECES * pieceCost, CEILING_KNEES * knee(pieceCost));
    change(value -> Math.min(ceiling, value + pieceCost), pieceCost);
  }

  /**
   * A latency class is active. A window that never was limited stays open until it was seen how
   * much the device can do: for one span of work, once in its life.
   */
  void begin(long pieceCost) {
    if (known && limit.get() == 0) {
      limit.compareAndSet(0, start(pieceCost));
    }
  }

  private long start(long pieceCost) {
    return Math.max(START_PIECES * pieceCost, 2 * knee(pieceCost));
  }

  private void change(LongChange by, long pieceCost) {
    while (true) {
      long before = limit.get();
      long from = before == 0 ? start(pieceCost) : before;
      if (limit.compareAndSet(before, by.of(from))) {
        return;
      }
    }
  }

  /** New limit from old. */
  private interface LongChange {
    long of(long value);
  }
}
