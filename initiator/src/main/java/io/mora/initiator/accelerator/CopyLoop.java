package io.mora.initiator.accelerator;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that makes a driver's calls, which may block, so that no loop does: begins copies in
 * their order and looks which are done.
 *
 * <p>{@link #submit} and the counts from any thread; the rest is its own.
 */
final class CopyLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(CopyLoop.class);

  /** How long it sleeps between two looks at copies that are under way. */
  private static final long LOOK_NS = 10_000;

  /** And with nothing to do, until it looks whether it is to end. */
  private static final long IDLE_NS = 100_000_000;

  /** Told once how a copy ended. */
  interface Ended {
    /**
     * @param failure null: every byte is on the device
     * @param over the device has let go of both memories; false: it may still be at work
     */
    void ended(@Nullable RuntimeException failure, boolean over);
  }

  private record Copy(ByteBuffer from, long to, long fromNs, Ended told) {}

  private final AcceleratorDriver driver;
  private final int most;
  private final ArrayBlockingQueue<Copy> submitted;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong copies = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong longestNs = new AtomicLong();
  private volatile boolean ending;
  private volatile boolean finished;
  private volatile boolean leftSome;

  // Its own.
  private final ArrayDeque<Copy> running = new ArrayDeque<>();
  private int nextMark;
  private int oldestMark;

  CopyLoop(AcceleratorDriver driver, int most) {
    this.driver = driver;
    this.most = most;
    this.submitted = new ArrayBlockingQueue<>(most);
  }

  /** Takes a copy on; false if as many are under way as may, or it is ending. */
  boolean submit(ByteBuffer from, long to, Ended told) {
    if (underWay.incrementAndGet() > most || ending) {
      underWay.decrementAndGet();
      refused.incrementAndGet();
      return false;
    }
    // Each that is under way has a place: this never finds it full.
    submitted.add(new Copy(from, to, System.nanoTime(), told));
    if (finished) {
      failWaiting(); // It ended meanwhile, and may have looked before this one was there.
    }
    return true;
  }

  /** Ends what is under way, then itself. */
  void end() {
    ending = true;
  }

  @Override
  public void run() {
    try {
      while (!Thread.interrupted() && (!ending || underWay.get() > 0)) {
        turn();
      }
    } catch (InterruptedException stopped) {
      LOG.debug("stopped while it waited for copies");
    } finally {
      ending = true;
      leftSome = !running.isEmpty();
      finished = true;
      failWaiting();
      running.forEach(copy -> end(copy, closed(), false));
    }
  }

  private void turn() throws InterruptedException {
    boolean idle = running.isEmpty();
    Copy next = idle ? submitted.poll(IDLE_NS, TimeUnit.NANOSECONDS) : submitted.poll();
    if (next != null) {
      begin(next);
    }
    boolean ended = false;
    while (!running.isEmpty() && lookAt(running.element())) {
      ended = true;
    }
    if (next == null && !ended && !idle) {
      LockSupport.parkNanos(LOOK_NS);
    }
  }

  private void begin(Copy copy) {
    try {
      driver.begin(copy.from, copy.to, nextMark);
    } catch (RuntimeException e) {
      end(copy, e, true);
      return;
    }
    nextMark = nextMark + 1 == AcceleratorDriver.MARKS ? 0 : nextMark + 1;
    running.add(copy);
  }

  /** Ends the oldest copy if it is done. */
  private boolean lookAt(Copy oldest) {
    RuntimeException failure = null;
    try {
      if (!driver.isDone(oldestMark)) {
        return false;
      }
    } catch (RuntimeException e) {
      failure = e;
    }
    running.remove();
    oldestMark = oldestMark + 1 == AcceleratorDriver.MARKS ? 0 : oldestMark + 1;
    end(oldest, failure, true);
    return true;
  }

  private void end(Copy copy, @Nullable RuntimeException failure, boolean over) {
    underWay.decrementAndGet();
    if (failure == null) {
      long tookNs = System.nanoTime() - copy.fromNs;
      copies.incrementAndGet();
      bytes.addAndGet(copy.from.remaining());
      longestNs.accumulateAndGet(tookNs, Math::max);
    } else {
      failed.incrementAndGet();
    }
    try {
      copy.told.ended(failure, over);
    } catch (RuntimeException | Error e) {
      LOG.error("telling of a copy's end failed", e); // The others are to be told, too.
    }
  }

  /** Ends what was not begun, and will not be; any thread. */
  void failWaiting() {
    for (Copy next = submitted.poll(); next != null; next = submitted.poll()) {
      end(next, closed(), true);
    }
  }

  private static AcceleratorException closed() {
    return new AcceleratorException("the accelerator was closed");
  }

  /** It was stopped under copies that the device may still make. */
  boolean leftSome() {
    return leftSome;
  }

  int underWay() {
    return underWay.get();
  }

  long copies() {
    return copies.get();
  }

  long bytes() {
    return bytes.get();
  }

  long failed() {
    return failed.get();
  }

  long refused() {
    return refused.get();
  }

  long longestNs() {
    return longestNs.get();
  }
}
