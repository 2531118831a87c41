package io.mora.initiator;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.mora.initiator.auth.HostAuthenticator;
import io.mora.initiator.control.AbortWindow;
import io.mora.initiator.control.AdminQueue;
import io.mora.initiator.control.AsyncEvents;
import io.mora.initiator.control.ControllerInfo;
import io.mora.initiator.control.ControllerSetup;
import io.mora.initiator.control.KeepAlive;
import io.mora.initiator.control.NamespaceInfo;
import io.mora.initiator.control.NamespaceScan;
import io.mora.initiator.intent.IntentSession;
import io.mora.initiator.path.LifeTimers;
import io.mora.initiator.path.LifeTimers.Purpose;
import io.mora.initiator.path.Reconnector;
import io.mora.initiator.queue.HostQueuePair;
import io.mora.initiator.queue.QueueOwner;
import io.mora.initiator.sync.QueueGate;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.data.IdentifyController;
import io.mora.protocol.net.IoLoop;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of an association: connect, live, lose and find the controller, close.
 *
 * <p>Everything happens on the home loop, which is the admin queue's; {@link #disconnect}, {@link
 * #rescan} and {@link #connectionEnded} may be called from others and hop there.
 */
final class AssociationLife implements QueueOwner {
  private static final Logger LOG = LoggerFactory.getLogger(AssociationLife.class);
  private static final long STILL_CLOSING_MS = 10;
  private static final long DRAIN_POLL_MS = 2;
  private static final long SHUTDOWN_MS_MAX = 30_000;

  /** Between two looks at what is measured, and at least between two reports to the target. */
  private static final long TICK_MS = 100;

  private final TcpAssociation association;
  private final ConnectOptions options;
  private final IoLoop home;
  private final QueueGroup queues;
  private final ControllerSetup setup;
  private final NamespaceScan scan;
  private final KeepAlive keepAlive;
  private final AsyncEvents events;
  private final Reconnector reconnector;
  private final LifeTimers timers;
  private final AdminQueue adminQueue;
  private final AbortWindow aborts;
  private final IntentSession session;
  private final CompletableFuture<Association> connected = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private Runnable whenClosed = () -> {};
  private boolean attempting;
  private boolean ending;
  private @Nullable ConnectionException lostInAttempt;
  private @Nullable ControllerInfo info;

  AssociationLife(TcpAssociation association, HostPlace place) {
    this.association = association;
    this.options = association.options();
    this.home = place.loop(0);
    this.timers = new LifeTimers(home);
    this.queues = new QueueGroup(options, place, this);
    this.adminQueue = new AdminQueue(queues.admin());
    this.aborts = new AbortWindow(adminQueue);
    this.session =
        new IntentSession(adminQueue, home, options.latencyIntent(), options.targetTiming());
    this.setup = new ControllerSetup(adminQueue, home);
    this.scan = new NamespaceScan(adminQueue);
    this.keepAlive = new KeepAlive(queues.admin(), options.keepAliveTimeoutMs());
    this.events = new AsyncEvents(queues.admin(), this::event);
    this.reconnector =
        new Reconnector(
            options.reconnectDelayMs(),
            options.controllerLossTimeoutMs(),
            ThreadLocalRandom.current());
  }

  AdminQueue adminQueue() {
    return adminQueue;
  }

  QueueGate gate() {
    return queues.gate();
  }

  AbortWindow aborts() {
    return aborts;
  }

  IntentSession session() {
    return session;
  }

  /** What to do first when it is over; before {@link #start}. */
  void whenClosed(Runnable task) {
    whenClosed = task;
  }

  // Connecting.

  /** Connects; any thread. */
  CompletableFuture<Association> start() {
    home.execute(this::attempt);
    return connected;
  }

  private void attempt() {
    if (association.state() != AssociationState.CONNECTING
        && association.state() != AssociationState.RECONNECTING) {
      return;
    }
    if (!queues.isIdle()) {
      timers.after(Purpose.ATTEMPT, STILL_CLOSING_MS, this::attempt);
      return;
    }
    attempting = true;
    lostInAttempt = null;
    limitAttempt();
    queues
        .resolve()
        .thenComposeAsync(this::connect, home::execute)
        .whenCompleteAsync(this::attempted, home::execute);
  }

