package io.mora.target.shard;

import io.mora.protocol.net.IoLoop;
import io.mora.protocol.net.TransportKind;
import io.mora.qos.ClassScheduler;
import io.mora.qos.CostModel;
import io.mora.qos.DeviceLine;
import io.mora.qos.DeviceWindow;
import io.mora.qos.IoClass;
import io.mora.qos.IoScheduler;
import io.mora.qos.ScheduledIo;
import io.mora.target.metrics.StageRecorder;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a shard does once a turn, after its sockets and rings delivered: start what the scheduler
 * lets start, then write what is to be said. The shard's thread only.
 */
public final class ShardTurn implements IoLoop.TurnListener {
  /*
   * Channel callbacks only parse and enqueue, so that the order in which sockets happened to be
   * drained does not decide. The clock is read when the first event of a turn asks for it, before
   * devices are started and before replies are stamped: three times a turn, not once a command.
   *
   * Latency classes first: what of them is queued starts and its replies are written before
   * anything else starts. A ring sends only when the loop goes to it, so after such a reply the
   * rest waits until it has been there, but never two rounds in a row.
   */
  private final Shard shard;
  private final IoScheduler scheduler;
  private final @Nullable ClassScheduler classes;
  private final @Nullable Admission admission;
  private final StageRecorder recorder;
  private final TurnBudget budget;
  private final FlushList flushes;
  private final PausedReads paused = new PausedReads();

  /** A ring: what is written leaves when the loop next goes to its transport. */
  private final boolean sendsLater;

  private boolean fresh;

  /** Entries the scheduler held back when it was last asked. */
  private int startsRefused;

  /** Handed out by the scheduler and not started yet: a few at most. */
  private final ArrayDeque<QueuedIo> held = new ArrayDeque<>();

  /** What a command costs beside its bytes, in bytes copied. */
  private static final int COMMAND_BYTES = 8192;

  private final AtomicLong workGiven = new AtomicLong();
  private long spinNs;
  private long urgentRound = -1;
  private long lightRound = -1;

  /** In order of arrival: no classes, no budgets, no admission. */
  public ShardTurn(Shard shard, IoScheduler scheduler, StageRecorder recorder) {
    this(shard, scheduler, null, null, recorder);
  }

  /** By class. */
  public ShardTurn(
      Shard shard, ClassScheduler scheduler, Admission admission, StageRecorder recorder) {
    this(shard, scheduler, scheduler, admission, recorder);
  }

  private ShardTurn(
      Shard shard,
      IoScheduler scheduler,
      @Nullable ClassScheduler classes,
      @Nullable Admission admission,
      StageRecorder recorder) {
    this.shard = shard;
    this.scheduler = scheduler;
    this.classes = classes;
    this.admission = admission;
    this.recorder = recorder;
    this.budget = new TurnBudget(classes == null);
    this.flushes = new FlushList(shard.index());
    this.sendsLater = shard.loop().transport() == TransportKind.IO_URING;
  }

  public Shard shard() {
    return shard;
  }

  public StageRecorder recorder() {
    return recorder;
  }

  public TurnBudget budget() {
    return budget;
  }

  /** Where large writes wait before they ask for their data; null: they do not. */
  public @Nullable Admission admission() {
    return admission;
  }

  /** Whether class decides anything here. */
  public boolean byClass() {
    return classes != null;
  }

  /** This shard's line to a device; null where order of arrival needs none. */
  public @Nullable DeviceLine line(CostModel model, DeviceWindow window) {
    return classes == null ? null : classes.line(model, window, nowNs());
  }

  /** Gives a line back. */
  public void remove(DeviceLine line) {
    if (classes != null) {
      classes.remove(line);
    }
  }

  /** The time of this batch of events. */
  public long nowNs() {
    if (!fresh) {
      fresh = true;
      return shard.loop().refreshNow();
    }
    return shard.loop().nowNs();
  }

  // --- devices

  /** What it was given to do since it began, in bytes copied; any thread. */
  public long workGiven() {
    return workGiven.getOpaque();
  }

