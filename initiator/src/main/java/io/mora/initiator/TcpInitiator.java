package io.mora.initiator;

import io.mora.initiator.discovery.DiscoveredPaths;
import io.mora.initiator.discovery.DiscoveryReader;
import io.mora.initiator.path.PathOptions;
import io.mora.initiator.path.PathSet;
import io.mora.initiator.path.Reconnector;
import io.mora.initiator.path.route.LoopClock;
import io.mora.initiator.signals.GcPauses;
import io.mora.protocol.HostId;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.data.log.DiscoveryLogPage;
import io.mora.protocol.net.IoLoop;
import io.mora.protocol.net.LoopOptions;
import io.mora.protocol.net.TransportKind;
import io.mora.qos.locality.CpuTopology;
import io.mora.qos.locality.PinnedThreads;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loops, a resolver, and the associations on them. */
final class TcpInitiator implements Initiator {
  private static final Logger LOG = LoggerFactory.getLogger(TcpInitiator.class);
  private static final long LOOP_STOP_MS = 5000;
  private static final int RESOLVER_THREADS = 2;

  private final InitiatorOptions options;
  private final List<IoLoop> loops;
  private final ExecutorService resolver;
  private final GcPauses pauses = GcPauses.listen();
  private final CpuTopology topology = CpuTopology.read();
  private final AtomicInteger nextHome = new AtomicInteger();
  private final Set<TcpAssociation> open = ConcurrentHashMap.newKeySet();
  private final Set<PathSet> sets = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private TcpInitiator(InitiatorOptions options, List<IoLoop> loops, ExecutorService resolver) {
    this.options = options;
    this.loops = loops;
    this.resolver = resolver;
  }

  static TcpInitiator start(InitiatorOptions options) {
    List<IoLoop> loops = new ArrayList<>(options.loops());
    try {
      for (int i = 0; i < options.loops(); i++) {
        loops.add(startLoop(options, i));
      }
    } catch (RuntimeException e) {
      loops.forEach(TcpInitiator::stop);
      throw e;
    }
    ThreadPoolExecutor resolver =
        new ThreadPoolExecutor(
            RESOLVER_THREADS,
            RESOLVER_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon(task, "mora-resolver"));
    resolver.allowCoreThreadTimeOut(true);
    return new TcpInitiator(options, List.copyOf(loops), resolver);
  }

