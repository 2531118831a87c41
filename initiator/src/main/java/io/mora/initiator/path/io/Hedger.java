package io.mora.initiator.path.io;

import io.mora.initiator.path.hedge.HedgeBudget;
import io.mora.initiator.path.hedge.HedgeOptions;
import io.mora.initiator.path.route.PathClock;
import io.mora.initiator.path.route.Route;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Looks for reads that are due for a second try. On the paths' thread, which looks at every I/O
 * there is, again and again while there are such reads: submitting one costs it nothing then.
 */
final class Hedger {
  /** Second tries under way at a time; beyond them reads wait for their first. */
  static final int BUFFERS_MAX = 64;

  private static final long TICK_NS_MIN = 100_000;

  /** Looks without such a read after which nobody looks any more. */
  private static final int IDLE_TICKS = 200;

  private final HedgeOptions options;
  private final HedgeBudget budget;
  private final PathIoPool pool;
  private final PathClock clock;
  private final IoCounters counters;
  private final long tickNs;
  private final AtomicBoolean ticking = new AtomicBoolean();
  private final Runnable tick = this::tick;

  // The paths' thread's.
  private final ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>();
  private int buffersMade;
  private int idleTicks;

  Hedger(HedgeOptions options, PathIoPool pool, PathClock clock, IoCounters counters) {
    this.options = options;
    this.pool = pool;
    this.clock = clock;
    this.counters = counters;
    this.budget = new HedgeBudget(options.ratio(), options.burst());
    this.tickNs = Math.max(TICK_NS_MIN, TimeUnit.MICROSECONDS.toNanos(options.delayUsMin()) / 2);
  }

  /** One more read that may be due some time; any thread. */
  void eligible() {
    counters.hedgeEligible.increment();
    budget.read();
    if (!ticking.get() && ticking.compareAndSet(false, true)) {
      clock.execute(tick);
    }
  }

  private void tick() {
    idleTicks = look() ? 0 : idleTicks + 1;
    if (idleTicks < IDLE_TICKS) {
      clock.after(tickNs, tick);
      return;
    }
    idleTicks = 0;
    ticking.set(false);
    if (look() && ticking.compareAndSet(false, true)) {
      clock.after(tickNs, tick); // It came while this went.
    }
  }

  /** True if there was a read that may be sent twice. */
  private boolean look() {
    long nowNs = clock.nowNs();
    boolean any = false;
    for (int i = 0; i < pool.count(); i++) {
      PathIo io = pool.at(i);
      if (io == null) {
        continue;
      }
      long word = io.race().word();
      int state = HedgeRace.state(word);
      any |= state == HedgeRace.SENT || state == HedgeRace.OPENING;
      if (state == HedgeRace.SENT && io.race().isDue(nowNs)) {
        hedge(io, word, nowNs);
      }
    }
    return any;
  }

  private void hedge(PathIo io, long word, long nowNs) {
    Route other = io.other(nowNs);
    ByteBuffer buffer = other == null || !budget.take() ? null : buffer();
    if (other == null || buffer == null) {
      if (io.race().move(word, HedgeRace.REFUSED)) {
        counters.hedgeRefused.increment();
      }
      return;
    }
    if (!io.race().move(word, HedgeRace.HEDGED)) { // It ended meanwhile.
      budget.undo();
      buffers.push(buffer);
      return;
    }
    counters.hedgeSent.increment();
    io.sendSecond(other, buffer, nowNs);
  }

  private @Nullable ByteBuffer buffer() {
    ByteBuffer free = buffers.poll();
    if (free == null && buffersMade < BUFFERS_MAX) {
      buffersMade++;
      return ByteBuffer.allocateDirect(options.bytesMax());
    }
    if (free == null) {
      budget.undo();
    }
    return free;
  }

  /** Takes back the buffer of a second try that ended; any thread. */
  void giveBack(ByteBuffer buffer) {
    clock.execute(() -> buffers.push(buffer));
  }
}
