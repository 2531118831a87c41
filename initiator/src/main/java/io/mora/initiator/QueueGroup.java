package io.mora.initiator;

import io.mora.initiator.auth.HostAuthenticator;
import io.mora.initiator.control.ControllerInfo;
import io.mora.initiator.queue.HostQueuePair;
import io.mora.initiator.queue.QueueConnect;
import io.mora.initiator.queue.QueueOwner;
import io.mora.initiator.queue.QueueSettings;
import io.mora.initiator.signals.QueueSignals;
import io.mora.initiator.signals.SignalTotals;
import io.mora.initiator.sync.LiveController;
import io.mora.initiator.sync.QueueGate;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.data.ConnectData;
import io.mora.protocol.data.IdentifyController;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The queues of an association as one: opened together, ended together. On the home loop, but for
 * what it passes on to each queue's own.
 */
final class QueueGroup {
  private static final int ADMIN_SIZE = 32;

  /** Connect, Keep Alive, Asynchronous Event Request. */
  private static final int ADMIN_RESERVED = 3;

  private static final int ADMIN_WAITING_MAX = 256;

  private final ConnectOptions options;
  private final HostPlace place;
  private final QueueOwner owner;
  private final HostQueuePair admin;
  private final QueueGate gate;
  private final HostAuthenticator authenticator;
  private HostQueuePair[] io = {};
  private @Nullable LiveController controller;
  private final Set<HostQueuePair> connected = new HashSet<>();

  QueueGroup(ConnectOptions options, HostPlace place, QueueOwner owner) {
    this.options = options;
    this.place = place;
    this.owner = owner;
    long timeoutNs = TimeUnit.MILLISECONDS.toNanos(options.adminTimeoutMs());
    this.admin =
        HostQueuePair.create(
            place.loop(0),
            new QueueSettings(
                0, ADMIN_SIZE, ADMIN_RESERVED, ADMIN_WAITING_MAX, timeoutNs, false, null),
            owner);
    this.gate = new QueueGate(options, place.loop(0), place.pauses(), owner);
    this.authenticator =
        new HostAuthenticator(
            options.dhchap(),
            options.tls(),
            place.hostNqn(),
            options.subsystem(),
            place.resolver());
  }

  /** Where threads get queues that they drive themselves. */
  QueueGate gate() {
    return gate;
  }

  HostQueuePair admin() {
    return admin;
  }

  HostQueuePair[] io() {
    return io;
  }

  /** No queue has a connection, nor is making one. */
  boolean isIdle() {
    return connected.isEmpty();
  }

  void ended(HostQueuePair queue) {
    connected.remove(queue);
  }

  /** I/O queues to ask for. */
  int wanted() {
    return ofLoops() + options.threadQueues();
  }

  private int ofLoops() {
    int asked = options.queues();
    return asked == 0 ? place.loops().size() : asked;
  }

  /** The address, looked up on the resolver's thread if it is a name. */
  CompletableFuture<InetSocketAddress> resolve() {
    if (options.address().isLiteral()) {
      return CompletableFuture.completedFuture(options.address().socketAddress());
    }
    return CompletableFuture.supplyAsync(this::lookUp, place.resolver());
  }

  private InetSocketAddress lookUp() {
    String host = options.address().host();
    try {
      return new InetSocketAddress(InetAddress.getByName(host), options.address().port());
    } catch (UnknownHostException e) {
      throw new CompletionException(
          new ConnectionException(Reason.UNREACHABLE, host + ": unknown host", e));
    }
  }

  CompletableFuture<QueueConnect.Reply> openAdmin(InetSocketAddress address) {
    connected.add(admin);
    int katoMs = (int) options.keepAliveTimeoutMs();
    return admin
        .open(connect(address, katoMs, ConnectData.DYNAMIC_CONTROLLER))
        .thenApply(
            reply -> {
              admin.resume(nsid -> false);
              return reply;
            });
  }

  /** Where the loops of the I/O queues run, in order of QID; -1 is anywhere. */
  int[] cpus(int granted) {
    int[] cpus = new int[Math.min(wanted(), granted)];
    for (int i = 0; i < cpus.length; i++) {
      cpus[i] = place.loop(i).pinnedCpu();
    }
    return cpus;
  }

