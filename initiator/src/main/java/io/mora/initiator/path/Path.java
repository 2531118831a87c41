package io.mora.initiator.path;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.mora.initiator.Association;
import io.mora.initiator.AssociationListener;
import io.mora.initiator.AssociationState;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.path.route.PathClock;
import io.mora.initiator.path.route.PathControl;
import io.mora.initiator.path.select.PathLoad;
import io.mora.protocol.data.IdentifyController;
import io.mora.protocol.data.log.AnaLogPage;
import io.mora.protocol.status.Status;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One controller as a way to namespaces: connected, looked after, connected again. On the paths'
 * thread, to which what its association tells is brought.
 */
final class Path implements PathControl, AssociationListener {
  private static final Logger LOG = LoggerFactory.getLogger(Path.class);

  /** A path that failed a command is left alone so long, if nothing is known to be wrong. */
  private static final long SUSPECT_NS = MILLISECONDS.toNanos(100);

  /** Between two looks at an ANA log that says that some namespace is not reached for now. */
  private static final long ANA_AGAIN_NS = SECONDS.toNanos(1);

  private static final long NEVER_NS = Long.MIN_VALUE;

  private final PathOwner owner;
  private final ConnectOptions options;
  private final long quietMs;
  private final PathClock clock;
  private final PathLoad load;
  private final Reconnector reconnector;
  private final AnaTable ana = new AnaTable();

  private @Nullable Association association;
  private boolean live;
  private boolean removed;
  private boolean anaKnown;
  private boolean readingAna;
  private boolean anaIsOld;
  private boolean anaTimer;
  private boolean gone;
  private long suspectNs = NEVER_NS;
  private String problem = "";

  /** What a path belongs to; on the paths' thread. */
  interface PathOwner {
    /** It serves other namespaces than before, or others not. */
    void changed(Path path);

    /** What it had not answered is over. */
    void quiet(Path path);
  }

  Path(PathOwner owner, ConnectOptions options, long quietMs, PathClock clock, PathLoad load) {
    this.owner = owner;
    this.options = options;
    this.quietMs = quietMs;
    this.clock = clock;
    this.load = load;
    this.reconnector =
        new Reconnector(
            options.reconnectDelayMs(), ConnectOptions.FOREVER, ThreadLocalRandom.current());
  }

  ConnectOptions options() {
    return options;
  }

  @Nullable Association association() {
    return association;
  }

  boolean isLive() {
    return live;
  }

  /** Why it does not serve, or empty. */
  String problem() {
    return problem;
  }

  void problem(String newProblem) {
    problem = newProblem;
  }

  // Connecting.

  /** Tries to connect until it is; tells how the first attempt went. */
  void connect(
      Function<ConnectOptions, CompletionStage<Association>> connector,
      java.util.function.Consumer<@Nullable Throwable> first) {
    if (removed) {
      return;
    }
    CompletionStage<Association> attempt;
    try {
      attempt = connector.apply(options);
    } catch (RuntimeException closing) {
      first.accept(closing);
      return;
    }
    attempt.whenComplete(
        (connected, failure) ->
            clock.execute(
                () -> {
                  if (connected != null) {
                    take(connected, connector);
                    first.accept(null);
                  } else {
                    Throwable why = Reconnector.causeOf(failure);
                    problem = String.valueOf(why.getMessage());
                    LOG.warn("path {}: not connected: {}", this, problem);
                    again(connector);
                    first.accept(why);
                  }
                }));
  }

  private void again(Function<ConnectOptions, CompletionStage<Association>> connector) {
    long ms = reconnector.nextDelayMs(0, 0);
    clock.after(MILLISECONDS.toNanos(ms), () -> connect(connector, failure -> {}));
  }

  private void take(
      Association connected, Function<ConnectOptions, CompletionStage<Association>> connector) {
    association = connected;
    if (removed) {
      connected.disconnect();
      return;
    }
    connected.addListener(this);
    connected.addListener(
        new AssociationListener() {
          @Override
          public void stateChanged(Association which, AssociationState state) {
            if (state == AssociationState.CLOSED) { // Given up, or refused for good.
              clock.execute(() -> again(connector));
            }
          }
        });
    moved(connected.state());
  }

  /** It is a path no longer: what is under way is answered, or ends. */
  CompletionStage<Void> remove() {
    removed = true;
    moved(AssociationState.CLOSING);
    Association had = association;
    return had == null
        ? java.util.concurrent.CompletableFuture.completedFuture(null)
        : had.disconnect();
  }

  // What its association tells, from its own loop.

