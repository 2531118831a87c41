package io.mora.initiator.queue;

import io.mora.initiator.intent.Intent;
import io.mora.initiator.intent.IntentGrant;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoHandle;
import io.mora.initiator.signals.QueueSignals;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.net.IoLoop;
import io.mora.protocol.status.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One submission and completion queue pair of this host: one connection at a time, on one loop.
 *
 * <p>Outlives its connections. What was sent but not answered when a connection ends is held, if it
 * may be sent twice, until {@link #resume} or {@link #failFast}. This class is its life; its
 * commands are {@link CommandFlow}'s.
 *
 * <p>Threads: {@link #claim}, {@link #publish}, {@link #refusal} and the accessors from any;
 * everything else on the loop's thread.
 */
public final class HostQueuePair implements IoLoop.TurnListener {
  /** Most times a command is sent again, as Linux does. */
  public static final int RETRIES_MAX = 5;

  private static final Logger LOG = LoggerFactory.getLogger(HostQueuePair.class);
  private static final long SWEEP_MAX_MS = 1000;

  private final IoLoop loop;
  private final QueueSettings settings;
  private final QueueOwner owner;
  private final CommandFlow flow;
  private volatile int incomingCpu = -1;

  /** {@link #endOfTurn} will be called; the loop's. */
  private boolean atEndOfTurn;

  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private HostQueuePair(IoLoop loop, QueueSettings settings, QueueOwner owner) {
    this.loop = loop;
    this.settings = settings;
    this.owner = owner;
    this.flow = new CommandFlow(loop, settings, this, owner);
  }

  /** A queue on a loop, not connected; any thread. */
  public static HostQueuePair create(IoLoop loop, QueueSettings settings, QueueOwner owner) {
    HostQueuePair queue = new HostQueuePair(loop, settings, owner);
    loop.execute(queue::register);
    return queue;
  }

  private void register() {
    flow.onLoop();
    long eighthMs = TimeUnit.NANOSECONDS.toMillis(settings.timeoutNs()) / 8;
    long ms = Math.max(1, Math.min(SWEEP_MAX_MS, eighthMs));
    ScheduledFuture<?> timer =
        loop.eventLoop().scheduleWithFixedDelay(this::sweep, ms, ms, TimeUnit.MILLISECONDS);
    ended.whenComplete((done, never) -> timer.cancel(false));
  }

  public IoLoop loop() {
    return loop;
  }

  public int qid() {
    return settings.qid();
  }

  public int size() {
    return settings.size();
  }

  public int outstanding() {
    return flow.table.inUse() + flow.submissions.size();
  }

  /** Commands flow; on the loop's thread. */
  public boolean isLive() {
    return flow.state == QueueState.LIVE;
  }

  /** There is a connection, or one that is made or closed; on the loop's thread. */
  public boolean hasConnection() {
    return flow.connection != null;
  }

  /** The CPU that last read from the socket, or -1. */
  public int drainCpu() {
    return flow.drainCpu();
  }

  /** The CPU that last took its packets from the network, or -1; looked at now and then. */
  public int incomingCpu() {
    return incomingCpu;
  }

  /** What is measured of its commands, or null. */
  public @Nullable QueueSignals signals() {
    return settings.signals();
  }

  /** Ends or hastens an I/O whose handle is bound to one of this queue's commands. */
  public IoHandle.Canceller canceller() {
    return flow.changes;
  }

  /** A command to fill in and publish; null if too many wait or the queue is closed. */
  public @Nullable PendingCommand claim() {
    return flow.claim();
  }

  /** False once it is closing: {@link #claim} never gives anything again. */
  public boolean isAccepting() {
    return flow.accepting;
  }

  public ConnectionException failure() {
    return flow.failing;
  }

  /** Why {@link #claim} gave nothing. */
  public RuntimeException refusal() {
    return flow.refusal();
  }

  /**
   * A command that need not wait, or null; on the loop's thread, to be published at once. For work
   * that goes on where a part of it just ended.
   */
  public @Nullable PendingCommand claimDirect() {
    return flow.claimDirect();
  }

  /** The reserved command of a number from 1 up, or null while it is under way or not live. */
  public @Nullable PendingCommand reserved(int number) {
    return flow.reserved(number);
  }

  /** Hands a claimed command over. */
  public void publish(PendingCommand command) {
    flow.publish(command);
  }

  /** Cancels the pieces of an I/O, which share its callback; on the loop's thread. */
  public void cancelPieces(IoCallback of) {
    flow.changes.cancelPieces(of);
  }

  /** Hastens those of them that were sent or are held, as {@link IoHandle#hasten}. */
  public void hastenPieces(IoCallback of, Intent intent) {
    flow.changes.hastenPieces(of, intent);
  }

  /** The class of a piece with this CDW3 if it were sent now. */
  public int pendingClass(int cdw3) {
    return flow.pendingClass(cdw3);
  }

  /**
   * There is something to do when this turn ends: commands that wait, or what is written and has
   * not left. On the loop's thread. A loop may have thousands of queues, and most are idle.
   */
  void hasWork() {
    if (!atEndOfTurn) {
      atEndOfTurn = true;
      loop.atEndOfTurn(this);
    }
  }

  @Override
  public void endOfTurn() {
    atEndOfTurn = false;
    if (flow.state == QueueState.LIVE) {
      flow.startWaiting();
    } else if (flow.state == QueueState.FAILING) {
      flow.failWaiting();
    }
    HostConnection open = flow.connection;
    if (open != null) {
      open.endOfTurn();
    }
  }

  /** A command that was sent and is late takes the connection with it. */
  private void sweep() {
    long nowNs = loop.refreshNow();
    PendingCommand late = flow.table.markLate(nowNs);
    HostConnection open = flow.connection;
    if (late != null && open != null) {
      LOG.warn("queue {}: no answer in time to {}", qid(), late);
      open.close(late("no answer in time to " + late));
    }
    PendingCommand next = flow.submissions.peek();
    while (flow.state == QueueState.LIVE && next != null && next.deadlineNs - nowNs <= 0) {
      flow.endWaiting(next, Status.ABORTED_BY_HOST, late("waited too long, never sent"));
      next = flow.submissions.peek();
    }
    incomingCpu = open == null ? -1 : open.incomingCpu();
  }

  ConnectionException late(String text) {
    return new ConnectionException(Reason.TIMEOUT, "queue " + qid() + ": " + text);
  }

  /** In-capsule data of commands from now on, as the controller allows. */
  public void inCapsuleMax(int bytes) {
    flow.inCapsuleMax = bytes;
  }

  /**
   * What commands tell from now on.
   *
   * @param grant what the controller agreed to be told
   * @param timing commands without intent ask for a timing reply, too
   */
  public void carryIntent(IntentGrant grant, boolean timing) {
    flow.carry(grant, timing);
  }

  /** Intent of commands that have none of their own, or null; any thread. */
  public void usualIntent(@Nullable Intent intent) {
    flow.usual(intent);
  }

  /**
   * Connects and authenticates; nothing else is sent before {@link #resume}. Completes on the loop.
   */
  public CompletableFuture<QueueConnect.Reply> open(QueueConnect how) {
    if (flow.closed || flow.connection != null) {
      return CompletableFuture.failedFuture(
          new ConnectionException(Reason.LOST, "queue " + qid() + " is still closing"));
    }
    HostConnection opening = new HostConnection(loop, how, this, flow);
    flow.connection = opening;
    QueueOpening first = new QueueOpening(loop, flow, settings, opening);
    return opening.connect().thenCompose(ready -> first.open(how));
  }

  /**
   * Lets commands flow; those that were held go first, in their order.
   *
   * @param gone says of a namespace id that what is held for it must not be sent again
   */
  public void resume(IntPredicate gone) {
    if (flow.connection == null) {
      return; // Lost again already: the owner is being told.
    }
    flow.state = QueueState.LIVE;
    hasWork();
    flow.resendHeld(gone);
  }

  /** Ends what is held or waits, and what is submitted from now until {@link #resume}. */
  public void failFast(ConnectionException cause) {
    flow.failing = cause;
    flow.state = QueueState.FAILING;
    hasWork();
    flow.failHeld(cause);
    flow.failWaiting();
  }

  /** Closes the connection, if there is one; the queue waits for the next. */
  public void disconnect(ConnectionException cause) {
    HostConnection open = flow.connection;
    if (open != null) {
      open.close(cause);
    }
  }

  /** Refuses new commands with this cause; those accepted go on. */
  public void refuse(ConnectionException cause) {
    flow.failing = cause;
    flow.accepting = false;
  }

  /** Ends everything for good; completes when the connection is closed and all were told. */
  public CompletableFuture<Void> close(ConnectionException cause) {
    flow.accepting = false;
    failFast(cause);
    flow.closed = true;
    disconnect(cause);
    endIfClosed();
    return ended;
  }

  private void endIfClosed() {
    if (flow.closed && flow.connection == null && ended.complete(null)) {
      flow.failWaiting();
    }
  }

  void connectionEnded(HostConnection which, ConnectionException cause) {
    if (which != flow.connection) {
      return;
    }
    flow.connection = null;
    boolean hold = settings.hold() && flow.state != QueueState.FAILING;
    if (hold) {
      flow.state = QueueState.WAITING;
    } else if (flow.state != QueueState.FAILING) {
      flow.failing = cause;
      flow.state = QueueState.FAILING;
    }
    hasWork();
    flow.connectionEnded(hold, cause);
    endIfClosed();
    owner.connectionEnded(this, cause);
  }
}
