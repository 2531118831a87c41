package io.mora.qos;

import org.jspecify.annotations.Nullable;

/**
 * What waits on one shard for one device, and what of it is there. Made by {@link
 * ClassScheduler#line}; the shard's thread only.
 */
public final class DeviceLine {
  /** Stages a line may have work in, in the order they are served over all lines. */
  static final int CRITICAL = 0;

  static final int LATENCY = 1;
  static final int BELOW = 2;
  static final int STAGES = 3;

  /**
   * Part of the places in flight that only latency classes may take, and what the others are owed:
   * one in so many.
   */
  static final int RESERVED_PARTS = 8;

  /** Most a guarantee saves up, in nanoseconds of device time. */
  static final long OWED_MAX = 100_000_000;

  private static final int PERCENT = 100;

  /** Index in each of the scheduler's rings; -1: not in it. */
  final int[] place = {-1, -1, -1};

  final ClassScheduler scheduler;
  private final SchedulerOptions options;
  private final CostModel model;
  private final LineWindow window;
  private final EdfQueue critical = new EdfQueue();
  private final EdfQueue latency = new EdfQueue();
  private final FairQueue below;
  private final int belowMax;

  private int inFlight;
  private int startsSinceAged;
  private @Nullable DeadlineForecast forecast;

  /** Device time classes 1 to 4 together, and class 1, are owed by what went before them. */
  private long owedBelow;

  private long owedBackground;

  DeviceLine(ClassScheduler scheduler, CostModel model, LineWindow window) {
    this.scheduler = scheduler;
    this.options = scheduler.options();
    this.model = model;
    this.window = window;
    below = new FairQueue(options.weights());
    belowMax = options.lineInFlightMax() - options.lineInFlightMax() / RESERVED_PARTS;
  }

  public CostModel model() {
    return model;
  }

  public DeviceWindow window() {
    return window.window();
  }

  /**
   * What reads that may be refused are judged by; nothing is counted before it is first asked for.
   */
  public DeadlineForecast forecast() {
    DeadlineForecast known = forecast;
    if (known == null) {
      known = new DeadlineForecast();
      forecast = known;
    }
    return known;
  }

  /** Entries waiting here. */
  public int queued() {
    return critical.size() + latency.size() + below.size();
  }

  /** Entries in the device. */
  public int inFlight() {
    return inFlight;
  }

  /** Cost of classes 1 to 4 in the device, nanoseconds. */
  public long inFlightCost() {
    return window.inFlightCost();
  }

  /**
   * Time for which the window held classes 1 to 4 back, nanoseconds: what its latency cost. What is
   * held at the moment is counted when it ends. Any thread.
   */
  public long heldNs() {
    return window.heldNs();
  }

  LineWindow lineWindow() {
    return window;
  }

  /** Queues an entry; tells in which stage. */
  int add(ScheduledIo io, long arrival, long nowNs) {
    io.costNs = model.costNs(io.writes, io.costBytes);
    io.tie = EdfQueue.tie(io.lane, io.stepCritical, arrival);
    io.rank = 0;
    if (IoClass.isLatency(io.lane)) {
      window.latencyQueued(nowNs);
      boolean first = io.lane == IoClass.CRITICAL;
      (first ? critical : latency).add(io);
      foresee(io, nowNs);
      return first ? CRITICAL : LATENCY;
    }
    below.add(io);
    return BELOW;
  }

  private void foresee(ScheduledIo io, long nowNs) {
    DeadlineForecast known = forecast;
    io.foreseen = known != null;
    if (known != null) {
      known.queued(io.costNs, nowNs);
    }
  }

  void cancel(ScheduledIo io, long nowNs) {
    if (!IoClass.isLatency(io.lane)) {
      below.remove(io);
      belowChanged(nowNs);
    } else {
      (io.lane == IoClass.CRITICAL ? critical : latency).remove(io);
      DeadlineForecast known = forecast;
      if (io.foreseen && known != null) {
        known.cancelled(io.costNs, nowNs);
      }
    }
  }

  boolean hasWork(int stage) {
    return switch (stage) {
      case CRITICAL -> critical.size() > 0;
      case LATENCY -> latency.size() > 0;
      default -> below.size() > 0;
    };
  }

  /** The entry of classes 1 to 4 that waits longest, or null. */
  @Nullable ScheduledIo oldest() {
    return below.oldest();
  }

