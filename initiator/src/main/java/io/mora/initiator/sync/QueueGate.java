package io.mora.initiator.sync;

import io.mora.initiator.ConnectOptions;
import io.mora.initiator.queue.HostQueuePair;
import io.mora.initiator.queue.QueueOwner;
import io.mora.initiator.queue.QueueSettings;
import io.mora.initiator.signals.GcPauses;
import io.mora.initiator.signals.QueueSignals;
import io.mora.initiator.signals.SignalTotals;
import io.mora.initiator.sync.GateState.Kind;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.net.IoLoop;
import io.mora.protocol.net.TransportKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands between an association and the queues that threads drive themselves. The association
 * says here whether there is a controller; a thread looks when it drives its queue. So neither
 * waits for the other: nobody but its thread can do anything for such a queue.
 *
 * <p>Threads: changes come from the association's home loop ({@link #refuse} from any); {@link
 * #state} is one volatile field. Who is attached is under a lock, taken when that or the state
 * changes and never for an I/O.
 */
public final class QueueGate {
  private static final Logger LOG = LoggerFactory.getLogger(QueueGate.class);

  private final ConnectOptions options;
  private final IoLoop home;
  private final GcPauses pauses;
  private final QueueOwner association;
  private volatile GateState state =
      new GateState(
          Kind.SHUT, null, 0, Map.of(), new ConnectionException(Reason.LOST, "not connected yet"));

  // Under the lock.
  private final Map<Integer, ThreadQueue> attached = new HashMap<>();
  private final Map<Integer, QueueSignals> signals = new HashMap<>();
  private int queueSize;
  private @Nullable SignalTotals totals;

  /**
   * @param association told of lost connections and asked for Aborts
   */
  public QueueGate(ConnectOptions options, IoLoop home, GcPauses pauses, QueueOwner association) {
    this.options = options;
    this.home = home;
    this.pauses = pauses;
    this.association = association;
  }

  // From the association.

  /** What queues have in common; before the first {@link #open}. */
  public synchronized void queuesOf(int entries, SignalTotals newTotals) {
    queueSize = entries;
    totals = newTotals;
  }

  /** Connected, for the first time or again. */
  public synchronized void open(LiveController controller, Set<Integer> gone) {
    GateState before = state;
    long epoch = before.epoch() + 1;
    Map<Integer, Long> goneAt = new HashMap<>(before.goneAt());
    gone.forEach(nsid -> goneAt.put(nsid, epoch));
    ConnectionException why =
        new ConnectionException(Reason.LOST, "the association has connected anew");
    change(new GateState(Kind.LIVE, controller, epoch, Map.copyOf(goneAt), why));
  }

  /** The controller is lost. */
  public synchronized void shut(ConnectionException why) {
    Kind kind = state.kind();
    if (kind == Kind.LIVE || kind == Kind.CLOSING) {
      change(state.with(Kind.SHUT, why));
    }
  }

  /** It has been lost for too long. */
  public synchronized void failFast(ConnectionException why) {
    if (state.kind() == Kind.SHUT) {
      change(state.with(Kind.FAILING, why));
    }
  }

  /** The association is closing. */
  public synchronized void refuse(ConnectionException why) {
    if (state.kind() == Kind.LIVE) {
      change(state.with(Kind.CLOSING, why));
    }
  }

  /** It is over. Each queue's connection is closed by its thread, when that comes by. */
  public void close(ConnectionException why) {
    change(state.with(Kind.OVER, why));
    for (ThreadQueue queue : attached()) {
      if (!queue.owner().isAlive()) {
        LOG.warn("{} was never closed, and its thread has ended: its socket stays open", queue);
      }
    }
  }

  /** Commands of threads that wait for them now; what nobody waits for is not waited for. */
  public int outstanding() {
    int sum = 0;
    for (ThreadQueue queue : attached()) {
      sum += queue.isDriven() ? queue.outstanding() : 0;
    }
    return sum;
  }

  private synchronized void change(GateState next) {
    if (state.kind() != Kind.OVER) {
      state = next;
      attached.values().forEach(ThreadQueue::wakeup);
    }
  }

  private synchronized List<ThreadQueue> attached() {
    return new ArrayList<>(attached.values());
  }

  // From threads' queues.

  GateState state() {
    return state;
  }

  ConnectOptions options() {
    return options;
  }

  TransportKind transport() {
    return home.transport();
  }

  /** The lowest queue id that is free, with the settings of its queue; the thread's. */
  synchronized QueueSettings place() {
    GateState now = state;
    LiveController controller = now.controller();
    if (now.kind() != Kind.LIVE || controller == null) {
      throw new ConnectionException(now.why().reason(), "no queue to be had", now.why());
    }
    int qid = controller.loopQueues() + 1;
    while (attached.containsKey(qid)) {
      qid++;
    }
    if (qid > controller.queues()) {
      throw new RejectedExecutionException(
          attached.size()
              + " threads have a queue of their own: "
              + (controller.queues() - controller.loopQueues())
              + " granted of threadQueues "
              + options.threadQueues());
    }
    QueueSignals measured = signals.computeIfAbsent(qid, this::signalsOf);
    long timeoutNs = TimeUnit.MILLISECONDS.toNanos(options.ioTimeoutMs());
    boolean hold = options.controllerLossTimeoutMs() != 0;
    return new QueueSettings(qid, queueSize, 1, options.waitingMax(), timeoutNs, hold, measured);
  }

  private QueueSignals signalsOf(int qid) {
    QueueSignals made = new QueueSignals(pauses, options.slowIoNs());
    SignalTotals all = totals;
    if (all != null) {
      all.add(made);
    }
    return made;
  }

  /**
   * Takes the place.
   *
   * @return false if somebody else has it by now
   */
  synchronized boolean attach(ThreadQueue queue) {
    return attached.putIfAbsent(queue.qid(), queue) == null;
  }

  /** Gives the place back; the queue is not woken any more. */
  synchronized void detach(ThreadQueue queue) {
    attached.remove(queue.qid(), queue);
  }

  /** Wakes the queue's thread if it sleeps on it. */
  synchronized void wake(ThreadQueue queue) {
    if (attached.get(queue.qid()) == queue) {
      queue.wakeup();
    }
  }

  /** A connection made in this state was lost, unless everybody knows already. */
  void lost(HostQueuePair queue, GateState in, ConnectionException cause) {
    try {
      home.execute(
          () -> {
            if (state == in) {
              association.connectionEnded(queue, cause);
            }
          });
    } catch (RejectedExecutionException ended) {
      LOG.debug("queue {}: lost after the initiator's end", queue.qid());
    }
  }

  void abort(HostQueuePair queue, int cid, Runnable settled) {
    association.abort(queue, cid, settled);
  }
}
