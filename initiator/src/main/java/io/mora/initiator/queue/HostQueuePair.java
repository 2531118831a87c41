package io.mora.initiator.queue;

import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.net.IoLoop;
import io.mora.protocol.pdu.PduLimits;
import io.mora.protocol.status.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
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
 * may be sent twice, until {@link #resume} or {@link #failFast}.
 *
 * <p>Threads: {@link #claim}, {@link #publish}, {@link #refusal} and the accessors from any;
 * everything else on the loop's thread.
 */
public final class HostQueuePair implements IoLoop.TurnListener {
  /** Most times a command is sent again, as Linux does. */
  public static final int RETRIES_MAX = 5;

  private static final Logger LOG = LoggerFactory.getLogger(HostQueuePair.class);
  private static final int CONNECT = 0;
  private static final long SWEEP_MAX_MS = 1000;

  private final IoLoop loop;
  private final QueueSettings settings;
  private final QueueOwner owner;
  private final CommandTable table;
  private final SubmissionQueue submissions;
  private final LoopWake wake;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean accepting = true;
  private volatile boolean closed;
  private volatile ConnectionException failing =
      new ConnectionException(Reason.CLOSED, "not connected");

  // The loop's.
  private QueueState state = QueueState.WAITING;
  private @Nullable HostConnection connection;
  private int inCapsuleMax = PduLimits.ADMIN_IN_CAPSULE;
  private int intent;
  private long order;

  private HostQueuePair(IoLoop loop, QueueSettings settings, QueueOwner owner) {
    this.loop = loop;
    this.settings = settings;
    this.owner = owner;
    this.table = new CommandTable(settings.size(), settings.reserved());
    this.submissions = new SubmissionQueue(settings.waitingMax());
    this.wake = new LoopWake(loop, this::woke);
  }

  /** A queue on a loop, not connected; any thread. */
  public static HostQueuePair create(IoLoop loop, QueueSettings settings, QueueOwner owner) {
    HostQueuePair queue = new HostQueuePair(loop, settings, owner);
    loop.execute(queue::register);
    return queue;
  }

  private void register() {
    loop.addTurnListener(this);
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
    return table.inUse() + submissions.size();
  }

  /** A command to fill in and publish; null if too many wait or the queue is closed. */
  public @Nullable PendingCommand claim() {
    return accepting ? submissions.claim() : null;
  }

  /** False once it is closing: {@link #claim} never gives anything again. */
  public boolean isAccepting() {
    return accepting;
  }

  public ConnectionException failure() {
    return failing;
  }

  /** Why {@link #claim} gave nothing. */
  public RuntimeException refusal() {
    String full = "queue " + qid() + ": " + submissions.capacity() + " commands wait already";
    return accepting ? new RejectedExecutionException(full) : failing;
  }

  /**
   * A command that need not wait, or null; on the loop's thread, to be published at once. For work
   * that goes on where a part of it just ended.
   */
  public @Nullable PendingCommand claimDirect() {
    PendingCommand command = state == QueueState.LIVE ? table.take() : null;
    if (command != null) {
      command.direct = true;
    }
    return command;
  }

  /** The reserved command of a number from 1 up, or null while it is under way or not live. */
  public @Nullable PendingCommand reserved(int number) {
    PendingCommand command = table.reserved(number);
    if (state != QueueState.LIVE || command.state != PendingCommand.IDLE) {
      return null;
    }
    command.direct = true;
    return command;
  }

  /** Hands a claimed command over. */
  public void publish(PendingCommand command) {
    command.submitted(System.nanoTime(), settings.timeoutNs());
    if (command.direct) {
      begin(command);
      return;
    }
    submissions.publish(command);
    if (closed || !loop.inLoop()) {
      wake.wake();
    }
  }

  private void woke() {
    if (closed) {
      failWaiting();
    }
  }

  @Override
  public void endOfTurn() {
    if (state == QueueState.LIVE) {
      startWaiting();
    } else if (state == QueueState.FAILING) {
      failWaiting();
    }
    HostConnection open = connection;
    if (open != null) {
      open.endOfTurn();
    }
  }

  private void startWaiting() {
    PendingCommand next = submissions.peek();
    if (next == null || !table.hasFree()) {
      return;
    }
    loop.refreshNow();
    while (next != null && table.hasFree()) {
      submissions.take(table.put(next));
      begin(next);
      next = submissions.peek();
    }
  }

  private void begin(PendingCommand command) {
    command.sending(loop.nowNs(), order++);
    HostConnection open = connection;
    if (open != null) {
      if (intent != 0 && Sqe.cdw3(command.sqe(), 0) == 0) {
        Sqe.setDword(command.sqe(), 0, Sqe.CDW3, intent);
      }
      open.capsule(command, inCapsuleMax);
    }
  }

  /** Fails what waits, but only so many: a callback may submit anew each time. */
  private void failWaiting() {
    PendingCommand next;
    for (int i = 0; (next = submissions.peek()) != null && i < submissions.capacity(); i++) {
      endWaiting(next, Status.HOST_PATH_ERROR, failing);
    }
  }

  /** Ends the first waiting command, which stays in its cell: told first, then given back. */
  private void endWaiting(PendingCommand command, int status, ConnectionException failure) {
    end(command, status, failure);
    submissions.take(command);
  }

  /** A command that was sent and is late takes the connection with it. */
  private void sweep() {
    long nowNs = loop.refreshNow();
    PendingCommand late = table.markLate(nowNs);
    HostConnection open = connection;
    if (late != null && open != null) {
      LOG.warn("queue {}: no answer in time to {}", qid(), late);
      open.close(timeout("no answer in time to " + late));
    }
    PendingCommand next = submissions.peek();
    while (state == QueueState.LIVE && next != null && next.deadlineNs - nowNs <= 0) {
      endWaiting(next, Status.ABORTED_BY_HOST, timeout("waited too long, never sent"));
      next = submissions.peek();
    }
  }

  private ConnectionException timeout(String text) {
    return new ConnectionException(Reason.TIMEOUT, "queue " + qid() + ": " + text);
  }

  @Nullable PendingCommand sent(int cid) {
    return table.sent(cid);
  }

  void answered(PendingCommand command) {
    boolean again =
        command.weigh() && command.mayResend() && command.retries < RETRIES_MAX && !closed;
    HostConnection open = connection;
    if (command.r2tLeft > 0 && open != null) {
      open.forget(command);
    }
    if (!command.dataUnderWay() || open == null) {
      proceed(command, again);
      return;
    }
    // The caller gets the buffer back only when the socket is done with it.
    command.state = PendingCommand.DRAINING;
    open.afterWritten(() -> proceed(command, again));
  }

  private void proceed(PendingCommand command, boolean again) {
    if (!again) {
      finish(command, command.status(), null);
    } else if (state == QueueState.LIVE) {
      command.again(loop.nowNs());
      begin(command);
    } else if (settings.hold() && state == QueueState.WAITING) {
      command.state = PendingCommand.HELD;
    } else {
      finish(command, Status.HOST_PATH_ERROR, failing);
    }
  }

  private void finish(PendingCommand command, int status, @Nullable ConnectionException failure) {
    table.release(command);
    end(command, status, failure);
  }

  private void end(PendingCommand command, int status, @Nullable ConnectionException failure) {
    if (failure != null) {
      loop.stayAwake(); // Its callback may submit to a queue whose turn is over.
    }
    try {
      command.end(status, failure, loop.nowNs());
    } catch (RuntimeException | Error e) {
      LOG.error("queue {}: a completion callback failed", qid(), e);
    }
  }

  /** In-capsule data of commands from now on, as the controller allows. */
  public void inCapsuleMax(int bytes) {
    inCapsuleMax = bytes;
  }

  /** Whether commands that carry no intent of their own ask for a timing reply. */
  public void targetTiming(boolean wanted) {
    intent = wanted ? IntentCodec.cdw3(0, IntentCodec.RT, 0, 0) : 0;
  }

  /** Connects; nothing but Connect is sent before {@link #resume}. Completes on the loop. */
  public CompletableFuture<ConnectReply> open(QueueConnect how) {
    if (closed || connection != null) {
      return CompletableFuture.failedFuture(
          new ConnectionException(Reason.LOST, "queue " + qid() + " is still closing"));
    }
    HostConnection opening = new HostConnection(loop, how, this);
    connection = opening;
    return opening
        .connect()
        .thenCompose(
            ready -> {
              PendingCommand command = table.reserved(CONNECT);
              var reply = QueueOpening.fill(command, qid(), size(), how);
              command.submitted(loop.refreshNow(), settings.timeoutNs());
              begin(command);
              return reply;
            });
  }

  /**
   * Lets commands flow; those that were held go first, in their order.
   *
   * @param gone says of a namespace id that what is held for it must not be sent again
   */
  public void resume(IntPredicate gone) {
    if (connection == null) {
      return; // Lost again already: the owner is being told.
    }
    state = QueueState.LIVE;
    loop.refreshNow();
    for (PendingCommand command : table.held()) {
      if (gone.test(Sqe.nsid(command.sqe(), 0))) {
        String text = "the namespace is another one after the reconnect";
        ConnectionException failure = new ConnectionException(Reason.INCOMPATIBLE, text);
        finish(command, Status.HOST_PATH_ERROR, failure);
      } else {
        command.again(loop.nowNs());
        begin(command);
      }
    }
  }

  /** Ends what is held or waits, and what is submitted from now until {@link #resume}. */
  public void failFast(ConnectionException cause) {
    failing = cause;
    state = QueueState.FAILING;
    for (PendingCommand command : table.held()) {
      finish(command, Status.HOST_PATH_ERROR, cause);
    }
    failWaiting();
  }

  /** Closes the connection, if there is one; the queue waits for the next. */
  public void disconnect(ConnectionException cause) {
    HostConnection open = connection;
    if (open != null) {
      open.close(cause);
    }
  }

  /** Refuses new commands with this cause; those accepted go on. */
  public void refuse(ConnectionException cause) {
    failing = cause;
    accepting = false;
  }

  /** Ends everything for good; completes when the connection is closed and all were told. */
  public CompletableFuture<Void> close(ConnectionException cause) {
    accepting = false;
    failFast(cause);
    closed = true;
    disconnect(cause);
    endIfClosed();
    return ended;
  }

  private void endIfClosed() {
    if (closed && connection == null && ended.complete(null)) {
      failWaiting();
      loop.removeTurnListener(this);
    }
  }

  void connectionEnded(HostConnection which, ConnectionException cause) {
    if (which != connection) {
      return;
    }
    connection = null;
    boolean hold = settings.hold() && state != QueueState.FAILING;
    if (hold) {
      state = QueueState.WAITING;
    } else if (state != QueueState.FAILING) {
      failing = cause;
      state = QueueState.FAILING;
    }
    loop.refreshNow();
    for (int cid = 0; cid < table.size(); cid++) {
      PendingCommand command = table.at(cid);
      if (command.state != PendingCommand.SENT) {
        continue;
      }
      if (command.timedOut) {
        finish(command, Status.ABORTED_BY_HOST, timeout("no answer in time to " + command));
      } else if (hold && command.mayResend() && command.retries < RETRIES_MAX) {
        command.state = PendingCommand.HELD;
      } else {
        finish(command, Status.HOST_PATH_ERROR, cause);
      }
    }
    endIfClosed();
    owner.connectionEnded(this, cause);
  }
}
