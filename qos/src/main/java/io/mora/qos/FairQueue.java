package io.mora.qos;

import io.mora.qos.host.HostShare;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Classes 1 to 4 of one line: weighted shares of the classes, inside each weighted shares of the
 * hosts, inside a host unflagged entries before readahead, prefetch by falling confidence, then
 * earliest deadline first.
 *
 * <p>Start-time fair queueing on both levels, in cost instead of bytes: who has the smallest tag
 * goes, and its tag rises by cost / weight. While two flows a, b both have work, what they got
 * differs by at most (largest cost of a) / weight a + (largest cost of b) / weight b, whatever the
 * speed of the device. Who was idle starts at the present: idleness saves nothing up.
 */
final class FairQueue {
  /**
   * Places for hosts in a class, a power of two. More hosts than that share places, and so a turn;
   * none is refused.
   */
  static final int HOSTS = 256;

  /** Classes handled here: 1 to this. */
  static final int LANES = IoClass.NORMAL;

  private static final int RANK_SPECULATIVE = 16;
  private static final int HOST_WEIGHT_DEFAULT = 100;

  private final Lane[] lanes = new Lane[LANES + 1];
  private int size;
  private long virtual;
  private @Nullable ScheduledIo oldest;
  private @Nullable ScheduledIo newest;

  FairQueue(SchedulerOptions.Weights weights) {
    for (int i = 0; i <= LANES; i++) {
      lanes[i] = new Lane(i, weights.of(i));
    }
  }

  int size() {
    return size;
  }

  int size(int lane) {
    return lanes[lane].size;
  }

  /** Whoever waits longest, or null. */
  @Nullable ScheduledIo oldest() {
    return oldest;
  }

  void add(ScheduledIo io) {
    Lane lane = lanes[io.lane];
    HostShare host = io.host;
    io.rank =
        (io.speculative ? RANK_SPECULATIVE : 0)
            + (io.lane == IoClass.PREFETCH ? IoClass.CONFIDENCE_MAX - confidence(io) : 0);
    HostFlow flow = lane.flow(host == null ? 0 : host.index());
    flow.weight = host == null ? HOST_WEIGHT_DEFAULT : host.weight();
    io.flow = flow;
    flow.queue.add(io);
    if (flow.at < 0) {
      flow.tag = Tags.activated(flow.tag, lane.virtual);
      lane.activate(flow);
    }
    if (lane.size++ == 0) {
      lane.tag = Tags.activated(lane.tag, virtual);
    }
    size++;
    ScheduledIo before = newest;
    io.older = before;
    io.newer = null;
    newest = io;
    if (before == null) {
      oldest = io;
    } else {
      before.newer = io;
    }
  }

  private static int confidence(ScheduledIo io) {
    return Math.max(0, Math.min(IoClass.CONFIDENCE_MAX, io.confidence));
  }

  /** The one whose turn it is, or null; stays queued. */
  @Nullable ScheduledIo first() {
    return next().first();
  }

  /** The one of a class whose turn it is, or null; stays queued. */
  @Nullable ScheduledIo first(int lane) {
    return lanes[lane].first();
  }

  /** Takes out an entry that starts: its host and its class have had their turn. */
  void start(ScheduledIo io, long cost) {
    HostFlow flow = flow(io);
    Lane lane = lanes[io.lane];
    // Entries are started out of turn too (age, guarantees): the present never goes back.
    virtual = Tags.later(virtual, next().tag);
    lane.virtual = Tags.later(lane.virtual, lane.flows[0].tag);
    lane.tag += Tags.step(cost, lane.weight);
    flow.tag += Tags.step(cost, flow.weight);
    unlink(io, flow, lane);
    if (flow.at >= 0) {
      lane.sift(flow);
    }
  }

  /** Takes out an entry that shall not start. */
  void remove(ScheduledIo io) {
    unlink(io, flow(io), lanes[io.lane]);
  }

