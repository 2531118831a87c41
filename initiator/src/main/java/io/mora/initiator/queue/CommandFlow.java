package io.mora.initiator.queue;

import io.mora.initiator.intent.Intent;
import io.mora.initiator.intent.IntentGrant;
import io.mora.initiator.signals.QueueSignals;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.intent.LatencyClass;
import io.mora.protocol.net.IoLoop;
import io.mora.protocol.pdu.PduLimits;
import io.mora.protocol.status.Status;
import io.mora.qos.locality.CurrentCpu;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands of a queue, from claim to end, over whatever connection there is; {@link
 * HostQueuePair} says which.
 *
 * <p>Threads: {@link #claim}, {@link #publish} and what is volatile from any; everything else on
 * the loop's.
 */
final class CommandFlow {
  private static final Logger LOG = LoggerFactory.getLogger(CommandFlow.class);

  private final IoLoop loop;
  private final QueueSettings settings;
  private final HostQueuePair pair;
  private final @Nullable QueueSignals signals;
  private final LoopWake wake;
  final CommandTable table;
  final SubmissionQueue submissions;
  final CommandChanges changes;

  volatile boolean accepting = true;
  volatile boolean closed;
  volatile ConnectionException failing = new ConnectionException(Reason.CLOSED, "not connected");
  private volatile @Nullable Intent usual;
  private volatile int drainCpu = -1;

  // The loop's.
  QueueState state = QueueState.WAITING;
  @Nullable HostConnection connection;
  int inCapsuleMax = PduLimits.ADMIN_IN_CAPSULE;
  private @Nullable CurrentCpu cpu;
  private boolean cheap;
  private boolean granted;
  private boolean timing;
  private long order;

  CommandFlow(IoLoop loop, QueueSettings settings, HostQueuePair pair, QueueOwner owner) {
    this.loop = loop;
    this.settings = settings;
    this.pair = pair;
    this.signals = settings.signals();
    this.table = new CommandTable(settings.size(), settings.reserved());
    this.submissions = new SubmissionQueue(settings.waitingMax());
    this.changes = new CommandChanges(loop, pair, owner, this);
    this.wake = new LoopWake(loop, this::woke);
  }

  /** The first thing on the loop. */
  void onLoop() {
    CurrentCpu reader = CurrentCpu.ofThisThread();
    cpu = reader;
    cheap = reader.origin().equals("rseq");
  }

  // Where and when.

  /** Bytes were read from the socket. */
  void drained() {
    loop.refreshNow();
    CurrentCpu reader = cpu;
    int now = reader == null ? -1 : reader.read();
    if (now != drainCpu) {
      drainCpu = now;
    }
  }

  /** The CPU that last read from the socket, or -1; any thread. */
  int drainCpu() {
    return drainCpu;
  }

  /** The loop's CPU now; where asking is dear, that of the last drain. */
  int cpuNow() {
    CurrentCpu reader = cpu;
    return reader != null && cheap ? reader.read() : drainCpu;
  }

  long nowNs() {
    return loop.nowNs();
  }

  /** When a consumer on the loop runs: exact for who counts microseconds, else the turn's time. */
  long readyNs(int latencyClass) {
    return latencyClass >= LatencyClass.FIRST_LATENCY ? System.nanoTime() : loop.nowNs();
  }

  /** What measures commands of an opcode, or null. */
  @Nullable QueueSignals signals(int opcode) {
    return opcode == AdminOpcode.FABRICS || opcode == IntentFeature.HASTEN ? null : signals;
  }

  // Intent.

  /** Whether commands tell their intent from now on, and all ask for timing replies. */
  void carry(IntentGrant grant, boolean timingForAll) {
    granted = grant.active();
    changes.hastens(grant.hastening());
    timing = timingForAll;
  }

  /** Of commands that have none of their own; any thread. */
  void usual(@Nullable Intent newUsual) {
    usual = newUsual;
  }

  /**
   * The class that a command would be sent with now, that of plain I/O if it says none.
   *
   * @param cdw3 its own, 0 for the queue's usual
   */
  int pendingClass(int cdw3) {
    Intent otherwise = usual;
    int own = cdw3 != 0 || otherwise == null ? cdw3 : otherwise.cdw3();
    int latencyClass = IntentCodec.latencyClass(own);
    return latencyClass == LatencyClass.DEFAULT.code() ? LatencyClass.NORMAL.code() : latencyClass;
  }

  // Submitting.

  @Nullable PendingCommand claim() {
    return accepting ? submissions.claim() : null;
  }

  RuntimeException refusal() {
    String full =
        "queue " + settings.qid() + ": " + submissions.capacity() + " commands wait already";
    return accepting ? new RejectedExecutionException(full) : failing;
  }

  @Nullable PendingCommand claimDirect() {
    PendingCommand command = state == QueueState.LIVE ? table.take() : null;
    if (command != null) {
      command.direct = true;
    }
    return command;
  }

  @Nullable PendingCommand reserved(int number) {
    PendingCommand command = table.reserved(number);
    if (state != QueueState.LIVE || command.state != PendingCommand.IDLE) {
      return null;
    }
    command.direct = true;
    return command;
  }

  void publish(PendingCommand command) {
    command.submitted(System.nanoTime(), settings.timeoutNs());
    if (command.direct) {
      begin(command);
      return;
    }
    submissions.publish(command);
    if (closed || !loop.inLoop()) {
      wake.wake();
    } else {
      pair.hasWork();
    }
  }

  private void woke() {
    if (closed) {
      failWaiting();
    } else if (loop.inLoop()) {
      pair.hasWork();
    }
  }

  void startWaiting() {
    PendingCommand next = submissions.peek();
    if (next == null || !table.hasFree()) {
      return;
    }
    loop.refreshNow();
    for (; next != null && table.hasFree(); next = submissions.peek()) {
      if (next.cancelled) {
        endWaiting(next, Status.ABORT_REQUESTED, null);
      } else {
        submissions.take(table.put(next));
        begin(next);
      }
    }
  }

  void begin(PendingCommand command) {
    command.sending(loop.nowNs(), order++);
    HostConnection open = connection;
    if (open != null) {
      command.carry(granted, timing, usual);
      pair.hasWork();
      open.capsule(command, inCapsuleMax);
    }
  }

  // Answers.

  @Nullable PendingCommand sent(int cid) {
    return table.sent(cid);
  }

  void answered(PendingCommand command) {
    boolean again = command.weigh() && mayGoAgain(command) && !closed;
    HostConnection open = connection;
    if (command.data.r2tLeft > 0 && open != null) {
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

  private static boolean mayGoAgain(PendingCommand command) {
    return command.mayResend() && command.retries < HostQueuePair.RETRIES_MAX && !command.cancelled;
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

  // Ends.

  void finish(PendingCommand command, int status, @Nullable ConnectionException failure) {
    if (command.aborting) {
      command.state = PendingCommand.ENDED;
    } else {
      release(command);
    }
    if (!command.abandoned) {
      end(command, status, failure);
    }
  }

  void release(PendingCommand command) {
    table.release(command);
    if (submissions.peek() != null) {
      pair.hasWork(); // One of those that wait may have its identifier.
    }
  }

  void end(PendingCommand command, int status, @Nullable ConnectionException failure) {
    if (failure != null) {
      loop.stayAwake(); // Its callback may submit to a queue whose turn is over.
    }
    try {
      command.end(status, failure, this);
    } catch (RuntimeException | Error e) {
      LOG.error("queue {}: a completion callback failed", settings.qid(), e);
    }
  }

  /** Ends the first waiting command, which stays in its cell: told first, then given back. */
  void endWaiting(PendingCommand command, int status, @Nullable ConnectionException failure) {
    end(command, status, failure);
    submissions.take(command);
  }

  /** Fails what waits, but only so many: a callback may submit anew each time. */
  void failWaiting() {
    PendingCommand next;
    for (int i = 0; (next = submissions.peek()) != null && i < submissions.capacity(); i++) {
      endWaiting(next, Status.HOST_PATH_ERROR, failing);
    }
  }

  /** What was held goes first, in its order; what must not be sent again ends. */
  void resendHeld(IntPredicate gone) {
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

  void failHeld(ConnectionException cause) {
    for (PendingCommand command : table.held()) {
      finish(command, Status.HOST_PATH_ERROR, cause);
    }
  }

  /** The connection ended under what was sent: held if it may be sent again, else ended. */
  void connectionEnded(boolean hold, ConnectionException cause) {
    loop.refreshNow();
    for (int cid = 0; cid < table.size(); cid++) {
      PendingCommand command = table.at(cid);
      if (command.state != PendingCommand.SENT) {
        continue;
      }
      if (command.timedOut) {
        finish(command, Status.ABORTED_BY_HOST, pair.late("no answer in time to " + command));
      } else if (command.cancelled) {
        finish(command, Status.ABORT_REQUESTED, null);
      } else if (hold && mayGoAgain(command)) {
        command.state = PendingCommand.HELD;
      } else {
        finish(command, Status.HOST_PATH_ERROR, cause);
      }
    }
  }
}
