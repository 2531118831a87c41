package io.mora.target;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.ShardSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.net.LoopOptions;
import io.mora.protocol.net.TransportKind;
import io.mora.qos.mode.LatencyMode;
import io.mora.qos.pause.PauseCount;
import io.mora.target.announce.Announcer;
import io.mora.target.backend.BackendOpener;
import io.mora.target.backend.Backends;
import io.mora.target.live.ApplyResult;
import io.mora.target.live.Controllers;
import io.mora.target.live.SpecChanger;
import io.mora.target.metrics.ShardStages;
import io.mora.target.metrics.TargetStats;
import io.mora.target.shard.ShardGroup;
import io.mora.target.shard.ShardOptions;
import io.mora.target.state.StateFolder;
import io.mora.target.transport.Listener;
import io.netty.channel.group.ChannelGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An NVMe/TCP target in this process.
 *
 * <pre>{@code
 * try (MoraTarget target = MoraTarget.start(spec)) {
 *   int port = target.listeners().get(0).address().getPort();
 *   ...
 * }
 * }</pre>
 *
 * <p>Start and close block and belong to a control thread.
 */
public final class MoraTarget implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MoraTarget.class);

  private static final long POLL_MS = 5;

  /** The start is over by then. */
  private static final long PAUSES_FROM_MS = 2_000;

  private final Serving serving;
  private final NamespaceOffice office;
  private final Announcer announcer = new Announcer();
  private final PauseCount pauses = PauseCount.listenIn(PAUSES_FROM_MS);
  private volatile TargetSpec spec;
  private boolean closed;
  private long lentAtStop;

  private MoraTarget(TargetSpec spec, Serving serving, NamespaceOffice office) {
    this.spec = spec;
    this.serving = serving;
    this.office = office;
    office.serves(spec);
  }

  /**
   * Starts serving what a spec says; when this returns, hosts can connect.
   *
   * @throws IllegalArgumentException listing all problems of the spec
   * @throws IOException if storage cannot be opened or an address not be bound, naming it
   */
  public static MoraTarget start(TargetSpec spec) throws IOException {
    return start(spec, Backends::open);
  }

  /** As {@link #start(TargetSpec)}, with storage from elsewhere. */
  public static MoraTarget start(TargetSpec spec, BackendOpener storage) throws IOException {
    return start(spec, storage, null);
  }

  /**
   * As {@link #start(TargetSpec)}, keeping what hosts want kept: reservations through a loss of
   * power.
   *
   * @param state this target's folder, which is made when there is something to keep
   * @throws IOException also if that folder is there and cannot be listed and written, naming it
   */
  public static MoraTarget start(TargetSpec spec, Path state) throws IOException {
    return start(spec, Backends::open, StateFolder.at(state));
  }

  /**
   * As {@link #start(TargetSpec)}, with storage and what is kept from elsewhere.
   *
   * @param state closed with the target; null to keep nothing
   */
  public static MoraTarget start(
      TargetSpec spec, BackendOpener storage, @Nullable StateFolder state) throws IOException {
    MoraTarget target = open(spec, storage, state);
    target.changesBy(target::change);
    return target;
  }

  /**
   * As {@link #start(TargetSpec, Path)}, for who keeps the configuration: until {@link #changesBy}
   * what hosts want changed is to be tried again, so that nothing is answered that is not kept.
   */
  static MoraTarget startKept(TargetSpec spec, Path state) throws IOException {
    MoraTarget target = open(spec, Backends::open, StateFolder.at(state));
    target.office.opens(target, null);
    return target;
  }

  private static MoraTarget open(
      TargetSpec spec, BackendOpener storage, @Nullable StateFolder state) throws IOException {
    List<Problem> problems = spec.validate();
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    }
    ShardGroup shards = ShardGroup.start(options(spec.shards()));
    try {
      NamespaceOffice office = new NamespaceOffice();
      Serving serving = new Serving(spec, storage, state, shards, office);
      MoraTarget target = new MoraTarget(spec, serving, office);
      target.announce();
      return target;
    } catch (IOException | RuntimeException e) {
      shards.close();
      throw e;
    }
  }

  private static ShardOptions options(ShardSpec spec) {
    TransportKind transport =
        switch (spec.transport()) {
          case AUTO -> null;
          case IO_URING -> TransportKind.IO_URING;
          case EPOLL -> TransportKind.EPOLL;
          case NIO -> TransportKind.NIO;
        };
    return new ShardOptions(
        spec.count(),
        transport,
        spec.cpus(),
        spec.pin(),
        spec.bufferBytes(),
        LoopOptions.DEFAULT_RING_SIZE);
  }

  /** What is served; any thread. */
  public TargetSpec spec() {
    return spec;
  }

  /**
   * Serves another spec from now on, without stopping: all of it, or, with problems, nothing. Hosts
   * whose namespaces, rights or discovery log changed are told by events; those that are not
   * concerned notice nothing. What {@code shards}, {@code limits}, {@code latencyIntent} and {@code
   * qos} say cannot be changed so.
   *
   * <p>A namespace that goes ends the commands that wait for data with Invalid Namespace; those at
   * its device are answered first, which is what this may wait for, up to {@code
   * limits.shutdownTimeout} for each.
   */
  public synchronized ApplyResult apply(TargetSpec wanted) {
    if (closed) {
      throw new IllegalStateException("the target has stopped");
    }
    ApplyResult result = new LiveChange(serving, spec, wanted).run();
    if (result.isApplied()) {
      spec = wanted;
      office.serves(wanted);
      announce();
    }
    return result;
  }

  /** Deletes a file of a pool, unless a namespace is served from it now. */
  synchronized void deleteUnlessServed(Path file) throws IOException {
    if (!isServed(each -> each.backend().isIn(file))) {
      Files.deleteIfExists(file);
    }
  }

  /**
   * Forgets what was kept of a namespace that was deleted, unless one with its UUID is served now.
   */
  synchronized void forgetUnlessServed(UUID namespace) throws IOException {
    if (!isServed(each -> each.uuid().equals(namespace))) {
      serving.model().forget(namespace);
    }
  }

  private boolean isServed(Predicate<NamespaceSpec> which) {
    return spec.subsystems().stream().anyMatch(each -> each.namespaces().stream().anyMatch(which));
  }

  private synchronized ApplyResult change(String who, SpecChanger.Edit edit) {
    TargetSpec wanted = closed ? null : edit.of(spec);
    return wanted == null ? ApplyResult.done(List.of()) : apply(wanted);
  }

  /**
   * What hosts change about namespaces of a pool goes this way from now on, which has to end in
   * {@link #apply}; without it that is not kept.
   */
  public void changesBy(SpecChanger way) {
    office.opens(this, way);
  }

  /** Where discovery is served, to the networks there, if they are to know. */
  private void announce() {
    List<BoundListener> bound = spec.discovery().mdns() ? listeners() : List.of();
    boolean alone = bound.stream().anyMatch(BoundListener::discoveryOnly);
    announcer.announce(
        bound.stream()
            .filter(each -> each.discoveryOnly() || !alone)
            .map(BoundListener::address)
            .toList());
  }

  /** Where this target listens, in the order of the spec: discovery first. */
  public List<BoundListener> listeners() {
    return serving.ports().bound();
  }

  public TransportKind transport() {
    return serving.shards().transport();
  }

  /** Stage times by shard. */
  public List<ShardStages> stages() {
    return List.copyOf(serving.stages());
  }

  /**
   * Changes how latency is traded for throughput on a namespace, at once and for all connections,
   * and logs what the mode that ends did. The spec stays as it is. Any thread.
   *
   * @param nsid 0 for all namespaces of the subsystem
   * @throws IllegalArgumentException if there is no such namespace
   */
  public void latencyMode(Nqn subsystem, int nsid, LatencyMode mode) {
    ModeReports.change(serving.model().subsystems(), subsystem, nsid, mode);
  }

  /**
   * Replaces what a host may ask for and is given; counts from its next command on. Regions in
   * slots that it has no more are dropped soon after. The spec stays as it is. Any thread.
   *
   * @return false if there is no place for another host
   */
  public synchronized boolean grant(Nqn host, GrantSpec replacement) {
    return !closed && serving.grant(host.value(), replacement);
  }

  /**
   * What was done by class, host and namespace, what latency modes promised and kept, the last slow
   * commands, and the collector's pauses. Waits for every shard.
   */
  public TargetStats stats() {
    return new StatsReader(serving).read(serving.associations().tables(), pauses.total());
  }

  /** The controllers there are. */
  public Controllers controllers() {
    return new Controllers(serving.shards(), () -> serving.associations().tables());
  }

  /** I/O queues of each shard, by its index. */
  public int[] ioQueues() {
    return serving.associations().ioQueues();
  }

  /**
   * Returns once every shard has run a task of no work, so that a caller learns that all are alive.
   *
   * @throws IllegalStateException if one does not within half a minute
   */
  public void awaitShards() {
    serving.shards().onEach(shard -> {});
  }

  /** Open connections. */
  public int connections() {
    return serving.connections().size();
  }

  /**
   * Bytes of I/O buffers on loan on all shards, after {@link #close} as it left them; 0 when
   * nothing is in flight.
   */
  public synchronized long lentBytes() {
    return closed ? lentAtStop : serving.lentBytes();
  }

  /**
   * Stops: accepts no more, lets commands in flight be answered for at most the configured shutdown
   * timeout, closes connections, logs what was done, flushes and closes storage. Idempotent.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    office.close();
    announcer.announce(List.of());
    ChannelGroup connections = serving.connections();
    serving.ports().close();
    Listener.quiesce(connections);
    waitWhile(() -> !Listener.isIdle(connections));
    connections.close().awaitUninterruptibly(POLL_MS * 1000);
    // Storage must not be closed under a command that is still at the device.
    waitWhile(() -> serving.inFlight() > 0);
    serving.stopAuthenticating();
    serving.model().stopKeeping();
    tellTotals();
    serving.close(serving.model().namespaces());
    lentAtStop = serving.lentBytes();
    serving.shards().close();
    serving.model().close();
    pauses.close();
    announcer.close();
    if (lentAtStop > 0) {
      LOG.error("Stopped with {} bytes of buffers on loan", lentAtStop);
    } else {
      LOG.info("Stopped");
    }
  }

  /** While shards can still be read: what was done, and how the modes in force kept their word. */
  private void tellTotals() {
    TargetStats stats = stats();
    StatsLog.total(stats.total(), stats.pauses());
    ModeReports.stopped(stats.modes());
  }

  private void waitWhile(BooleanSupplier condition) {
    long end = System.nanoTime() + spec.limits().shutdownTimeout().toNanos();
    while (condition.getAsBoolean() && System.nanoTime() < end && pause()) {}
  }

  private static boolean pause() {
    try {
      Thread.sleep(POLL_MS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * A socket this target listens on.
   *
   * @param discoveryOnly it serves the discovery subsystem alone
   */
  public record BoundListener(InetSocketAddress address, boolean discoveryOnly) {}
}