  /** The class whose turn it is, the higher of equals; an empty one if all are. */
  private Lane next() {
    Lane best = lanes[0];
    for (int i = LANES; i > 0; i--) {
      Lane lane = lanes[i];
      if (lane.size > 0 && (best.size == 0 || lane.tag - best.tag < 0)) {
        best = lane;
      }
    }
    return best;
  }

  @SuppressWarnings("NullAway") // queued entries have one
  private static HostFlow flow(ScheduledIo io) {
    return io.flow;
  }

  private void unlink(ScheduledIo io, HostFlow flow, Lane lane) {
    flow.queue.remove(io);
    if (flow.queue.size() == 0) {
      lane.passivate(flow);
    }
    lane.size--;
    size--;
    ScheduledIo before = io.older;
    ScheduledIo after = io.newer;
    if (before == null) {
      oldest = after;
    } else {
      before.newer = after;
    }
    if (after == null) {
      newest = before;
    } else {
      after.older = before;
    }
    io.older = null;
    io.newer = null;
    io.flow = null;
  }

  /** Virtual time: cost divided by weight, on a scale that may wrap. */
  private static final class Tags {
    private static final long SCALE = 1024;

    /** No tag is honestly further ahead; one that looks so is ages old and has wrapped. */
    private static final long LEAD_MAX = 1L << 54;

    static long step(long cost, int weight) {
      return cost * SCALE / weight + 1;
    }

    static long later(long a, long b) {
      return a - b < 0 ? b : a;
    }

    static long activated(long tag, long now) {
      long lead = tag - now;
      return lead < 0 || lead > LEAD_MAX ? now : tag;
    }
  }

  /** One class: the hosts with work in a heap by tag. */
  private static final class Lane {
    private static final int START_LENGTH = 4;

    final int number;
    final int weight;
    final HostFlow[] hosts = new HostFlow[HOSTS];
    HostFlow[] flows = new HostFlow[START_LENGTH];
    int active;
    int size;
    long tag;
    long virtual;

    Lane(int number, int weight) {
      this.number = number;
      this.weight = weight;
    }

    @SuppressWarnings("NullAway") // filled when first needed
    HostFlow flow(int index) {
      int place = index & HOSTS - 1;
      HostFlow flow = hosts[place];
      if (flow == null) {
        flow = new HostFlow(number);
        hosts[place] = flow;
      }
      return flow;
    }

    @Nullable ScheduledIo first() {
      return size == 0 ? null : flows[0].queue.first();
    }

    void activate(HostFlow flow) {
      if (active == flows.length) {
        flows = Arrays.copyOf(flows, active * 2);
      }
      up(flow, active++);
    }

    void passivate(HostFlow flow) {
      int hole = flow.at;
      flow.at = -1;
      HostFlow last = flows[--active];
      if (hole < active) {
        last.at = hole;
        flows[hole] = last;
        sift(last);
      }
    }

    /** Puts a flow where its changed tag belongs. */
    void sift(HostFlow flow) {
      int at = flow.at;
      if (at > 0 && before(flow, flows[(at - 1) / 2])) {
        up(flow, at);
      } else {
        down(flow, at);
      }
    }

    private void up(HostFlow flow, int hole) {
      int at = hole;
      while (at > 0 && before(flow, flows[(at - 1) / 2])) {
        put(flows[(at - 1) / 2], at);
        at = (at - 1) / 2;
      }
      put(flow, at);
    }

    private void down(HostFlow flow, int hole) {
      int at = hole;
      while (2 * at + 1 < active) {
        int child = 2 * at + 1;
        if (child + 1 < active && before(flows[child + 1], flows[child])) {
          child++;
        }
        if (!before(flows[child], flow)) {
          break;
        }
        put(flows[child], at);
        at = child;
      }
      put(flow, at);
    }

    private void put(HostFlow flow, int index) {
      flows[index] = flow;
      flow.at = index;
    }

    private static boolean before(HostFlow a, HostFlow b) {
      return a.tag - b.tag < 0;
    }
  }
}