  /**
   * Starts one entry of a stage, or instead one of classes 1 to 4 that is owed its time.
   *
   * @param belowAllowed the scheduler has room for classes 1 to 4
   * @return null when nothing may start now
   */
  @Nullable ScheduledIo start(int stage, boolean belowAllowed, long nowNs) {
    if (inFlight >= options.lineInFlightMax()) {
      return null;
    }
    if (stage == BELOW) {
      return belowAllowed ? startBelow(nowNs) : null;
    }
    if (owedBelow > 0 && below.size() > 0) {
      // Even out of the places of the latency classes: these may have taken all the others.
      ScheduledIo due = nextBelow(nowNs);
      if (due != null && owedBelow >= Math.min(due.costNs, OWED_MAX)) {
        return takeBelow(due, nowNs);
      }
    }
    EdfQueue queue = stage == CRITICAL ? critical : latency;
    ScheduledIo io = queue.first();
    if (io != null) {
      queue.remove(io);
      inFlight++;
      charge(io);
    }
    return io;
  }

  private @Nullable ScheduledIo startBelow(long nowNs) {
    ScheduledIo io = nextBelow(nowNs);
    if (io == null) {
      return null;
    }
    if (isExpired(io, nowNs)) {
      return takeBelow(io, nowNs);
    }
    boolean late = options.waiting().passesWindow() && isAged(io, nowNs);
    if (!late && (inFlight >= belowMax || !window.admits(io.costNs, nowNs))) {
      return null;
    }
    return takeBelow(io, nowNs);
  }

  private @Nullable ScheduledIo nextBelow(long nowNs) {
    ScheduledIo oldest = below.oldest();
    if (oldest == null) {
      return null;
    }
    if (startsSinceAged >= options.waiting().turns() - 1 && isAged(oldest, nowNs)) {
      return oldest;
    }
    ScheduledIo background = below.first(IoClass.BACKGROUND);
    if (background != null && owedBackground >= Math.min(background.costNs, OWED_MAX)) {
      return background;
    }
    return below.first();
  }

  private boolean isAged(ScheduledIo io, long nowNs) {
    return nowNs - io.submittedNs >= options.waiting().longestNs();
  }

  private static boolean isExpired(ScheduledIo io, long nowNs) {
    return io.expires && nowNs - io.deadlineNs > 0;
  }

  private ScheduledIo takeBelow(ScheduledIo io, long nowNs) {
    startsSinceAged = io == below.oldest() && isAged(io, nowNs) ? 0 : startsSinceAged + 1;
    io.expired = isExpired(io, nowNs);
    if (io.expired) {
      io.costNs = 0;
    }
    below.start(io, io.costNs);
    inFlight++;
    window.started(io.costNs);
    charge(io);
    belowChanged(nowNs);
    return io;
  }

  private void belowChanged(long nowNs) {
    if (below.size() == 0) {
      owedBelow = 0;
      window.nothingWaits(nowNs);
    }
    if (below.size(IoClass.BACKGROUND) == 0) {
      owedBackground = 0;
    }
  }

  /** Keeps the accounts of the guarantees. */
  private void charge(ScheduledIo io) {
    if (!IoClass.isLatency(io.lane)) {
      owedBelow = Math.max(0, owedBelow - io.costNs);
    } else if (below.size() > 0) {
      owedBelow = owed(owedBelow, io.costNs, options.minimumPercent());
    }
    if (io.lane == IoClass.BACKGROUND) {
      owedBackground = Math.max(0, owedBackground - io.costNs);
    } else if (below.size(IoClass.BACKGROUND) > 0) {
      owedBackground = owed(owedBackground, io.costNs, options.backgroundMinimumPercent());
    }
  }

  private static long owed(long before, long cost, int percent) {
    return Math.min(OWED_MAX, before + cost * percent / (PERCENT - percent));
  }

  /** An entry is back from the device. */
  void completed(ScheduledIo io, long nowNs) {
    inFlight--;
    boolean measured = !io.expired && !io.unmeasured && nowNs - io.startedNs > 0;
    if (measured) {
      model.observe(io.writes, io.costBytes, nowNs - io.startedNs, nowNs);
    }
    if (IoClass.isLatency(io.lane)) {
      DeadlineForecast known = forecast;
      if (io.foreseen && known != null) {
        known.done(io.costNs, measured, nowNs - io.submittedNs, nowNs);
      }
      window.latencyDone(io, measured, nowNs);
    } else {
      window.completed(io, nowNs);
    }
  }
}
