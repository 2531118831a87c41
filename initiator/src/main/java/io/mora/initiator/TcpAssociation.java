package io.mora.initiator;

import io.mora.initiator.control.ControllerInfo;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.RawCommand;
import io.mora.initiator.queue.HostQueuePair;
import io.mora.initiator.queue.RawSubmission;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.data.IdentifyController;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What callers see of an association; {@link AssociationLife} moves it along. */
final class TcpAssociation implements Association {
  private static final Logger LOG = LoggerFactory.getLogger(TcpAssociation.class);
  private static final HostQueuePair[] NONE = {};

  private final ConnectOptions options;
  private final AssociationLife life;
  private final NamespaceSet namespaces = new NamespaceSet(this);
  private final List<AssociationListener> listeners = new CopyOnWriteArrayList<>();
  private volatile AssociationState state = AssociationState.CONNECTING;
  private volatile @Nullable ControllerInfo info;
  private volatile HostQueuePair[] queues = NONE;

  TcpAssociation(ConnectOptions options, HostPlace place) {
    this.options = options;
    this.life = new AssociationLife(this, place);
  }

  AssociationLife life() {
    return life;
  }

  @Override
  public ConnectOptions options() {
    return options;
  }

  @Override
  public AssociationState state() {
    return state;
  }

  @Override
  public int controllerId() {
    return info().controllerId();
  }

  @Override
  public int version() {
    return info().version();
  }

  @Override
  public IdentifyController identify() {
    return info().identify();
  }

  private ControllerInfo info() {
    ControllerInfo known = info;
    if (known == null) {
      throw new IllegalStateException("not connected yet");
    }
    return known;
  }

  @Override
  public List<RemoteNamespace> namespaces() {
    return namespaces.all();
  }

  @Override
  public Optional<RemoteNamespace> findNamespace(int nsid) {
    return namespaces.find(nsid);
  }

  @Override
  public RemoteNamespace namespace(int nsid) {
    return namespaces.get(nsid);
  }

  @Override
  public int queues() {
    return queues.length;
  }

  @Override
  public int outstanding() {
    int sum = 0;
    for (HostQueuePair queue : queues) {
      sum += queue.outstanding();
    }
    return sum;
  }

  @Override
  public CompletionStage<List<RemoteNamespace>> rescan() {
    return life.rescan(false).thenApply(done -> namespaces());
  }

  @Override
  public CompletionStage<Completion> admin(RawCommand command) {
    if (state != AssociationState.LIVE) {
      return CompletableFuture.failedFuture(
          new ConnectionException(Reason.LOST, "the association is " + state));
    }
    return RawSubmission.submit(life.admin(), command, options.completionExecutor());
  }

  @Override
  public CompletionStage<Completion> io(int queue, RawCommand command) {
    return RawSubmission.submit(queue(queue), command, options.completionExecutor());
  }

  @Override
  public void addListener(AssociationListener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(AssociationListener listener) {
    listeners.remove(listener);
  }

  @Override
  public CompletionStage<Void> disconnect() {
    return life.disconnect();
  }

  @Override
  public void close() {
    disconnect().toCompletableFuture().join();
  }

  HostQueuePair queue(int index) {
    return queues[index];
  }

  /** The queue of the calling loop, or one by the calling thread: its completions stay together. */
  HostQueuePair queueOfCaller() {
    HostQueuePair[] all = queues;
    Thread thread = Thread.currentThread();
    if (thread instanceof FastThreadLocalThread) {
      for (HostQueuePair queue : all) {
        if (queue.loop().inLoop()) {
          return queue;
        }
      }
    }
    if (all.length == 0) {
      throw new NoSuchElementException("a discovery controller has no I/O queues");
    }
    return all[(int) (thread.getId() % all.length)];
  }

  // From the life, on the home loop.

  NamespaceSet namespaceSet() {
    return namespaces;
  }

  HostQueuePair[] ioQueues() {
    return queues;
  }

  void ioQueues(HostQueuePair[] newQueues) {
    queues = newQueues;
  }

  void info(ControllerInfo newInfo) {
    info = newInfo;
  }

  void state(AssociationState newState) {
    if (state != newState) {
      state = newState;
      tell(listener -> listener.stateChanged(this, newState));
    }
  }

  void tellNamespaces() {
    List<RemoteNamespace> now = namespaces();
    tell(listener -> listener.namespacesChanged(this, now));
  }

  void tellEvent(int dw0) {
    tell(listener -> listener.asyncEvent(this, dw0));
  }

  private void tell(Consumer<AssociationListener> what) {
    for (AssociationListener listener : listeners) {
      try {
        what.accept(listener);
      } catch (RuntimeException e) {
        LOG.error("a listener of {} failed", this, e);
      }
    }
  }

  @Override
  public String toString() {
    return options.subsystem() + " at " + options.address();
  }
}
