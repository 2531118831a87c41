package io.mora.target.controller;

import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.command.Connect;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.status.Status;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.controller.queue.IoTotals;
import io.mora.target.controller.queue.Limits;
import io.mora.target.controller.queue.QueueOwner;
import io.mora.target.controller.queue.QueuePair;
import io.mora.target.reservation.ReservationLog;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.KnownHost;
import io.mora.target.subsystem.Subsystem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One association: an admin queue on the subsystem's home shard and I/O queues anywhere.
 *
 * <p>Unless a method says otherwise it runs on the home shard.
 */
public final class Controller implements QueueOwner {
  private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

  private final ControllerTable table;
  private final int cntlid;
  private final ConnectRequest.Identity identity;
  private final Properties properties;
  private final KeepAlive keepAlive;
  private final ReservationLog reservationLog = new ReservationLog();
  private final ErrorLog errorLog = new ErrorLog();
  private final IntentState intent;
  private final IoTotals retired = new IoTotals();
  private final ClassLog classLog;
  private final long createdNs;

  /** I/O queues by QID; a claim is an entry without a queue pair yet. */
  private final @Nullable QueuePair[] ioQueues;

  private final boolean[] claimed;
  private final List<Runnable> whenIoDrained = new ArrayList<>();
  private final List<Runnable> whenGone = new ArrayList<>();
  private @Nullable QueuePair admin;
  private int live;
  private int ioGranted;
  private boolean ended;

  /** I/O commands are served: CC.EN and CSTS.RDY set, no shutdown. Read by every shard. */
  private volatile boolean ready;

  private volatile boolean writeThrough;

  Controller(ControllerTable table, int cntlid, ConnectRequest request) {
    this.table = table;
    this.cntlid = cntlid;
    this.identity = request.identity();
    this.ioQueues = new QueuePair[table.limits().ioQueuesMax() + 1];
    this.claimed = new boolean[ioQueues.length];
    this.ioGranted = table.limits().ioQueuesMax();
    this.intent = table.intentFor(request.identity().hostNqn());
    this.classLog = new ClassLog(ioQueues.length, intent.registrations());
    this.createdNs = table.home().nowNs();
    this.properties = new Properties(this);
    this.keepAlive = new KeepAlive(this, request.katoMs());
  }

  public int cntlid() {
    return cntlid;
  }

  public Subsystem subsystem() {
    return table.subsystem();
  }

  public ConnectRequest.Identity identity() {
    return identity;
  }

  @Override
  public Limits limits() {
    return table.limits();
  }

  /** All controllers of its subsystem, also those that ended and have not drained; home shard. */
  public List<Controller> ofSubsystem() {
    return table.controllers();
  }

  public ShardTurn home() {
    return table.home();
  }

  public Properties properties() {
    return properties;
  }

  public KeepAlive keepAlive() {
    return keepAlive;
  }

  public ReservationLog reservationLog() {
    return reservationLog;
  }

  public ErrorLog errorLog() {
    return errorLog;
  }

  public IntentState intent() {
    return intent;
  }

  /** There is a hot tier. */
  public boolean hasHotTier() {
    return table.grants().hasHotTier();
  }

  /** A speculative read is a prefetch. */
  public boolean readaheadIsPrefetch() {
    return table.grants().intent().readahead() == IntentSpec.Readahead.PREFETCH;
  }

  /** Controller reset: the host has to opt in again. */
  public void resetIntent() {
    intent.reset();
  }

  /** True while I/O commands are served; any thread. */
  public boolean isReady() {
    return ready;
  }

  void ready(boolean now) {
    ready = now;
  }

  /** The host turned the volatile write cache off: every write is durable when it completes. */
  public boolean isWriteThrough() {
    return writeThrough;
  }

  public void writeThrough(boolean now) {
    writeThrough = now;
  }

  /** Flushes every namespace with a volatile cache, then tells the worst packed status. */
  public void flushAll(IntConsumer whenDone) {
    new ShutdownFlush(this).run(whenDone);
  }

  /** A flush that no command asked for failed: what was acknowledged may not be durable. */
  void flushFailed(int nsid, int status) {
    LOG.error(
        "Controller {}: flush of namespace {} failed with status {}h",
        cntlid,
        nsid,
        Integer.toHexString(status & 0x7FF));
    errorLog.add(ErrorLog.Entry.ofNoCommand(NvmOpcode.FLUSH, status, nsid));
  }

  /** I/O queues granted by Set Features 07h. */
  public int ioGranted() {
    return ioGranted;
  }

  public void grantIoQueues(int queues) {
    ioGranted = queues;
  }

  /** The queue pair of an I/O queue, or null. */
  public @Nullable QueuePair ioQueue(int qid) {
    return qid > 0 && qid < ioQueues.length ? ioQueues[qid] : null;
  }

  public boolean hasIoQueues() {
    for (boolean claim : claimed) {
      if (claim) {
        return true;
      }
    }
    return false;
  }

  /**
   * Runs the action once no earlier controller of the same host that has ended has a command at a
   * device: what the host repeats here must not be overtaken by its first copy.
   */
  void afterPredecessors(Runnable action) {
    List<Controller> draining = table.endedOf(this);
    if (draining.isEmpty()) {
      action.run();
      return;
    }
    int[] left = {draining.size()};
    for (Controller before : draining) {
      before.whenGone.add(
          () -> {
            if (--left[0] == 0) {
              action.run();
            }
          });
    }
  }

  /** What the I/O queues have counted by class. */
  public ClassLog classLog() {
    return classLog;
  }

