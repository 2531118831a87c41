package io.mora.qos;

import org.jspecify.annotations.Nullable;

/**
 * Orders by class, deadline and share, for several devices (lines) that one shard drives.
 *
 * <p>On each line: critical entries by earliest deadline; then classes 6 and 5 together by earliest
 * deadline, the higher class and STEP first among equals; then classes 4 to 1 by weighted shares,
 * fair among hosts, inside the {@link DeviceWindow}. Classes 1 to 4 together, and class 1 alone,
 * have a guaranteed minimum against everything above. Over the lines: critical entries of all, then
 * 6 and 5 of all, then the rest of all, in turn.
 *
 * <p>Bounds: entries in flight by {@link SchedulerOptions}, an eighth of them for latency classes
 * only; queue lengths by the number of entries the owner has. Each operation is O(log n) in the
 * queue's length. Nothing is allocated once queues have had their greatest length.
 */
public final class ClassScheduler implements IoScheduler {
  /** Lines a scheduler may have. */
  public static final int LINES_MAX = 4096;

  private final SchedulerOptions options;
  private final LineRing[] rings = new LineRing[DeviceLine.STAGES];
  private final int belowMax;
  private @Nullable DeviceLine firstLine;
  private int lines;
  private int queued;
  private int inFlight;
  private long arrivals;
  private long lastNs;

  public ClassScheduler(SchedulerOptions options) {
    this.options = options;
    for (int i = 0; i < DeviceLine.STAGES; i++) {
      rings[i] = new LineRing(i);
    }
    belowMax = options.inFlightMax() - options.inFlightMax() / DeviceLine.RESERVED_PARTS;
  }

  SchedulerOptions options() {
    return options;
  }

  /**
   * A new line; give it back by {@link #remove}. The first one takes entries that name none.
   *
   * @param model prices of this device; belongs to the line from now on
   * @param window the device's window, shared with its lines on other shards
   * @throws IllegalStateException when there are {@link #LINES_MAX}
   */
  public DeviceLine line(CostModel model, DeviceWindow window, long nowNs) {
    if (lines == LINES_MAX) {
      throw new IllegalStateException("a scheduler has " + LINES_MAX + " lines at most");
    }
    DeviceLine line = new DeviceLine(this, model, new LineWindow(window, model, nowNs));
    if (firstLine == null) {
      firstLine = line;
    }
    lines++;
    return line;
  }

  /** Forgets an idle line; false while it has entries queued or in flight. */
  public boolean remove(DeviceLine line) {
    if (line.scheduler != this || line.queued() > 0 || line.inFlight() > 0) {
      return false;
    }
    line.lineWindow().leave();
    if (line == firstLine) {
      firstLine = null;
    }
    lines--;
    return true;
  }

  @Override
  public void submit(ScheduledIo io, long nowNs) {
    assert !io.queued : "already queued";
    DeviceLine line = lineOf(io);
    lastNs = nowNs;
    io.queued = true;
    io.expired = false;
    io.unmeasured = false;
    io.line = line;
    io.lane =
        io.ioClass >= IoClass.BACKGROUND && io.ioClass <= IoClass.CRITICAL
            ? io.ioClass
            : IoClass.NORMAL;
    io.submittedNs = nowNs;
    rings[line.add(io, arrivals++, nowNs)].add(line);
    queued++;
  }

  private DeviceLine lineOf(ScheduledIo io) {
    DeviceLine line = io.device;
    if (line == null || line.scheduler != this) {
      line = firstLine;
    }
    if (line == null) {
      throw new IllegalStateException("the scheduler has no line for " + io);
    }
    return line;
  }

  @Override
  public @Nullable ScheduledIo poll(long nowNs) {
    if (queued == 0 || inFlight >= options.inFlightMax()) {
      return null;
    }
    lastNs = nowNs;
    boolean belowAllowed = inFlight < belowMax;
    for (int stage = 0; stage < DeviceLine.STAGES; stage++) {
      ScheduledIo io = poll(stage, belowAllowed, nowNs);
      if (io != null) {
        return io;
      }
    }
    return null;
  }

  private @Nullable ScheduledIo poll(int stage, boolean belowAllowed, long nowNs) {
    LineRing ring = rings[stage];
    for (int tries = ring.size(); tries > 0; tries--) {
      DeviceLine line = ring.current();
      ScheduledIo io = line.start(stage, belowAllowed, nowNs);
      if (io != null) {
        started(io, line, nowNs);
        ring.advance();
        return io;
      }
      if (belowAllowed && !options.waiting().passesWindow()) {
        // Full: there is something in flight, and its completion puts the line back.
        ring.remove(line);
      } else {
        ring.advance();
      }
    }
    return null;
  }

  private void started(ScheduledIo io, DeviceLine line, long nowNs) {
    io.queued = false;
    io.startedNs = nowNs;
    queued--;
    inFlight++;
    // It may have been of another stage than was asked for.
    leaveEmpty(line);
  }

  private void leaveEmpty(DeviceLine line) {
    for (int stage = 0; stage < DeviceLine.STAGES; stage++) {
      if (line.place[stage] >= 0 && !line.hasWork(stage)) {
        rings[stage].remove(line);
      }
    }
  }

  @Override
  public void complete(ScheduledIo io, long nowNs) {
    DeviceLine line = io.line;
    assert line != null && !io.queued : "complete without poll";
    if (line == null) {
      return;
    }
    lastNs = nowNs;
    io.line = null;
    inFlight--;
    line.completed(io, nowNs);
    for (int stage = 0; stage < DeviceLine.STAGES; stage++) {
      if (line.place[stage] < 0 && line.hasWork(stage)) {
        rings[stage].add(line);
      }
    }
  }

  @Override
  public boolean cancel(ScheduledIo io) {
    DeviceLine line = io.line;
    if (!io.queued || line == null || line.scheduler != this) {
      return false;
    }
    line.cancel(io, lastNs);
    io.queued = false;
    io.line = null;
    queued--;
    leaveEmpty(line);
    return true;
  }

  /**
   * When an entry may start only because time has passed, with nothing completed or submitted:
   * {@link Long#MAX_VALUE} if never. Known where what waited long passes the window ({@link
   * SchedulerOptions#ADMISSION}); others always have something in flight when they refuse.
   */
  public long nextTimedNs() {
    DeviceLine line = firstLine;
    ScheduledIo oldest = line == null ? null : line.oldest();
    if (!options.waiting().passesWindow() || oldest == null) {
      return Long.MAX_VALUE;
    }
    return oldest.submittedNs + options.waiting().longestNs();
  }

  /** Whether an entry of classes 5 to 7 waits that the last {@link #poll} did not refuse. */
  public boolean latencyWaits() {
    return rings[DeviceLine.CRITICAL].size() + rings[DeviceLine.LATENCY].size() > 0;
  }

  @Override
  public int queued() {
    return queued;
  }

  @Override
  public int inFlight() {
    return inFlight;
  }
}
