package io.mora.target.controller;

import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.command.Connect;
import io.mora.protocol.status.Status;
import io.mora.target.controller.notice.ErrorLog;
import io.mora.target.controller.notice.Notices;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.controller.queue.Limits;
import io.mora.target.controller.queue.QueueOwner;
import io.mora.target.controller.queue.QueuePair;
import io.mora.target.metrics.BusyTime;
import io.mora.target.metrics.IoTotals;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.HostMemory;
import io.mora.target.subsystem.KnownHost;
import io.mora.target.subsystem.NamespaceTable;
import io.mora.target.subsystem.NamespaceView;
import io.mora.target.subsystem.Subsystem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One association: an admin queue on the subsystem's home shard and I/O queues anywhere.
 *
 * <p>Unless a method says otherwise it runs on the home shard.
 */
public final class Controller implements QueueOwner {
  private final ControllerTable table;
  private final int cntlid;
  private final ConnectRequest.Identity identity;
  private final Properties properties;
  private final KeepAlive keepAlive;
  private final Notices notices = new Notices();
  private final NamespaceView namespaces;
  private final IntentState intent;
  private final IoTotals retired = new IoTotals();
  private final ClassLog classLog;
  private final long createdNs;
  private final BusyTime busy = new BusyTime(System.nanoTime());

  private final IoQueues ioQueues;
  private final List<Runnable> whenGone = new ArrayList<>();
  private @Nullable QueuePair admin;
  private int live;
  private boolean ended;

  /** I/O commands are served: CC.EN and CSTS.RDY set, no shutdown. Read by every shard. */
  private volatile boolean ready;

  private volatile boolean writeThrough;

  Controller(ControllerTable table, int cntlid, ConnectRequest request) {
    this.table = table;
    this.cntlid = cntlid;
    this.identity = request.identity();
    this.ioQueues = new IoQueues(table.limits().ioQueuesMax());
    this.intent = table.intentFor(request.identity().hostNqn());
    this.classLog = new ClassLog(table.limits().ioQueuesMax() + 1, intent.registrations());
    this.namespaces = new NamespaceView(table.subsystem(), request.identity().hostNqn().value());
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

  /** The namespaces its host may see; any thread. */
  public NamespaceTable namespaces() {
    return namespaces.table();
  }

  /** Namespaces of its subsystem came or went, and some changed. */
  void namespacesChanged(Collection<Integer> changed) {
    notices.namespaces().add(namespaces.refresh(changed));
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

  @Override
  public HostMemory memory(QueuePair queuePair) {
    Limits limits = limits();
    return intent
        .host()
        .memory(queuePair.turn().shard(), limits.hostMemoryBytes(), limits.maxTransferBytes());
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

  /** What its host is to be told. */
  public Notices notices() {
    return notices;
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

  /** I/O queues granted by Set Features 07h. */
  public int ioGranted() {
    return ioQueues.granted();
  }

  public void grantIoQueues(int queues) {
    ioQueues.grant(queues);
  }

  /** The queue pair of an I/O queue, or null. */
  public @Nullable QueuePair ioQueue(int qid) {
    return ioQueues.find(qid);
  }

  public boolean hasIoQueues() {
    return ioQueues.any();
  }

  /** I/O queues that are served. */
  public void forEachIoQueue(Consumer<QueuePair> action) {
    ioQueues.forEach(action);
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

  /** Sees whether it has I/O commands under way. */
  void look(long nowNs) {
    busy.look(ioQueues.areBusy(), nowNs);
  }

  /** For how long it had I/O commands under way. */
  public BusyTime busy() {
    return busy;
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
    if (request.identity().secure() != identity.secure()) {
      // Nobody gets beside a TLS connection without a key, by names and numbers that can be
      // guessed.
      return Verdict.invalid(Verdict.HOSTNQN, true);
    }
    if (qid > ioQueues.granted()) {
      return Verdict.invalid(Connect.QID, false);
    }
    if (ended || !ready) {
      return Verdict.later(Status.COMMAND_SEQUENCE_ERROR | Status.DNR);
    }
    // Perhaps an old connection that still drains: not for ever.
    return ioQueues.claim(qid)
        ? Verdict.accepted(this)
        : Verdict.later(Status.COMMAND_SEQUENCE_ERROR);
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
      ioQueues.gone(qid);
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
      ioQueues.served(queuePair);
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
      ioQueues.gone(queuePair.qid());
    }
    removeIfGone();
  }

  /** Drops the I/O queues and runs the action when the last has drained. */
  void dropIoQueues(Runnable whenDrained) {
    ioQueues.whenNone(whenDrained);
    ioQueues.forEach(queuePair -> closeQueue(queuePair, "controller reset"));
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
    ControllerTable.ENDED.line("Controller {} of {} ends: {}", cntlid, subsystem(), reason);
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
    long[] latest = {adminQueue == null ? home().nowNs() : adminQueue.lastCommandNs()};
    ioQueues.forEach(queue -> latest[0] = Math.max(latest[0], queue.lastCommandNs()));
    return latest[0];
  }

  // --- what the queues tell

  /** A command failed; called on its queue pair's shard. */
  @Override
  public void commandFailed(QueuePair queuePair, CommandSlot slot) {
    int code = Status.code(slot.status);
    if (code == Status.INTENT_EXPIRED || code == Status.INTENT_CANNOT_MEET) {
      return; // What was asked for is no error, and there may be as many as there are reads.
    }
    if (queuePair.qid() == 0) {
      notices.errors().add(ErrorLog.Entry.of(queuePair.qid(), slot));
    } else if (notices.errors().reserve()) {
      ErrorLog.Entry entry = ErrorLog.Entry.of(queuePair.qid(), slot);
      home().shard().execute(() -> notices.errors().addReserved(entry));
    }
  }

  /** Totals of all I/O queues, those that are gone included. */
  public IoTotals ioTotals() {
    IoTotals sum = new IoTotals();
    sum.add(retired);
    ioQueues.forEach(queuePair -> sum.add(queuePair.totals()));
    return sum;
  }
}
