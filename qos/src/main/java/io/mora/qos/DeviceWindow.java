package io.mora.qos;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How much classes 1 to 4 may have in one device at a time, over all shards.
 *
 * <p>Delay-driven: it grows while latency-class I/O takes no longer in the device than it should,
 * shrinks when it does, and is wide open when none was seen for a while. Shards that have such work
 * get equal parts of it.
 *
 * <p>Lines learn their costs each for itself, and learn them anew; so what they share is counted in
 * I/Os of a reference size and not in nanoseconds.
 *
 * <p>Assumes: every line on the device joined, and all use one clock. Guarantees: any thread reads
 * and adjusts; the limit is one number, changed by compare-and-set. Progress: lock-free. Lines
 * touch it at the end of their epochs and once a millisecond, not for each I/O.
 */
public final class DeviceWindow {
  /** One I/O of {@link CostModel#referenceNs}, as limits and rates count it. */
  static final int REFERENCE = 1000;

  /** Lines, and so shards, one window serves. */
  public static final int MEMBERS_MAX = 256;

  /** A member counts among those that share the window for so long after it was last busy. */
  static final long MEMBER_IDLE_NS = 10_000_000;

  /** One decrease answers what was seen within so long: what came earlier saw the old limit. */
  static final long DECREASE_REST_NS = 2_000_000;

  private static final int DECREASE_NUMERATOR = 3;
  private static final int DECREASE_DENOMINATOR = 4;

  /** What a member did counts for so long. */
  static final long RATE_LIFE_NS = 1_000_000_000;

  /** The limit ends at so many times what keeps the device busy. */
  private static final int CEILING_KNEES = 4;

  /** And the floor at so many pieces: 4 MiB of 64 KiB keep any one device busy. */
  private static final int FLOOR_PIECES_MAX = 64;

  /**
   * What was seen to be done counts for so much more than was ever seen: a lucky span is no rule.
   */
  private static final int MOST_RISE_PARTS = 4;

  private static final int FLOOR_PARTS = 4;
  private static final int FLOOR_FALL_PIECES = 2;
  private static final int FLOOR_FALL_PARTS = 5;
  private static final int RISE_PARTS = 12;
  private static final int GAIN_PARTS = 20;
  private static final int SURPLUS_PERCENT = 1;
  private static final int MOST_DECAY = 16;
  private static final int MORE_PARTS = 10;

  private static final int START_PIECES = 8;
  private static final int PERCENT = 100;
  private static final double SECOND_NS = 1e9;
  private static final long NEVER = Long.MIN_VALUE / 2;

  private final long fixedCost;
  private final AtomicLong limit = new AtomicLong();
  private final AtomicLong decreasedNs = new AtomicLong(NEVER);
  private final AtomicLongArray busyNs = new AtomicLongArray(MEMBERS_MAX);
  private final AtomicLongArray rates = new AtomicLongArray(MEMBERS_MAX);
  private final AtomicLongArray rateNs = new AtomicLongArray(MEMBERS_MAX);
  private final AtomicLong most = new AtomicLong();
  private final AtomicLong floor = new AtomicLong(1);
  private volatile long triedFloor;
  private volatile long triedSum;
  private volatile WindowPolicy policy;
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

  /**
   * What is allowed in flight now over all shards, in thousandths of the {@link
   * CostModel#referenceNs} I/O; {@link Long#MAX_VALUE}: wide open, or fixed.
   */
  public long limit(long nowNs) {
    WindowPolicy now = policy;
    if (!now.drivenByDelay() || nowNs - latencyNs > now.idleNs()) {
      return Long.MAX_VALUE;
    }
    long current = limit.get();
    return current == 0 ? Long.MAX_VALUE : Math.max(current, floor.get());
  }

  /** Cost each line may have in flight, whatever happens; {@link Long#MAX_VALUE}: no such limit. */
  long fixedCost() {
    return fixedCost;
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
    rates.set(member, 0);
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
    return Math.max(1, busyMembers(nowNs));
  }

  /** Whether there is anything whose limit could make a difference. */
  boolean contended(long nowNs) {
    return busyMembers(nowNs) > 0;
  }

  private int busyMembers(long nowNs) {
    int count = 0;
    for (int i = 0; i < MEMBERS_MAX; i++) {
      long at = busyNs.get(i);
      if (at != Long.MIN_VALUE && nowNs - at <= MEMBER_IDLE_NS) {
        count++;
      }
    }
    return count;
  }

  /*
   * What a small window costs is judged by what the device does in a second, over all members and
   * classes, beside the most that was ever seen. Is that less than the policy wants kept, the limit
   * does not fall below what it is, and rises; where a quarter more of it brings next to nothing, the
   * most that was seen is not true any more. Is it more, the limit may fall further.
   */

