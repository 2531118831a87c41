package io.mora.initiator.path.io;

import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.path.hedge.HedgeDelay;
import io.mora.initiator.path.route.PathClock;
import io.mora.initiator.path.route.PathControl;
import io.mora.initiator.path.route.Route;
import io.mora.initiator.path.route.Routes;
import io.mora.initiator.path.select.PathSelector;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.NvmeException;
import io.mora.protocol.status.Status;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A namespace that several paths lead to: its I/Os and where they go. {@link #submit} and what is
 * read only from any thread, the rest on the paths' thread.
 */
public final class SharedNamespace {
  private static final Logger LOG = LoggerFactory.getLogger(SharedNamespace.class);

  private final IoLimits limits;
  private final PathClock clock;
  private final IoCounters counters;
  private final PathSelector selector;
  private final PathIoPool pool;
  private final Hedger hedger;
  private final StrandedIos stranded;
  private final AtomicInteger waiting = new AtomicInteger();
  private final PathNamespace plain;
  private volatile Routes routes = Routes.NONE;
  private volatile RemoteNamespace last;
  private volatile @Nullable ConnectionException closed;
  private volatile long emptySinceNs;
  private volatile Transitions transitions = nowNs -> nowNs;

  /**
   * @param first by one of the paths: what is known of it while there is none
   */
  public SharedNamespace(
      RemoteNamespace first, IoLimits limits, PathClock clock, IoCounters counters) {
    this.last = first;
    this.limits = limits;
    this.clock = clock;
    this.counters = counters;
    this.selector = limits.policy().selector();
    this.pool = new PathIoPool(limits.inFlightMax(), index -> new PathIo(this, index));
    this.hedger = new Hedger(limits.hedge(), pool, clock, counters);
    this.stranded = new StrandedIos(clock, this);
    this.plain = new PathNamespace(this);
    this.emptySinceNs = clock.nowNs();
  }

  /** For callers. */
  public RemoteNamespace view() {
    return plain;
  }

  PathClock clock() {
    return clock;
  }

  IoCounters counters() {
    return counters;
  }

  Hedger hedger() {
    return hedger;
  }

  Routes routes() {
    return routes;
  }

  /** By the path taken last, or one that was. */
  RemoteNamespace last() {
    return last;
  }

  int blockBytes() {
    return last.blockBytes();
  }

  boolean hasRoute() {
    return routes.count() > 0;
  }

  /** I/Os that wait for a path. */
  public int waiting() {
    return waiting.get();
  }

  void warn(PathIo io, RuntimeException problem) {
    LOG.warn("{}: {} was not sent: {}", plain, io, problem.toString());
  }

  // Submitting.

  /** An I/O to fill in; null if too many are under way or it is closed. */
  @Nullable PathIo take() {
    return closed == null ? pool.take() : null;
  }

  RuntimeException refusal() {
    ConnectionException over = closed;
    return over != null
        ? over
        : new RejectedExecutionException(
            plain
                + ": "
                + limits.inFlightMax()
                + " I/Os under way, or "
                + limits.waitingMax()
                + " waiting for a path, or the queues of every path full");
  }

  /** Whether a read may be sent twice; if so it counts for how often that may be. */
  boolean mayHedge(long budgetNs, int blocks) {
    if (budgetNs == HedgeDelay.NEVER
        || !limits.hedge().isOn()
        || !routes.hasOther()
        || blocks > last.transferBlocksMax()
        || (long) blocks * blockBytes() > limits.hedge().bytesMax()) {
      return false;
    }
    hedger.eligible();
    return true;
  }

  /** After how long a read that goes by one path is sent by another. */
  long hedgeDelayNs(Route first, long budgetNs, int latencyClass) {
    long nowNs = clock.coarseNs();
    Route other = routes.other(first, latencyClass, nowNs);
    return HedgeDelay.of(
        budgetNs,
        first.path().load().estimateNs(latencyClass, nowNs),
        other == null ? 0 : other.path().load().estimateNs(latencyClass, nowNs),
        TimeUnit.MICROSECONDS.toNanos(limits.hedge().delayUsMin()));
  }

  /** False if it is refused; it is given back then, and nobody told. */
  boolean submit(PathIo io, int latencyClass) {
    io.bind();
    boolean accepted = false;
    try {
      accepted = sendByAny(io, latencyClass) || park(io);
    } catch (RuntimeException callersMistake) {
      io.drop();
      throw callersMistake;
    }
    if (!accepted) {
      io.drop();
    }
    return accepted;
  }

  private boolean sendByAny(PathIo io, int latencyClass) {
    Routes now = routes;
    int count = now.count();
    if (count == 0) {
      return false;
    }
    int at = selector.select(now.loads(), latencyClass, clock.coarseNs());
    for (int i = 0; i < count; i++) {
      if (io.send(now.at((at + i) % count))) {
        return true;
      }
    }
    return false;
  }

  /** Waits for a path, unless there is one and it is full. */
  private boolean park(PathIo io) {
    if (hasRoute() || closed != null) {
      return false;
    }
    if (waiting.incrementAndGet() > limits.waitingMax()) {
      waiting.decrementAndGet();
      return false;
    }
    clock.execute(
        () -> {
          long nowNs = clock.nowNs();
          waiting.decrementAndGet();
          io.strand(nowNs, nowNs);
          strand(io);
        });
    return true;
  }

  private void strand(PathIo io) {
    waiting.incrementAndGet();
    stranded.add(io);
  }

  void giveBack(PathIo io) {
    pool.giveBack(io);
  }

  // On the paths' thread.

  /** Where I/O goes from now on. */
  public void routes(Routes newRoutes) {
    Routes before = routes;
    boolean none = newRoutes.count() == 0;
    long nowNs = clock.nowNs();
    if (!none) {
      last = newRoutes.at(0).namespace();
    }
    if (before.count() == 0 && !none) {
      counters.withoutPathNs.add(nowNs - emptySinceNs);
    } else if (before.count() > 0 && none) {
      emptySinceNs = nowNs;
    }
    routes = newRoutes;
    stranded.look();
  }

  /** Time since there is no path, 0 if there is one; any thread. */
  public long withoutPathNs() {
    return hasRoute() ? 0 : Math.max(0, clock.nowNs() - emptySinceNs);
  }

  /**
   * A path failed an I/O.
   *
   * @param status what the controller answered, 0 if it did not
   * @param mayRun it may yet change what is stored
   */
  void failed(PathIo io, Route route, int status, boolean mayRun) {
    PathControl path = route.path();
    if (status == 0) {
      path.failed();
    } else {
      path.answered(route.namespace().nsid(), status);
    }
    long nowNs = clock.nowNs();
    long quietNs = mayRun ? path.quietAtNs(nowNs) : nowNs;
    boolean waits = quietNs - nowNs > 0;
    if (waits) {
      counters.quiesced.increment();
    }
    io.waitFor(waits ? path : null);
    io.strand(nowNs, quietNs);
    strand(io);
  }

  /** Takes a stranded I/O as far as it goes; true if it is not stranded any more. */
  boolean proceed(PathIo io, long nowNs) {
    if (io.notBeforeNs() - nowNs > 0 && closed == null) {
      return false;
    }
    boolean left = goOn(io, nowNs);
    if (left) {
      waiting.decrementAndGet();
    }
    return left;
  }

  private boolean goOn(PathIo io, long nowNs) {
    ConnectionException over = closed;
    if (over != null) {
      io.fail(Status.HOST_PATH_ERROR, over);
      return true;
    }
    if (io.isCancelled()) {
      io.fail(Status.ABORT_REQUESTED, null);
      return true;
    }
    try {
      if (sendByAny(io, io.latencyClass())) {
        counters.reissued.increment();
        return true;
      }
    } catch (RuntimeException changed) { // The namespace has shrunk, for instance.
      io.fail(Status.HOST_PATH_ERROR, gone(changed));
      return true;
    }
    if (giveUpNs(io, nowNs) - nowNs <= 0) {
      counters.unserved.increment();
      io.fail(Status.HOST_PATH_ERROR, noPath(io));
      return true;
    }
    return false;
  }

  private ConnectionException gone(RuntimeException changed) {
    return new ConnectionException(
        Reason.INCOMPATIBLE, plain + " has changed: " + changed.getMessage(), changed);
  }

  private ConnectionException noPath(PathIo io) {
    NvmeException why = io.lastFailure();
    long ms = TimeUnit.NANOSECONDS.toMillis(limits.noPathTimeoutNs());
    return new ConnectionException(
        Reason.NO_PATH,
        plain + ": no path for " + ms + " ms" + (why == null ? "" : "; " + why.getMessage()),
        why);
  }

  /** When an I/O is given up; a transition that may yet end well is waited for. */
  long giveUpNs(PathIo io, long nowNs) {
    long atNs = io.strandedNs() + limits.noPathTimeoutNs();
    long changedNs = transitions.untilNs(nowNs);
    return changedNs - atNs > 0 ? changedNs : atNs;
  }

  /** When the last transition of any path must be over. */
  @FunctionalInterface
  public interface Transitions {
    long untilNs(long nowNs);
  }

  public void transitions(Transitions source) {
    transitions = source;
  }

  /** Looks at what waits, once more; any thread. */
  void wake() {
    clock.execute(stranded::look);
  }

  /** What a path had not answered cannot run any more. */
  public void quiet(PathControl path) {
    stranded.quiet(path);
  }

  /** Ends what waits, and refuses what comes. */
  public void close(ConnectionException why) {
    closed = why;
    routes = Routes.NONE;
    stranded.look();
  }

  @Override
  public String toString() {
    return plain.toString();
  }
}
