package io.mora.target;

import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.ShardSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.net.LoopOptions;
import io.mora.protocol.net.TransportKind;
import io.mora.qos.mode.LatencyMode;
import io.mora.qos.pause.PauseCount;
import io.mora.target.backend.BackendOpener;
import io.mora.target.backend.Backends;
import io.mora.target.cache.HotTier;
import io.mora.target.controller.Associations;
import io.mora.target.controller.admin.AdminCommands;
import io.mora.target.controller.nvm.IoCommands;
import io.mora.target.controller.queue.Limits;
import io.mora.target.metrics.ShardStages;
import io.mora.target.metrics.TargetStats;
import io.mora.target.shard.Shard;
import io.mora.target.shard.ShardGroup;
import io.mora.target.shard.ShardOptions;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.HostGrants;
import io.mora.target.subsystem.Namespace;
import io.mora.target.subsystem.Port;
import io.mora.target.subsystem.SubsystemRegistry;
import io.mora.target.transport.Listener;
import io.mora.target.transport.PortSettings;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  /** Buffers one queue pair may hold: enough for a few of the largest commands. */
  private static final long QUEUE_BUFFER_BYTES = 16L << 20;

  /** Replies a host may leave in the socket's queue before its connection is no longer read. */
  private static final long SOCKET_QUEUE_BYTES = 8L << 20;

  private static final int CONTROLLERS_MAX = 1024;
  private static final long POLL_MS = 5;

  /** The start is over by then. */
  private static final long PAUSES_FROM_MS = 2_000;

  private final TargetSpec spec;
  private final ShardGroup shards;
  private final ServedModel model;
  private final List<ShardStages> stages = new ArrayList<>();
  private final List<ShardTurn> turns = new ArrayList<>();
  private final List<Listener> sockets = new ArrayList<>();
  private final List<BoundListener> bound = new ArrayList<>();
  private final ChannelGroup connections =
      new DefaultChannelGroup("mora-connections", GlobalEventExecutor.INSTANCE, true);
  private final PauseCount pauses = PauseCount.listenIn(PAUSES_FROM_MS);
  private final HostGrants grants;
  private @Nullable Associations associations;
  private boolean closed;
  private long lentAtStop;

  private MoraTarget(TargetSpec spec, ShardGroup shards, ServedModel model) {
    this.spec = spec;
    this.shards = shards;
    this.model = model;
    IntentSpec intent = spec.latencyIntent();
    HotTier tier = HotTier.of(intent.enabled() ? intent.hotBytes() : 0, intent.hotPerHostPercent());
    model.namespaces().forEach(namespace -> namespace.behind(tier));
    this.grants =
        new HostGrants(spec.latencyIntent(), tier, spec.hosts(), shards.size(), System.nanoTime());
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
    List<Problem> problems = spec.validate();
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    }
    ShardGroup shards = ShardGroup.start(options(spec.shards()));
    MoraTarget target = null;
    try {
      ServedModel model = ServedModel.open(spec, storage, shards);
      target = new MoraTarget(spec, shards, model);
      target.serve();
      return target;
    } catch (IOException | RuntimeException e) {
      if (target != null) {
        target.close();
      } else {
        shards.close();
      }
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

  private void serve() throws IOException {
    for (Shard shard : shards.shards()) {
      ShardStages recorder = new ShardStages(spec.latencyIntent().slowThreshold().toNanos());
      ShardTurn turn = ShardTurns.of(shard, spec.qos(), recorder);
      stages.add(recorder);
      turns.add(turn);
    }
    shards.onEach(
        shard -> {
          ShardTurn turn = turns.get(shard.index());
          model.namespaces().forEach(namespace -> namespace.open(turn));
          shard.loop().addTurnListener(turn);
        });
    List<Port> ports = bind();
    Limits limits = limits(spec.limits());
    SubsystemRegistry registry = new SubsystemRegistry(model.subsystems(), ports);
    associations =
        new Associations(
            registry,
            limits,
            turns,
            grants,
            (controller, qid, connection) ->
                qid == 0
                    ? new AdminCommands(controller, registry, connection)
                    : new IoCommands(controller, qid, connection));
    Associations served = associations;
    long handshakeMs = spec.limits().handshakeTimeout().toMillis();
    for (int i = 0; i < sockets.size(); i++) {
      sockets
          .get(i)
          .accept(new PortSettings(ports.get(i), limits, SOCKET_QUEUE_BYTES, handshakeMs), served);
    }
  }

  private static Limits limits(LimitsSpec spec) {
    return new Limits(
        spec.ioQueuesPerController(),
        spec.queueDepth(),
        spec.transfer().inCapsuleBytes(),
        spec.transfer().commandBytes(),
        spec.transfer().h2cDataBytes(),
        spec.transfer().commandBytes(),
        Math.max(QUEUE_BUFFER_BYTES, 2L * spec.transfer().commandBytes()),
        CONTROLLERS_MAX);
  }

  private List<Port> bind() throws IOException {
    List<Port> ports = new ArrayList<>();
    for (TransportAddress address : spec.discovery().listen()) {
      ListenerSpec listener = new ListenerSpec(address, spec.discovery().advertise(), List.of());
      ports.add(bind(listener, true));
    }
    for (ListenerSpec listener : spec.listeners()) {
      ports.add(bind(listener, false));
    }
    return ports;
  }

  private Port bind(ListenerSpec listener, boolean discovery) throws IOException {
    TransportAddress address = listener.address();
    int index = sockets.size();
    ShardTurn turn = turns.get(index % turns.size());
    Listener socket = new Listener(turn, connections, spec.limits().connections());
    InetSocketAddress at = socket.bind(new InetSocketAddress(address.host(), address.port()));
    sockets.add(socket);
    bound.add(new BoundListener(at, discovery));
    LOG.info("Listening on {} ({})", at, discovery ? "discovery" : "NVM subsystems and discovery");
    boolean any = at.getAddress().isAnyLocalAddress();
    String own = any ? "" : at.getAddress().getHostAddress();
    String traddr = listener.advertise().isEmpty() ? own : listener.advertise();
    Set<String> nqns = new HashSet<>();
    listener.subsystems().forEach(nqn -> nqns.add(nqn.value()));
    int latencyClass = listener.latencyClass().code();
    return new Port(index + 1, traddr, at.getPort(), discovery, nqns, latencyClass);
  }

  /** Where this target listens, in the order of the spec: discovery first. */
  public List<BoundListener> listeners() {
    return List.copyOf(bound);
  }

  public TransportKind transport() {
    return shards.transport();
  }

  /** Stage times by shard. */
  public List<ShardStages> stages() {
    return List.copyOf(stages);
  }

  /**
   * Changes how latency is traded for throughput on a namespace, at once and for all connections,
   * and logs what the mode that ends did. Any thread.
   *
   * @param nsid 0 for all namespaces of the subsystem
   * @throws IllegalArgumentException if there is no such namespace
   */
  public void latencyMode(Nqn subsystem, int nsid, LatencyMode mode) {
    ModeReports.change(model.subsystems(), subsystem, nsid, mode);
  }

  /**
   * Replaces what a host may ask for and is given; counts from its next command on. Regions in
   * slots that it has no more are dropped soon after. Any thread.
   *
   * @return false if there is no place for another host
   */
  public synchronized boolean grant(Nqn host, GrantSpec replacement) {
    Associations served = associations;
    boolean replaced = grants.replace(host.value(), replacement, System.nanoTime());
    if (replaced && served != null && !closed) {
      served.grantChanged(host.value());
    }
    return replaced;
  }

  /**
   * What was done by class, host and namespace, what latency modes promised and kept, the last slow
   * commands, and the collector's pauses. Waits for every shard.
   */
  public TargetStats stats() {
    Associations served = associations;
    if (served == null) {
      throw new IllegalStateException("not serving yet");
    }
    return new StatsReader(shards, stages, model).read(served.tables(), pauses.total());
  }

  /** I/O queues of each shard, by its index. */
  public int[] ioQueues() {
    Associations served = associations;
    return served == null ? new int[shards.size()] : served.ioQueues();
  }

  /** Open connections. */
  public int connections() {
    return connections.size();
  }

  /**
   * Bytes of I/O buffers on loan on all shards, after {@link #close} as it left them; 0 when
   * nothing is in flight.
   */
  public synchronized long lentBytes() {
    if (closed) {
      return lentAtStop;
    }
    return sumLent();
  }

  private long sumLent() {
    long[] lent = new long[shards.size()];
    shards.onEach(shard -> lent[shard.index()] = shard.lentBytes());
    long sum = 0;
    for (long bytes : lent) {
      sum += bytes;
    }
    return sum;
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
    sockets.forEach(Listener::close);
    Listener.quiesce(connections);
    waitIdle(spec.limits().shutdownTimeout().toMillis());
    connections.close().awaitUninterruptibly(POLL_MS * 1000);
    waitDrained();
    tellTotals();
    shards.onEach(
        shard ->
            model.namespaces().forEach(namespace -> namespace.close(turns.get(shard.index()))));
    lentAtStop = sumLent();
    shards.close();
    model.close();
    pauses.close();
    if (lentAtStop > 0) {
      LOG.error("Stopped with {} bytes of buffers on loan", lentAtStop);
    } else {
      LOG.info("Stopped");
    }
  }

  /** While shards can still be read: what was done, and how the modes in force kept their word. */
  private void tellTotals() {
    if (associations != null) {
      TargetStats stats = stats();
      StatsLog.total(stats.total(), stats.pauses());
      ModeReports.stopped(stats.modes());
    }
  }

  private void waitIdle(long timeoutMs) {
    long end = System.nanoTime() + timeoutMs * 1_000_000;
    while (!Listener.isIdle(connections) && System.nanoTime() < end && pause()) {}
  }

  /** Storage must not be closed under a command that is still at the device. */
  private void waitDrained() {
    long end = System.nanoTime() + spec.limits().shutdownTimeout().toNanos();
    while (deviceInFlight() > 0 && System.nanoTime() < end && pause()) {}
  }

  private int deviceInFlight() {
    int[] inFlight = new int[shards.size()];
    shards.onEach(
        shard -> {
          for (Namespace namespace : model.namespaces()) {
            inFlight[shard.index()] += namespace.inFlight(shard.index());
          }
        });
    int sum = 0;
    for (int each : inFlight) {
      sum += each;
    }
    return sum;
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