  /** Since Connect. */
  public long uptimeNs() {
    return home().nowNs() - createdNs;
  }

  public boolean isEnded() {
    return ended;
  }

  // --- queues

  Verdict claim(ConnectRequest request) {
    int qid = request.qid();
    if (!request.identity().hostNqn().equals(identity.hostNqn())) {
      return Verdict.invalid(Verdict.HOSTNQN, true);
    }
    if (!request.identity().hostId().equals(identity.hostId())) {
      return Verdict.invalid(Verdict.HOSTID, true);
    }
    if (qid > ioGranted) {
      return Verdict.invalid(Connect.QID, false);
    }
    if (ended || !ready) {
      return Verdict.later(Status.COMMAND_SEQUENCE_ERROR | Status.DNR);
    }
    if (claimed[qid]) {
      // Perhaps an old connection that still drains: not for ever.
      return Verdict.later(Status.COMMAND_SEQUENCE_ERROR);
    }
    claimed[qid] = true;
    return Verdict.accepted(this);
  }

  /** The shard of an I/O queue that was claimed. */
  ShardTurn place(int qid) {
    KnownHost host = intent.host();
    int cpu = intent.consumerCpu(qid);
    ShardTurn place = table.placement().take(qid, host.shardOf(cpu), home().nowNs());
    host.served(cpu, place.shard().index());
    return place;
  }

  /** An accepted Connect came to nothing: its connection went away. */
  void undoConnect(int qid, ShardTurn placed) {
    if (qid == 0) {
      end("its admin connection was lost during Connect");
    } else {
      table.placement().removed(placed);
      ioQueueGone(qid);
    }
  }

  private void ioQueueGone(int qid) {
    ioQueues[qid] = null;
    claimed[qid] = false;
    if (!hasIoQueues()) {
      List<Runnable> waiting = List.copyOf(whenIoDrained);
      whenIoDrained.clear();
      waiting.forEach(Runnable::run);
    }
  }

  /** A queue pair is served now; called on its shard. */
  void attach(QueuePair queuePair) {
    home().shard().execute(() -> attached(queuePair));
  }

  private void attached(QueuePair queuePair) {
    live++;
    int qid = queuePair.qid();
    if (qid == 0) {
      admin = queuePair;
      keepAlive.start();
    } else {
      ioQueues[qid] = queuePair;
    }
    if (ended || qid != 0 && !ready) {
      closeQueue(queuePair, "its controller is gone");
    }
  }

  /** A queue pair has nothing in flight any more and its connection is gone; on its shard. */
  @Override
  public void queueDrained(QueuePair queuePair) {
    if (queuePair.qid() != 0) {
      table.placement().removed(queuePair.turn());
    }
    home().shard().execute(() -> drained(queuePair));
  }

  private void drained(QueuePair queuePair) {
    live--;
    retired.add(queuePair.totals());
    if (queuePair == admin) {
      end("its admin connection closed");
    } else {
      ioQueueGone(queuePair.qid());
    }
    removeIfGone();
  }

  /** Drops the I/O queues and runs the action when the last has drained. */
  void dropIoQueues(Runnable whenDrained) {
    if (!hasIoQueues()) {
      whenDrained.run();
      return;
    }
    whenIoDrained.add(whenDrained);
    for (QueuePair queuePair : ioQueues) {
      if (queuePair != null) {
        closeQueue(queuePair, "controller reset");
      }
    }
  }

  private static void closeQueue(QueuePair queuePair, String reason) {
    queuePair.turn().shard().execute(() -> queuePair.sink().close(reason));
  }

  /** Ends the association: every connection closes, nothing is answered any more. */
  public void end(String reason) {
    if (ended) {
      return;
    }
    ended = true;
    ready = false;
    intent.reset();
    keepAlive.end();
    LOG.info("Controller {} of {} ends: {}", cntlid, subsystem(), reason);
    QueuePair adminQueue = admin;
    if (adminQueue != null) {
      closeQueue(adminQueue, reason);
    }
    dropIoQueues(() -> {});
    removeIfGone();
  }

  private void removeIfGone() {
    if (ended && live == 0) {
      table.remove(this);
      whenGone.forEach(Runnable::run);
      whenGone.clear();
    }
  }

  /** Latest sign of life on any queue, in nanoseconds of the loops' clock. */
  long lastCommandNs() {
    QueuePair adminQueue = admin;
    long latest = adminQueue == null ? home().nowNs() : adminQueue.lastCommandNs();
    for (QueuePair queuePair : ioQueues) {
      if (queuePair != null) {
        latest = Math.max(latest, queuePair.lastCommandNs());
      }
    }
    return latest;
  }

  // --- what the queues tell

  /** A command failed; called on its queue pair's shard. */
  @Override
  public void commandFailed(QueuePair queuePair, CommandSlot slot) {
    if (Status.code(slot.status) == Status.INTENT_EXPIRED) {
      return; // What was asked for is no error, and there may be as many as there are reads.
    }
    if (queuePair.qid() == 0) {
      errorLog.add(ErrorLog.Entry.of(queuePair.qid(), slot));
    } else if (errorLog.reserve()) {
      ErrorLog.Entry entry = ErrorLog.Entry.of(queuePair.qid(), slot);
      home().shard().execute(() -> errorLog.addReserved(entry));
    }
  }

  /** Totals of all I/O queues, those that are gone included. */
  public IoTotals ioTotals() {
    IoTotals sum = new IoTotals();
    sum.add(retired);
    for (QueuePair queuePair : ioQueues) {
      if (queuePair != null) {
        sum.add(queuePair.totals());
      }
    }
    return sum;
  }
}