  /** Each step has its own limit; a controller that uses up each would still take minutes. */
  private void limitAttempt() {
    long ms = options.attemptTimeoutMs() + ControllerInfo.readyTimeoutMs(info);
    String text = association + ": not connected in " + ms + " ms";
    timers.after(
        Purpose.ATTEMPT_LIMIT,
        ms,
        () -> abandonAttempt(new ConnectionException(Reason.TIMEOUT, text)));
  }

  private void abandonAttempt(ConnectionException cause) {
    if (attempting && lostInAttempt == null) {
      lostInAttempt = cause;
      queues.admin().failFast(cause); // A step of the attempt may be about to ask something.
      queues.disconnect(cause);
    }
  }

  private CompletableFuture<List<NamespaceInfo>> connect(InetSocketAddress address) {
    boolean discovery = options.subsystem().isDiscovery();
    return queues
        .openAdmin(address)
        .thenCompose(reply -> setup.enable(reply.controllerId(), discovery))
        .thenCompose(session::optIn)
        .thenCompose(
            enabled -> {
              info = enabled;
              association.info(enabled);
              if (discovery || enabled.identify().isDiscoveryController()) {
                return CompletableFuture.completedFuture(List.<NamespaceInfo>of());
              }
              return setup
                  .requestQueues(queues.wanted())
                  .thenCompose(granted -> session.declareConsumers(queues.cpus(granted)))
                  .thenCompose(count -> queues.openIo(address, enabled, count, session.totals()))
                  .thenComposeAsync(opened -> scan.scan(), home::execute);
            });
  }

  private void attempted(@Nullable List<NamespaceInfo> found, @Nullable Throwable failure) {
    attempting = false;
    timers.cancel(Purpose.ATTEMPT_LIMIT);
    if (ending) {
      HostAuthenticator.forget(failure);
      return;
    }
    if (lostInAttempt != null || found == null) {
      attemptFailed(Reconnector.causeOf(failure, lostInAttempt));
      return;
    }
    Set<Integer> gone = association.namespaceSet().update(found);
    association.selector().queues(queues.io());
    timers.cancelAll();
    timers.every(Purpose.TICK, TICK_MS, this::tick);
    LOG.info(
        "{}: connected, controller {}, {} I/O queues of {} entries, {} namespaces",
        association,
        association.controllerId(),
        queues.io().length,
        queues.io().length == 0 ? 0 : queues.io()[0].size(),
        found.size());
    association.state(AssociationState.LIVE);
    queues.resume(gone);
    keepAlive.start();
    session.live();
    aborts.limit(info == null ? 1 : info.abortsMax());
    if (info != null && info.identify().value(IdentifyController.Field.OAES) != 0) {
      events.request();
    }
    if (!connected.complete(association)) {
      association.tellNamespaces();
    }
  }

  private void attemptFailed(Throwable cause) {
    ConnectionException why =
        cause instanceof ConnectionException known
            ? known
            : new ConnectionException(Reason.LOST, "connecting failed: " + cause, cause);
    queues.disconnect(why);
    if (queues.secured(cause)) {
      attempt();
    } else if (association.state() == AssociationState.CONNECTING) {
      end(why, cause);
    } else if (association.state() == AssociationState.RECONNECTING) {
      LOG.warn("{}: attempt {} failed: {}", association, reconnector.attempts(), cause.toString());
      if (reconnector.failed(cause)) {
        nextAttempt();
      } else {
        giveUp("the controller refuses", cause);
      }
    }
  }

  // Losing the controller.

  @Override
  public void connectionEnded(HostQueuePair queue, ConnectionException cause) {
    home.execute(() -> lost(queue, cause));
  }

  private void lost(HostQueuePair queue, ConnectionException cause) {
    queues.ended(queue);
    AssociationState state = association.state();
    if (state == AssociationState.LIVE) {
      reconnect(cause);
    } else if (state == AssociationState.CLOSING) {
      end(closing(), closing());
    } else {
      abandonAttempt(cause);
    }
  }

  private void reconnect(ConnectionException cause) {
    LOG.warn("{}: lost: {}", association, cause.getMessage());
    keepAlive.stop();
    timers.cancel(Purpose.TICK);
    session.lost();
    association.state(AssociationState.RECONNECTING);
    queues.admin().failFast(cause);
    queues.disconnect(cause);
    reconnector.lost(nowMs());
    if (!reconnector.mayTry(nowMs())) {
      giveUp("reconnecting is off", cause);
      return;
    }
    if (options.controllerLossTimeoutMs() != ConnectOptions.FOREVER) {
      long ms = options.controllerLossTimeoutMs();
      timers.after(Purpose.LOSS, ms, () -> giveUp("not back in " + ms + " ms", cause));
    }
    if (options.fastIoFailTimeoutMs() != ConnectOptions.OFF) {
      timers.after(Purpose.FAIL_FAST, options.fastIoFailTimeoutMs(), () -> failFast(cause));
    }
    nextAttempt();
  }

