package io.mora.initiator.path.io;

import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.FailedIo;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoHandle;
import io.mora.initiator.io.IoResult;
import io.mora.initiator.path.route.Route;
import io.mora.initiator.path.select.PathLoad;
import io.mora.protocol.NvmeException;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.status.Status;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One I/O of a namespace with several paths, from the caller's call until the caller is told; used
 * again and again.
 *
 * <p>Threads: it belongs to who submits it, then to the queue that carries it, then, if it has to
 * be sent again, to the paths' thread. Where two tries of a read are under way {@link HedgeRace}
 * says whose it is.
 */
final class PathIo extends IoRequest implements IoCallback {
  private static final long FIRST = 0;
  private static final long SECOND = 1;

  private final int index;
  private final HedgeRace race = new HedgeRace();
  private @Nullable Route route;

  PathIo(SharedNamespace shared, int index) {
    super(shared);
    this.index = index;
  }

  int index() {
    return index;
  }

  HedgeRace race() {
    return race;
  }

  // Trying.

  /** Hands it to a path; false if that refuses it. */
  boolean send(Route to) {
    route = to;
    PathLoad load = to.path().load();
    load.begin(shared.clock().coarseNs());
    long word = 0;
    if (hedgeBudgetNs > 0) {
      submittedNs = shared.clock().nowNs();
      race.arm(submittedNs + shared.hedgeDelayNs(to, hedgeBudgetNs, latencyClass));
      word = race.word();
    }
    boolean accepted = false;
    try {
      accepted = issue(to);
    } finally {
      if (!accepted) {
        load.undone();
      }
      if (word != 0) { // It may be another I/O by now; then this changes nothing.
        race.move(word, accepted ? HedgeRace.SENT : HedgeRace.IDLE);
      }
    }
    return accepted;
  }

  private boolean issue(Route to) {
    Cancellation asked = cancellation;
    if (asked != null) {
      raise(asked);
    }
    boolean accepted = issue(by(to));
    if (accepted && asked != null) { // It may be another I/O by now; that of its handles is not.
      asked.handedOver(asked.first);
    }
    return accepted;
  }

  private boolean issue(RemoteNamespace namespace) {
    return switch (opcode) {
      case NvmOpcode.READ -> namespace.read(slba, blocks, data, options, this, FIRST);
      case NvmOpcode.WRITE -> namespace.write(slba, blocks, data, options, this, FIRST);
      case NvmOpcode.FLUSH -> namespace.flush(this, FIRST);
      default -> issueStaged(namespace);
    };
  }

  private boolean issueStaged(RemoteNamespace namespace) {
    long fromNs = shared.clock().nowNs();
    CompletionStage<Completion> stage = Objects.requireNonNull(staged).apply(namespace);
    if (StagedIo.isRefused(stage)) {
      return false;
    }
    stage.whenComplete((done, problem) -> stageEnded(done, problem, fromNs));
    return true;
  }

  private void stageEnded(@Nullable Completion done, @Nullable Throwable problem, long fromNs) {
    Throwable cause = problem instanceof CompletionException ? problem.getCause() : problem;
    completed(FIRST, 0, StagedIo.ended(done, cause, opcode, fromNs));
  }

  /** Sends it by a second way; the race is {@link HedgeRace#HEDGED}. */
  void sendSecond(Route to, ByteBuffer into, long nowNs) {
    goesElsewhere();
    Cancellation asked = cancellation;
    race.route = to;
    race.buffer = into;
    race.options
        .set(options)
        .intendedStartNs(options.intendedStartNs() == 0 ? submittedNs : options.intendedStartNs())
        .handle(secondHandle())
        .intent(asked == null ? left(nowNs) : asked.raised(left(nowNs)));
    into.clear().limit(blocks * to.namespace().blockBytes());
    PathLoad load = to.path().load();
    load.begin(nowNs);
    boolean accepted = false;
    try {
      RemoteNamespace namespace = by(to);
      accepted = namespace.read(slba, blocks, into, race.options, this, SECOND);
      if (accepted && asked != null) {
        asked.handedOver(asked.second);
      }
    } catch (RuntimeException changed) { // The namespace is another one by now.
      shared.warn(this, changed);
    }
    if (!accepted) {
      load.undone();
      IoResult refused = FailedIo.now(Status.HOST_PATH_ERROR, opcode, nowNs, null);
      raced(true, Status.HOST_PATH_ERROR, refused);
    }
  }

  /** The way for a second try, or null; what is read must be its present I/O's. */
  @Nullable Route other(long nowNs) {
    Route first = route;
    return first == null ? null : shared.routes().other(first, latencyClass, nowNs);
  }

  // Ends.

  @Override
  public void completed(long which, int status, IoResult result) {
    boolean second = which == SECOND;
    int end = staged == null ? status : result.status();
    Route by = Objects.requireNonNull(second ? race.route : route);
    if (result.failure() != null || Status.code(end) == Status.ABORT_REQUESTED) {
      by.path().load().undone();
    } else if (Status.code(end) == Status.INTENT_CANNOT_MEET) {
      by.path().load().refused(result.completedNs());
    } else {
      long tookNs = result.completedNs() - result.submittedNs();
      by.path().load().ended(latencyClass, tookNs, result.completedNs());
    }
    raced(second, end, result);
  }