  private static IoLoop startLoop(InitiatorOptions options, int index) {
    List<Integer> cpus = options.cpus();
    String name = "mora-initiator-" + index;
    int cpu = cpus.isEmpty() ? -1 : cpus.get(index % cpus.size());
    PinnedThreads threads =
        PinnedThreads.onOrAnywhere(cpu, task -> daemon(task, name))
            .ranked(options.niceness())
            .prompt();
    LoopOptions loop = LoopOptions.DEFAULT.withSpinNs(options.spinNs()).withPinnedCpu(threads::cpu);
    IoLoop started = IoLoop.start(options.transport(), loop, threads);
    String problem = threads.problem();
    if (problem != null) {
      LOG.warn("{} is not pinned or ranked as asked: {}", name, problem);
    }
    return started;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new FastThreadLocalThread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public TransportKind transport() {
    return options.transport();
  }

  @Override
  public int loops() {
    return loops.size();
  }

  @Override
  public Nqn hostNqn() {
    return options.hostNqn();
  }

  @Override
  public HostId hostId() {
    return options.hostId();
  }

  @Override
  public CompletionStage<DiscoveryLogPage> discover(TransportAddress address) {
    ConnectOptions once =
        ConnectOptions.to(address, Nqn.DISCOVERY)
            .keepAliveTimeoutMs(0)
            .controllerLossTimeoutMs(0)
            .build();
    return connectTcp(once).thenCompose(TcpInitiator::readLog);
  }

  private static CompletionStage<DiscoveryLogPage> readLog(TcpAssociation association) {
    CompletableFuture<DiscoveryLogPage> page = new CompletableFuture<>();
    new DiscoveryReader(association.life().adminQueue())
        .read()
        .whenComplete(
            (read, failure) ->
                association
                    .disconnect()
                    .whenComplete(
                        (done, never) -> {
                          if (failure != null) {
                            page.completeExceptionally(failure);
                          } else {
                            page.complete(read);
                          }
                        }));
    return page;
  }

  @Override
  public CompletionStage<Association> connect(ConnectOptions connect) {
    return connectTcp(connect).thenApply(association -> association);
  }

  @Override
  public CompletionStage<PathSet> connectPaths(PathOptions options, List<ConnectOptions> paths) {
    return PathSet.connect(options, paths, clock(), this::connect).thenApply(this::kept);
  }

  @Override
  public CompletionStage<PathSet> discoverPaths(
      PathOptions options, TransportAddress discovery, ConnectOptions template) {
    ConnectOptions persistent =
        template.at(discovery, Nqn.DISCOVERY).toBuilder()
            .controllerLossTimeoutMs(ConnectOptions.FOREVER)
            .fastIoFailTimeoutMs(ConnectOptions.OFF)
            .build();
    LoopClock clock = clock();
    return connectTcp(persistent)
        .thenCompose(
            log ->
                PathSet.connect(options, List.of(), clock, this::connect)
                    .thenCompose(
                        paths -> {
                          kept(paths).whenClosed(() -> forget(paths, log));
                          DiscoveryReader reader = new DiscoveryReader(log.life().adminQueue());
                          return new DiscoveredPaths(
                                  log, reader, paths, complete(template), clock::execute)
                              .start()
                              .handle((done, failure) -> orNothing(paths, failure))
                              .thenCompose(kept -> kept);
                        }));
  }

  private static CompletionStage<PathSet> orNothing(PathSet paths, @Nullable Throwable failure) {
    return failure == null
        ? CompletableFuture.completedFuture(paths)
        : paths
            .disconnect()
            .thenCompose(done -> CompletableFuture.failedFuture(Reconnector.causeOf(failure)));
  }

  private LoopClock clock() {
    return new LoopClock(loops.get(Math.floorMod(nextHome.getAndIncrement(), loops.size())));
  }

  private PathSet kept(PathSet paths) {
    sets.add(paths);
    paths.whenClosed(() -> sets.remove(paths));
    return paths;
  }

  private void forget(PathSet paths, TcpAssociation discovery) {
    sets.remove(paths);
    discovery.disconnect();
  }

  /** With this host's secrets where a connect has none of its own. */
  private ConnectOptions complete(ConnectOptions connect) {
    ConnectOptions.Builder with = connect.toBuilder();
    return with.dhchap(connect.dhchap() == null ? options.dhchap() : connect.dhchap())
        .tls(connect.tls() == null ? options.tls() : connect.tls())
        .build();
  }

  private CompletableFuture<TcpAssociation> connectTcp(ConnectOptions connect) {
    if (closed) {
      throw new IllegalStateException("the initiator is closed");
    }
    int home = Math.floorMod(nextHome.getAndIncrement(), loops.size());
    HostPlace place =
        new HostPlace(options.hostId(), options.hostNqn(), loops, home, resolver, pauses, topology);
    TcpAssociation association = new TcpAssociation(complete(connect), place);
    open.add(association);
    if (closed) {
      open.remove(association);
      throw new IllegalStateException("the initiator is closed");
    }
    association.life().whenClosed(() -> open.remove(association));
    return association.life().start().thenApply(connected -> association);
  }

  @Override
  public List<Association> associations() {
    return List.copyOf(open);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    CompletableFuture<?>[] paths =
        sets.stream()
            .map(set -> set.disconnect().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(paths).join();
    closed = true;
    CompletableFuture<?>[] all =
        open.stream()
            .map(association -> association.disconnect().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(all).join();
    loops.forEach(TcpInitiator::stop);
    resolver.shutdown();
    pauses.close();
  }

  private static void stop(IoLoop loop) {
    try {
      if (!loop.shutdown(LOOP_STOP_MS)) {
        LOG.warn("{} did not stop in {} ms", loop, LOOP_STOP_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