  /** Opens every I/O queue; makes them the first time. */
  CompletableFuture<Void> openIo(
      InetSocketAddress address, ControllerInfo info, int granted, SignalTotals totals) {
    if (io.length == 0) {
      io = create(Math.min(ofLoops(), granted), info, totals);
    } else if (granted < io.length) {
      return CompletableFuture.failedFuture(
          new ConnectionException(
              Reason.CONTROLLER_FAILED,
              "the controller grants " + granted + " I/O queues where it had " + io.length));
    }
    QueueConnect how = connect(address, 0, info.controllerId());
    int inCapsule = (int) Math.min(info.identify().inCapsuleDataBytes(), Integer.MAX_VALUE);
    controller =
        new LiveController(how, inCapsule, info.grant(), io.length, Math.min(wanted(), granted));
    CompletableFuture<?>[] opened = new CompletableFuture<?>[io.length];
    for (int i = 0; i < io.length; i++) {
      HostQueuePair queue = io[i];
      connected.add(queue);
      opened[i] =
          CompletableFuture.supplyAsync(
                  () -> {
                    queue.inCapsuleMax(inCapsule);
                    queue.carryIntent(info.grant(), options.targetTiming());
                    return queue.open(how);
                  },
                  queue.loop()::execute)
              .thenCompose(reply -> reply);
    }
    return CompletableFuture.allOf(opened);
  }

  private HostQueuePair[] create(int count, ControllerInfo info, SignalTotals totals) {
    int maxCmd = (int) info.identify().value(IdentifyController.Field.MAXCMD);
    int limit = Math.min(info.queueSizeMax(), maxCmd == 0 ? Integer.MAX_VALUE : maxCmd);
    int size = Math.max(2, Math.min(options.queueDepth(), limit));
    long timeoutNs = TimeUnit.MILLISECONDS.toNanos(options.ioTimeoutMs());
    boolean hold = options.controllerLossTimeoutMs() != 0;
    gate.queuesOf(size, totals);
    HostQueuePair[] made = new HostQueuePair[count];
    for (int i = 0; i < count; i++) {
      QueueSignals signals = new QueueSignals(place.pauses(), options.slowIoNs());
      totals.add(signals);
      QueueSettings settings =
          new QueueSettings(i + 1, size, 1, options.waitingMax(), timeoutNs, hold, signals);
      made[i] = HostQueuePair.create(place.loop(i), settings, owner);
    }
    return made;
  }

  private QueueConnect connect(InetSocketAddress address, int katoMs, int controllerId) {
    return new QueueConnect(
        address,
        options.headerDigest(),
        options.dataDigest(),
        options.connectTimeoutMs(),
        katoMs,
        new ConnectData(place.hostId(), controllerId, options.subsystem(), place.hostNqn()),
        authenticator,
        authenticator.isAdminByKey());
  }

  /** Runs something on every I/O queue's own loop. */
  void eachIo(Consumer<HostQueuePair> what) {
    for (HostQueuePair queue : io) {
      queue.loop().execute(() -> what.accept(queue));
    }
  }

  /** Lets I/O flow, but for what was held of namespaces that are gone. */
  void resume(Set<Integer> gone) {
    eachIo(queue -> queue.resume(gone::contains));
    LiveController connected = controller;
    if (connected != null) {
      gate.open(connected, gone);
    }
  }

  /** Ends what is held or waits, until {@link #resume}. */
  void failFast(ConnectionException cause) {
    eachIo(queue -> queue.failFast(cause));
    gate.failFast(cause);
  }

  /** Refuses new commands on every I/O queue; any thread. */
  void refuse(HostQueuePair[] queues, ConnectionException cause) {
    for (HostQueuePair queue : queues) {
      queue.refuse(cause);
    }
    gate.refuse(cause);
  }

  /** Closes every connection; the queues stay. */
  void disconnect(ConnectionException cause) {
    gate.shut(cause);
    authenticator.ended();
    eachIo(queue -> queue.disconnect(cause));
    admin.disconnect(cause);
  }

  /**
   * After {@link #disconnect}: whether the attempt ended because a key for TLS was made. If so, the
   * next one goes over TLS by it.
   */
  boolean secured(Throwable cause) {
    return authenticator.secured(cause);
  }

  /** Ends every queue for good, and waits for those of the loops. */
  CompletableFuture<Void> close(ConnectionException cause) {
    gate.close(cause);
    authenticator.ended();
    CompletableFuture<?>[] ended = new CompletableFuture<?>[io.length + 1];
    for (int i = 0; i < io.length; i++) {
      HostQueuePair queue = io[i];
      ended[i] =
          CompletableFuture.supplyAsync(() -> queue.close(cause), queue.loop()::execute)
              .thenCompose(done -> done);
    }
    ended[io.length] = admin.close(cause);
    return CompletableFuture.allOf(ended);
  }

  int outstanding() {
    int sum = gate.outstanding();
    for (HostQueuePair queue : io) {
      sum += queue.outstanding();
    }
    return sum;
  }
}
