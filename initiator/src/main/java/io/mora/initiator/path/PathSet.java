package io.mora.initiator.path;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.path.io.IoCounters;
import io.mora.initiator.path.io.SharedNamespace;
import io.mora.initiator.path.route.LoopClock;
import io.mora.initiator.path.route.PathClock;
import io.mora.initiator.path.select.PathLoad;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.TransportAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several controllers, of one subsystem or of several appliances, that have the same namespaces,
 * used as one. Paths may come and go while it is used.
 *
 * <p>A namespace of it is a {@link RemoteNamespace} like any other. What a path fails is done by
 * another, without a word to the caller: reads at once, what changes blocks when its first try is
 * certain to be over (docs/decisions/027-paths.md). Without a path I/O waits, {@link
 * PathOptions#noPathTimeoutMs} at most, then it fails with {@link Reason#NO_PATH}.
 *
 * <p>Any thread; nothing blocks but {@link #close}.
 */
public final class PathSet implements AutoCloseable {
  /** Paths at a time. */
  public static final int PATHS_MAX = 32;

  private static final Logger LOG = LoggerFactory.getLogger(PathSet.class);

  private final PathOptions options;
  private final PathClock clock;
  private final AutoCloseable ticking;
  private final Function<ConnectOptions, CompletionStage<Association>> connector;
  private final IoCounters counters = new IoCounters();

  // The paths' thread's; maps are replaced whole, so that others may read them.
  private volatile Map<TransportAddress, Path> paths = Map.of();
  private volatile Map<NamespaceIdentity, NamespaceRoutes> inUse = Map.of();
  private final boolean[] slots = new boolean[PATHS_MAX];
  private volatile boolean closed;
  private volatile Runnable whenClosed = () -> {};

  private final Path.PathOwner owner =
      new Path.PathOwner() {
        @Override
        public void changed(Path path) {
          inUse.values().forEach(namespace -> namespace.route(path));
        }

        @Override
        public void quiet(Path path) {
          inUse.values().forEach(namespace -> namespace.shared().quiet(path));
        }
      };

  private PathSet(
      PathOptions options,
      LoopClock clock,
      Function<ConnectOptions, CompletionStage<Association>> connector) {
    this.options = options;
    this.clock = clock;
    this.ticking = clock;
    this.connector = connector;
  }

  /**
   * Connects by every path; {@link io.mora.initiator.Initiator#connectPaths} is the way to it.
   *
   * @return completes when one is connected; fails as the last did if none can be
   */
  public static CompletionStage<PathSet> connect(
      PathOptions options,
      List<ConnectOptions> paths,
      LoopClock clock,
      Function<ConnectOptions, CompletionStage<Association>> connector) {
    PathSet set = new PathSet(options, clock, connector);
    CompletableFuture<PathSet> connected = new CompletableFuture<>();
    set.addAll(paths)
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                connected.complete(set);
              } else {
                set.disconnect().thenRun(() -> connected.completeExceptionally(failure));
              }
            });
    return connected;
  }

  /**
   * Adds paths.
   *
   * @return completes when one of them is connected, or there are none; fails as the last did if
   *     none can be at first. They are there in any case, and tried again
   */
  public CompletionStage<Void> addAll(List<ConnectOptions> more) {
    CompletableFuture<Void> connected = new CompletableFuture<>();
    int[] left = {more.size()};
    if (more.isEmpty()) {
      connected.complete(null);
    }
    for (ConnectOptions each : more) {
      add(each)
          .whenComplete(
              (done, failure) ->
                  clock.execute(
                      () -> {
                        left[0]--;
                        if (failure == null) {
                          connected.complete(null);
                        } else if (left[0] == 0) {
                          connected.completeExceptionally(Reconnector.causeOf(failure));
                        }
                      }));
    }
    return connected;
  }

  /**
   * Adds a path, and tries to connect until {@link #remove}. Some of the options are the set's: a
   * path never gives up, and fails what it cannot do at once.
   *
   * @return how the first attempt went; whatever it says the path is there, unless it fails with
   *     IllegalArgumentException
   */
  public CompletionStage<Void> add(ConnectOptions path) {
    CompletableFuture<Void> first = new CompletableFuture<>();
    if (path.keepAliveTimeoutMs() == 0) {
      first.completeExceptionally(
          new IllegalArgumentException(
              "keepAliveTimeoutMs 0: a path needs one, which bounds how long a lost controller"
                  + " may still write"));
      return first;
    }
    ConnectOptions own =
        path.toBuilder()
            .controllerLossTimeoutMs(ConnectOptions.FOREVER)
            .fastIoFailTimeoutMs(0)
            .build();
    clock.execute(() -> add(own, first));
    return first;
  }

  private void add(ConnectOptions own, CompletableFuture<Void> first) {
    int slot = 0;
    while (slot < PATHS_MAX && slots[slot]) {
      slot++;
    }
    if (closed || paths.containsKey(own.address()) || slot == PATHS_MAX) {
      first.completeExceptionally(
          new IllegalArgumentException(
              own.address()
                  + (closed
                      ? ": the paths are closed"
                      : slot == PATHS_MAX
                          ? ": there are " + PATHS_MAX + " paths already"
                          : ": is a path already")));
      return;
    }
    slots[slot] = true;
    PathLoad load = new PathLoad(slot, clock.nowNs());
    Path path = new Path(owner, own, options.quietMs(), clock, load);
    Map<TransportAddress, Path> more = new LinkedHashMap<>(paths);
    more.put(own.address(), path);
    paths = more;
    path.connect(
        connector,
        failure -> {
          if (failure == null) {
            first.complete(null);
          } else {
            first.completeExceptionally(failure);
          }
        });
  }

  /**
   * Takes a path away: nothing new is sent by it, what is under way ends or is done by another.
   *
   * @return completes when it is disconnected; at once if there is no such path
   */
  public CompletionStage<Void> remove(TransportAddress address) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    clock.execute(
        () -> {
          Map<TransportAddress, Path> fewer = new LinkedHashMap<>(paths);
          Path path = fewer.remove(address);
          if (path == null) {
            done.complete(null);
            return;
          }
          paths = fewer;
          path.remove()
              .whenComplete(
                  (ended, never) ->
                      clock.execute(
                          () -> {
                            slots[path.load().slot()] = false;
                            inUse.values().forEach(each -> each.forget(path));
                            done.complete(null);
                          }));
        });
    return done;
  }

  /** The addresses of the paths, connected or not, in the order they were added. */
  public List<TransportAddress> addresses() {
    return List.copyOf(paths.keySet());
  }

  /** The associations that are connected. */
  public List<Association> associations() {
    List<Association> live = new ArrayList<>();
    for (Path path : paths.values()) {
      Association association = path.association();
      if (association != null && path.isLive()) {
        live.add(association);
      }
    }
    return live;
  }

  /**
   * Says that the controller by a path, which was lost, has certainly ended: its machine is off, or
   * it was fenced. Writes that wait for that are sent elsewhere at once. Until the path is
   * connected again it stays said.
   */
  public void confirmGone(TransportAddress address) {
    clock.execute(
        () -> {
          Path path = paths.get(address);
          if (path != null) {
            LOG.info("path {}: its controller is said to be gone", path);
            path.confirmGone();
          }
        });
  }

  /**
   * The namespace of an id, by every path on which it has the same identifiers.
   *
   * @return fails with {@link NoSuchElementException} if no path that is connected has it, with
   *     {@link ConnectionException} INCOMPATIBLE if it has no identifier to be known by
   */
  public CompletionStage<RemoteNamespace> namespace(int nsid) {
    CompletableFuture<RemoteNamespace> found = new CompletableFuture<>();
    clock.execute(
        () -> {
          try {
            found.complete(use(nsid));
          } catch (RuntimeException e) {
            found.completeExceptionally(e);
          }
        });
    return found;
  }

  private RemoteNamespace use(int nsid) {
    if (closed) {
      throw closing();
    }
    RemoteNamespace first = null;
    for (Association association : associations()) {
      first = first == null ? association.findNamespace(nsid).orElse(null) : first;
    }
    if (first == null) {
      throw new NoSuchElementException(
          "namespace "
              + Integer.toUnsignedString(nsid)
              + ": on none of the "
              + associations().size()
              + " paths that are connected");
    }
    NamespaceIdentity identity = NamespaceIdentity.of(first);
    if (!identity.isKnown()) {
      throw new ConnectionException(
          Reason.INCOMPATIBLE, first + " has no UUID, NGUID or EUI64 to be known by elsewhere");
    }
    NamespaceRoutes known = inUse.get(identity);
    if (known == null) {
      SharedNamespace shared = new SharedNamespace(first, options.limits(), clock, counters);
      NamespaceRoutes made = new NamespaceRoutes(identity, first.nsid(), shared, counters);
      shared.transitions(nowNs -> changedByNs(made, nowNs));
      known = made;
      Map<NamespaceIdentity, NamespaceRoutes> more = new LinkedHashMap<>(inUse);
      more.put(identity, known);
      inUse = more;
      for (Path path : paths.values()) {
        known.route(path);
      }
    }
    return known.shared().view();
  }

  private long changedByNs(NamespaceRoutes namespace, long nowNs) {
    long latestNs = nowNs;
    for (Path path : paths.values()) {
      latestNs = Math.max(latestNs, namespace.changedByNs(path, nowNs));
    }
    return latestNs;
  }

  /** What happened so far; completes on the paths' thread. */
  public CompletionStage<PathSignals> signals() {
    return CompletableFuture.supplyAsync(
        () -> new PathReport(paths.values(), inUse.values(), counters).at(clock.nowNs()),
        clock::execute);
  }

  private ConnectionException closing() {
    return new ConnectionException(Reason.CLOSED, "the paths were disconnected");
  }

  /** Disconnects every path; I/O that waits for one fails. Never fails. */
  public CompletionStage<Void> disconnect() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    clock.execute(
        () -> {
          closed = true;
          CompletableFuture<?>[] ends =
              paths.values().stream()
                  .map(path -> path.remove().toCompletableFuture())
                  .toArray(CompletableFuture<?>[]::new);
          CompletableFuture.allOf(ends)
              .whenComplete(
                  (ended, never) ->
                      clock.execute(
                          () -> {
                            inUse.values().forEach(each -> each.shared().close(closing()));
                            close(ticking);
                            whenClosed.run();
                            done.complete(null);
                          }));
        });
    return done;
  }

  /** What else ends with it; before {@link #disconnect}. */
  public void whenClosed(Runnable task) {
    whenClosed = task;
  }

  private static void close(AutoCloseable what) {
    try {
      what.close();
    } catch (Exception e) {
      LOG.warn("closing paths", e);
    }
  }

  /** {@link #disconnect}, and waits for it; not on a loop's thread. */
  @Override
  public void close() {
    disconnect().toCompletableFuture().join();
  }
}