  /**
   * A member tells what it did.
   *
   * @param perSecond thousandths of a reference I/O
   * @param open there was always something waiting, and the window let all of it through
   * @return whether the device never did as much
   */
  boolean did(int member, long perSecond, boolean open, long nowNs) {
    rates.lazySet(member, perSecond);
    rateNs.lazySet(member, nowNs);
    long sum = sum(nowNs);
    long before = most.get();
    if (sum > before) {
      most.compareAndSet(before, before == 0 ? sum : before + (sum - before) / MOST_RISE_PARTS);
    } else if (open) {
      most.compareAndSet(before, before - (before - sum) / MOST_DECAY);
    }
    return sum > before + before / MORE_PARTS;
  }

  /**
   * The window held something back: is it worth what it costs?
   *
   * @param piece thousandths of a reference I/O that one of classes 1 to 4 costs
   */
  void weigh(long piece, long nowNs) {
    long sum = sum(nowNs);
    long seen = most.get();
    long wanted = seen * policy.floorPercent() / PERCENT;
    long before = floor.get();
    if (sum >= wanted + seen * SURPLUS_PERCENT / PERCENT) {
      long step = Math.max(piece / FLOOR_FALL_PIECES, before / FLOOR_FALL_PARTS);
      floor.compareAndSet(before, Math.max(piece, before - step));
    } else if (sum < wanted) {
      raise(before, piece, sum);
    }
  }

  private void raise(long before, long piece, long sum) {
    long highest = FLOOR_PIECES_MAX * piece;
    long current = Math.min(highest, limit.get());
    if (before < current) {
      floor.compareAndSet(before, current);
      triedFloor = current;
      triedSum = sum;
    } else if (before < triedFloor + Math.max(2 * piece, triedFloor / FLOOR_PARTS)) {
      long step = Math.max(piece / 2, before / RISE_PARTS);
      floor.compareAndSet(before, Math.min(Math.max(before, highest), before + step));
    } else {
      if (sum < triedSum + triedSum / GAIN_PARTS) {
        most.set(sum + (most.get() - sum) / 2);
      }
      triedFloor = before;
      triedSum = sum;
    }
  }

  /** What the device does in a second now, for all members. */
  private long sum(long nowNs) {
    long sum = 0;
    for (int i = 0; i < MEMBERS_MAX; i++) {
      long rate = rates.get(i);
      if (rate > 0 && nowNs - rateNs.get(i) <= RATE_LIFE_NS) {
        sum += rate;
      }
    }
    return sum;
  }

  /** What should just keep the device busy: a piece for each place that was seen to be taken. */
  private long knee(long piece, long referenceNs) {
    double places = (double) most.get() / REFERENCE * referenceNs / SECOND_NS;
    return Math.max(piece, (long) (places * piece));
  }

  /** Latency-class I/O is late: less of the rest. */
  void decrease(long piece, long nowNs) {
    long before = decreasedNs.get();
    if (most.get() == 0
        || nowNs - before < DECREASE_REST_NS
        || !decreasedNs.compareAndSet(before, nowNs)) {
      return;
    }
    long least = Math.max(piece, floor.get());
    change(value -> Math.max(least, value / DECREASE_DENOMINATOR * DECREASE_NUMERATOR), piece);
  }

  /** Whether the limit is about as low as it goes. */
  boolean low(long nowNs) {
    long current = limit(nowNs);
    return current != Long.MAX_VALUE && current / 2 <= floor.get();
  }

  /** Latency-class I/O is in time although the rest was held back: one piece more of it. */
  void increase(long piece, long referenceNs) {
    long ceiling = Math.max(START_PIECES * piece, CEILING_KNEES * knee(piece, referenceNs));
    change(value -> Math.min(ceiling, value + piece), piece);
  }

  /**
   * There is something to limit. A window that never was limited stays open until a latency class
   * is active and it was seen how much the device can do: for one span of work, once in its life.
   */
  void begin(long piece, long nowNs) {
    if (limit.get() == 0 && most.get() > 0 && nowNs - latencyNs <= policy.idleNs()) {
      floor.compareAndSet(1, START_PIECES / 2 * piece);
      limit.compareAndSet(0, START_PIECES * piece);
    }
  }

  private void change(LongChange by, long piece) {
    while (true) {
      long before = limit.get();
      long from = before == 0 ? START_PIECES * piece : before;
      if (limit.compareAndSet(before, by.of(from))) {
        return;
      }
    }
  }

  @Override
  public String toString() {
    return "limit " + limit + ", floor " + floor + ", most " + most + " a second";
  }

  /** New limit from old. */
  private interface LongChange {
    long of(long value);
  }
}
