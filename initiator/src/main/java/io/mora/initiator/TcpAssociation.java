package io.mora.initiator;

import io.mora.initiator.control.AbortWindow;
import io.mora.initiator.control.ControllerInfo;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.intent.IntentGrant;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.RawCommand;
import io.mora.initiator.locality.IoConsumer;
import io.mora.initiator.locality.QueueSelector;
import io.mora.initiator.queue.HostQueuePair;
import io.mora.initiator.signals.AssociationSignals;
import io.mora.initiator.signals.AssociationSignals.Aborts;
import io.mora.initiator.signals.AssociationSignals.QueuePlace;
import io.mora.initiator.sync.ThreadQueue;
import io.mora.initiator.transfer.RawSubmission;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.data.IdentifyController;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What callers see of an association; {@link AssociationLife} moves it along. */
final class TcpAssociation implements Association {
  private static final Logger LOG = LoggerFactory.getLogger(TcpAssociation.class);

  private final ConnectOptions options;
  private final QueueSelector selector;
  private final @Nullable IoConsumer stages;
  private final AssociationLife life;
  private final NamespaceSet namespaces = new NamespaceSet(this);
  private final List<AssociationListener> listeners = new CopyOnWriteArrayList<>();
  private volatile AssociationState state = AssociationState.CONNECTING;
  private volatile @Nullable ControllerInfo info;

  TcpAssociation(ConnectOptions options, HostPlace place) {
    this.options = options;
    this.selector = new QueueSelector(place.topology());
    Executor executor = options.completionExecutor();
    this.stages = executor == null ? null : IoConsumer.on(executor, IoConsumer.ANYWHERE);
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
    return selector.queues().length;
  }

  @Override
  public int outstanding() {
    int sum = 0;
    for (HostQueuePair queue : selector.queues()) {
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
    return RawSubmission.submit(life.adminQueue().pair(), command, stages);
  }

  @Override
  public CompletionStage<Completion> io(int queue, RawCommand command) {
    return RawSubmission.submit(queue(queue), command, stages);
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

  @Override
  public ThreadQueue openThreadQueue(long spinNs) {
    return ThreadQueue.open(life.gate(), namespaces, spinNs);
  }

  @Override
  public IntentGrant intentGrant() {
    return life.session().grant();
  }

  @Override
  public CompletionStage<IntentGrant> readIntentGrant() {
    return life.session().readGrant();
  }

  @Override
  public void usualIntent(int queue, @Nullable Intent intent) {
    queue(queue).usualIntent(intent);
  }

  @Override
  public AssociationSignals signals() {
    List<QueuePlace> places = new ArrayList<>();
    for (HostQueuePair queue : selector.queues()) {
      int pinned = queue.loop().pinnedCpu();
      places.add(new QueuePlace(queue.qid(), pinned, queue.drainCpu(), queue.incomingCpu()));
    }
    AbortWindow aborts = life.aborts();
    return new AssociationSignals(
        life.session().totals().classes(),
        places,
        life.session().regions().signals(),
        new Aborts(aborts.sent(), aborts.aborted(), aborts.skipped()),
        selector.repairs(),
        life.session().feedback().sent());
  }

  QueueSelector selector() {
    return selector;
  }

  /** Where stages complete whose view says nothing else, or null for the queue's loop. */
  @Nullable IoConsumer stages() {
    return stages;
  }

  HostQueuePair queue(int index) {
    return selector.queues()[index];
  }

  // From the life, on the home loop.

  NamespaceSet namespaceSet() {
    return namespaces;
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