  /** Queues an entry for its device. */
  public void submit(QueuedIo io) {
    workGiven.setOpaque(workGiven.getPlain() + COMMAND_BYTES + io.costBytes);
    scheduler.submit(io, nowNs());
  }

  /** Takes a queued entry out again; false if it was not queued. */
  public boolean cancel(QueuedIo io) {
    if (held.remove(io)) {
      io.unmeasured = true;
      scheduler.complete(io, nowNs());
      return true;
    }
    return scheduler.cancel(io);
  }

  /** An entry that was started has left its device. */
  public void deviceDone(QueuedIo io) {
    scheduler.complete(io, nowNs());
  }

  // --- sockets

  /** Has {@link Flushable#flushNow} called at the end of this turn, once. */
  public void flushLater(Flushable flushable) {
    flushes.add(flushable);
  }

  /** Likewise, and {@link Flushable#flushUrgent} before anything of classes 1 to 4 starts. */
  public void flushFirst(Flushable flushable) {
    flushes.add(flushable);
    flushes.addUrgent(flushable);
  }

  /** Takes back what was asked for a connection: it leaves this shard. */
  public void forget(Flushable flushable) {
    flushes.forget(flushable);
    paused.forget(flushable);
  }

  /** Has {@link Flushable#turnOver} called when this turn is over, once. */
  public void pauseReads(Flushable connection) {
    paused.add(connection);
  }

  // --- the turn

  @Override
  public void endOfTurn() {
    if (scheduler.queued() > 0
        || !held.isEmpty()
        || !flushes.isEmpty()
        || !paused.isEmpty()
        || admission != null && admission.queued() > 0) {
      work();
    } else {
      startsRefused = 0;
    }
    fresh = false;
  }

  private void work() {
    long now = shard.loop().refreshNow();
    fresh = true;
    budget.begin(shard.loop().round(), now);
    boolean more = start(now);
    if (!flushUrgent()) {
      if (admission != null) {
        admission.run(now);
      }
      flushes.flush();
      paused.resume();
    }
    // What the flush set free may have queued more: it must not wait for the next event.
    if (more || !held.isEmpty() || !flushes.isEmpty() || startable() || admissible()) {
      shard.loop().stayAwake();
    }
    long spin = classes == null ? 0 : budget.profile().spinNs();
    if (spin != spinNs) {
      spinNs = spin;
      shard.loop().spinNs(spin);
    }
  }

  private boolean startable() {
    return scheduler.queued() > startsRefused;
  }

  private boolean admissible() {
    return admission != null && admission.hasNews();
  }

  /** Starts what may start; true if some of it has to wait for the next round. */
  private boolean start(long now) {
    // What is held is not joined by more of its kind: it would be served in order of arrival.
    if (held.isEmpty() || classes != null && classes.latencyWaits()) {
      lookAhead(now);
    }
    for (QueuedIo io = held.peek(); io != null; io = held.peek()) {
      if (flushUrgent() || !budget.mayStart()) {
        return true;
      }
      held.remove();
      budget.started(io.costBytes);
      begin(io, now);
      if (held.isEmpty()) {
        lookAhead(now);
      }
    }
    startsRefused = scheduler.queued();
    // What completed meanwhile did so after the devices were started: let the next stamp see it.
    fresh = false;
    return false;
  }

  /** Starts latency classes until the scheduler hands out another, which is held. */
  private void lookAhead(long now) {
    for (ScheduledIo io = scheduler.poll(now); io != null; io = scheduler.poll(now)) {
      if (classes == null || !IoClass.isLatency(io.ioClass)) {
        held.add((QueuedIo) io);
        return;
      }
      begin((QueuedIo) io, now);
    }
  }

  private static void begin(QueuedIo io, long now) {
    if (io.expired) {
      io.expire(now);
    } else {
      io.start(now);
    }
  }

  /** Writes urgent replies; true while everything else has to wait for them to leave. */
  private boolean flushUrgent() {
    long round = shard.loop().round();
    if (flushes.flushUrgent()) {
      urgentRound = round;
    }
    if (!sendsLater || urgentRound != round || lightRound == round - 1) {
      return false;
    }
    lightRound = round;
    return true;
  }
}