  @Override
  public void stateChanged(Association which, AssociationState state) {
    clock.execute(() -> moved(state));
  }

  @Override
  public void namespacesChanged(Association which, List<RemoteNamespace> namespaces) {
    clock.execute(this::tell);
  }

  @Override
  public void asyncEvent(Association which, int dw0) {
    if (AnaReader.isChange(dw0)) {
      clock.execute(this::readAna);
    }
  }

  private void moved(AssociationState state) {
    boolean now = state == AssociationState.LIVE && !removed;
    if (now == live) {
      return;
    }
    live = now;
    suspectNs = NEVER_NS;
    if (live) {
      gone = false;
      problem = "";
      begin();
      return;
    }
    problem = state.toString();
    anaKnown = false;
    ana.forget();
    load.forget();
    tell();
  }

  private void begin() {
    Association connected = association;
    if (connected != null && AnaReader.isOffered(connected.identify())) {
      readAna();
    } else {
      anaKnown = true;
      tell();
    }
  }

  private void tell() {
    owner.changed(this);
  }

  // ANA.

  private void readAna() {
    Association connected = association;
    if (!live || connected == null) {
      return;
    }
    if (readingAna) {
      anaIsOld = true;
      return;
    }
    readingAna = true;
    anaIsOld = false;
    AnaReader.read(connected)
        .whenComplete((log, failure) -> clock.execute(() -> anaRead(log, failure)));
  }

  private void anaRead(@Nullable AnaLogPage log, @Nullable Throwable failure) {
    readingAna = false;
    if (!live) {
      return;
    }
    if (anaIsOld) {
      readAna();
      return;
    }
    if (log == null) {
      LOG.warn("path {}: the ANA log: {}", this, String.valueOf(failure));
      anaAgain();
      return;
    }
    anaKnown = true;
    ana.read(log, clock.nowNs());
    if (ana.isPassing()) {
      anaAgain();
    }
    tell();
  }

  private void anaAgain() {
    if (!anaTimer) {
      anaTimer = true;
      clock.after(
          ANA_AGAIN_NS,
          () -> {
            anaTimer = false;
            readAna();
          });
    }
  }

  /** How a namespace is reached, as the log has it. */
  int anaState(int nsid) {
    return ana.state(nsid);
  }

  /**
   * It is connected, its controller says that it reaches a namespace, and nothing speaks against.
   */
  boolean serves(int nsid) {
    return live && anaKnown && suspectNs == NEVER_NS && ana.serves(nsid);
  }

  boolean isOptimized(int nsid) {
    return ana.isOptimized(nsid);
  }

  // What its commands tell.

  @Override
  public PathLoad load() {
    return load;
  }

  @Override
  public void answered(int nsid, int status) {
    int code = Status.code(status);
    Association connected = association;
    boolean byAna =
        code == Status.ANA_INACCESSIBLE
            || code == Status.ANA_TRANSITION
            || code == Status.ANA_PERSISTENT_LOSS;
    if (byAna && connected != null && AnaReader.isOffered(connected.identify())) {
      ana.answered(nsid, status, clock.nowNs());
      readAna();
      tell();
    } else {
      suspect();
    }
  }

  @Override
  public void failed() {
    if (live) {
      suspect(); // It is lost, which is about to be told, or it only could not take this one.
    }
  }

  private void suspect() {
    boolean known = suspectNs != NEVER_NS;
    suspectNs = clock.nowNs();
    if (!known) {
      clock.after(SUSPECT_NS, this::trust);
      tell();
    }
  }

  private void trust() {
    if (suspectNs != NEVER_NS) {
      suspectNs = NEVER_NS;
      tell();
    }
  }

  @Override
  public long quietAtNs(long nowNs) {
    if (gone) {
      return nowNs;
    }
    Association had = association;
    long ms = quietMs;
    if (ms == PathOptions.BY_CONTROLLER) {
      ms = had == null ? 0 : QuietTime.ms(options, had.identify());
    }
    return nowNs + MILLISECONDS.toNanos(ms); // Of what ends now the connection has just closed.
  }

  @Override
  public long changedByNs(int nsid, long nowNs) {
    Association connected = association;
    if (!live || connected == null) {
      return nowNs;
    }
    long transitionS = connected.identify().value(IdentifyController.Field.ANATT);
    return ana.changedByNs(nsid, SECONDS.toNanos(transitionS), nowNs);
  }

  /** The controller that was lost is known to have ended. */
  void confirmGone() {
    gone = true;
    owner.quiet(this);
  }

  @Override
  public String toString() {
    return options.subsystem() + " at " + options.address();
  }
}