  private void raced(boolean second, int status, IoResult result) {
    boolean done = Status.isSuccess(status);
    while (true) {
      long word = race.word();
      switch (HedgeRace.state(word)) {
        case HedgeRace.IDLE -> {
          single(route, status, result);
          return;
        }
        case HedgeRace.HEDGED -> {
          if (hedged(second, done, word, result)) {
            return;
          }
        }
        case HedgeRace.WON -> {
          if (race.move(word, HedgeRace.IDLE)) {
            freeSecond();
            drop();
            return;
          }
        }
        case HedgeRace.TAKING -> {
          if (race.move(word, HedgeRace.IDLE)) {
            take(done, status, result);
            return;
          }
        }
        case HedgeRace.ALONE -> {
          if (race.move(word, HedgeRace.IDLE)) {
            alone(second, done, status, result);
            return;
          }
        }
        default -> {
          if (race.move(word, HedgeRace.IDLE)) {
            single(route, status, result);
            return;
          }
        }
      }
    }
  }

  /**
   * The first of two tries to end; false if the other was quicker to say so. The other is ended
   * before the word is changed: afterwards it may be another I/O's.
   */
  private boolean hedged(boolean second, boolean done, long word, IoResult result) {
    if (!done) {
      return race.move(word, HedgeRace.ALONE);
    }
    IoCounters counters = shared.counters();
    if (second) {
      race.keep(result);
      firstHandle().abandon();
      return race.move(word, HedgeRace.TAKING);
    }
    secondHandle().cancel();
    IoCallback told = callback();
    long toldContext = context();
    IoHandle handle = callers();
    int wasted = bytes();
    if (!race.move(word, HedgeRace.WON)) {
      return false;
    }
    // The second may end now, and all this be another I/O's.
    counters.hedgeLost.increment();
    counters.hedgeWasted.add(wasted);
    if (handle != null) {
      handle.ended(this);
    }
    told.completed(toldContext, result.status(), result);
    return true;
  }

  private IoHandle secondHandle() {
    Cancellation cancelling = cancellation;
    return cancelling == null ? race.handle : cancelling.second;
  }

  /** The second has the data, and the first is out of the caller's buffer. */
  private void take(boolean done, int status, IoResult result) {
    IoResult kept = Objects.requireNonNull(race.kept());
    if (!done) {
      copySecond();
      shared.counters().hedgeWon.increment();
    } else {
      shared.counters().hedgeLost.increment();
    }
    shared.counters().hedgeWasted.add(bytes());
    freeSecond();
    end(done ? status : kept.status(), done ? result : kept);
  }

  /** The last of two tries; the other has failed. */
  private void alone(boolean second, boolean done, int status, IoResult result) {
    Route by = second ? race.route : route;
    if (done && second) {
      copySecond();
      shared.counters().hedgeWon.increment();
    } else if (done) {
      shared.counters().hedgeLost.increment();
    }
    freeSecond();
    single(by, status, result);
  }

  private void copySecond() {
    ByteBuffer from = Objects.requireNonNull(race.buffer);
    data.put(dataAt, from, 0, bytes());
  }

  private void freeSecond() {
    ByteBuffer buffer = race.forget();
    if (buffer != null) {
      shared.hedger().giveBack(buffer);
    }
  }

  private void single(@Nullable Route by, int status, IoResult result) {
    NvmeException failure = result.failure();
    if (Status.isSuccess(status) || !PathFailure.is(status, failure)) {
      if (Status.code(status) != Status.INTENT_CANNOT_MEET || !sendElsewhere(by, result)) {
        end(status, result);
      }
      return;
    }
    lastFailure = result.exception();
    boolean mayRun = failure != null && result.sentNs() != 0 && changes();
    submittedNs = submittedNs == 0 ? result.submittedNs() : submittedNs;
    Route failed = Objects.requireNonNull(by);
    shared.clock().execute(() -> shared.failed(this, failed, failure == null ? status : 0, mayRun));
  }

  /** A read that its path refused, by another, once; what is left of its budget goes with it. */
  private boolean sendElsewhere(@Nullable Route by, IoResult result) {
    long nowNs = shared.clock().nowNs();
    Route to = by == null ? null : shared.routes().other(by, latencyClass, nowNs);
    if (to == null || !mayGoElsewhere(result.submittedNs(), nowNs)) {
      return false;
    }
    try {
      boolean accepted = send(to);
      if (accepted) {
        shared.counters().refusedElsewhere.increment();
      }
      return accepted;
    } catch (RuntimeException changed) { // The namespace is another one by now.
      shared.warn(this, changed);
      return false;
    }
  }

  /** Ends it without an answer. */
  void fail(int status, @Nullable NvmeException why) {
    end(status, FailedIo.now(status, opcode, submittedNs, why));
  }

  // Telling.

  private void end(int status, IoResult result) {
    IoCallback told = callback();
    long toldContext = context();
    unbind();
    shared.giveBack(this);
    told.completed(toldContext, status, result);
  }

  /** Done with it; the caller was told, or is by the call itself. */
  void drop() {
    unbind();
    shared.giveBack(this);
  }
}