  private void nextAttempt() {
    ControllerInfo known = info;
    long cqtMs = known == null ? 0 : known.identify().value(IdentifyController.Field.CQT);
    timers.after(Purpose.ATTEMPT, reconnector.nextDelayMs(nowMs(), cqtMs), this::attempt);
  }

  private void failFast(ConnectionException cause) {
    if (association.state() == AssociationState.RECONNECTING) {
      String text = "no connection for " + options.fastIoFailTimeoutMs() + " ms";
      queues.failFast(reconnector.because(Reason.LOST, text, cause));
    }
  }

  private void giveUp(String text, Throwable cause) {
    if (association.state() == AssociationState.RECONNECTING) {
      ConnectionException why = reconnector.because(Reason.GIVEN_UP, text, cause);
      LOG.error("{}: {}", association, why.getMessage());
      end(why, why);
    }
  }

  /** Over: every command ends with the cause. */
  private void end(ConnectionException why, Throwable told) {
    timers.cancelAll();
    keepAlive.stop();
    if (ending) {
      return;
    }
    ending = true;
    association.state(AssociationState.CLOSING);
    queues
        .close(why)
        .whenCompleteAsync(
            (done, failure) -> {
              association.state(AssociationState.CLOSED);
              whenClosed.run();
              closed.complete(null);
              connected.completeExceptionally(told);
            },
            home::execute);
  }

  // Events.

  private void event(int dw0) {
    association.tellEvent(dw0);
    session.event(dw0);
    if (AsyncEvents.isNamespaceChange(dw0)) {
      CompletableFuture<Void> ignored = rescan(true);
      ignored.exceptionally(
          failure -> {
            LOG.warn(
                "{}: reading the namespaces again failed: {}", association, failure.toString());
            return null;
          });
    } else if (AsyncEvents.isPersistentError(dw0)) {
      queues.disconnect(
          new ConnectionException(Reason.CONTROLLER_FAILED, "persistent internal error"));
    }
  }

  /** Reads the namespaces anew; any thread. */
  CompletableFuture<Void> rescan(boolean acknowledge) {
    return association.namespaceSet().rescan(scan, acknowledge, home);
  }

  private void tick() {
    session.tick();
    association.selector().tick();
  }

  @Override
  public void abort(HostQueuePair queue, int cid, Runnable settled) {
    home.execute(() -> aborts.abort(queue.qid(), cid, settled));
  }

  // Closing.

  /** Ends in good order; any thread; never fails. New commands are refused from now. */
  CompletableFuture<Void> disconnect() {
    ConnectionException why = closing();
    queues.refuse(association.selector().queues(), why);
    home.execute(this::beginClose);
    return closed;
  }

  private void beginClose() {
    AssociationState state = association.state();
    if (state == AssociationState.LIVE) {
      association.state(AssociationState.CLOSING);
      drain(nowMs() + options.drainTimeoutMs());
    } else if (state != AssociationState.CLOSING && state != AssociationState.CLOSED) {
      end(closing(), closing());
    }
  }

  private void drain(long deadlineMs) {
    if (queues.outstanding() > 0 && nowMs() < deadlineMs && !queues.isIdle()) {
      timers.after(Purpose.ATTEMPT, DRAIN_POLL_MS, () -> drain(deadlineMs));
      return;
    }
    keepAlive.stop();
    ControllerInfo known = info;
    long ms = known == null ? 0 : Math.min(SHUTDOWN_MS_MAX, known.shutdownTimeoutMs());
    setup
        .shutDown(ms)
        .orTimeout(ms, MILLISECONDS)
        .whenCompleteAsync(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("{}: shutdown: {}", association, Reconnector.causeOf(failure).toString());
              }
              end(closing(), closing());
            },
            home::execute);
  }

  private ConnectionException closing() {
    return new ConnectionException(Reason.CLOSED, association + " was disconnected");
  }

  private static long nowMs() {
    return NANOSECONDS.toMillis(System.nanoTime());
  }
}
