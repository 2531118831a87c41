package io.mora.initiator.discovery;

import io.mora.initiator.Association;
import io.mora.initiator.AssociationListener;
import io.mora.initiator.AssociationState;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.auth.DhchapOptions;
import io.mora.initiator.path.PathSet;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.data.log.DiscoveryLogEntry;
import io.mora.protocol.data.log.DiscoveryLogPage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the paths to a subsystem as a discovery controller tells: it stays connected, and reads the
 * log again when told that it changed, and after each reconnect. While the discovery controller
 * cannot be reached the paths stay as they are.
 *
 * <p>Entries that are not for TCP, ask for TLS, or name no address are passed over; of more than
 * {@link PathSet#PATHS_MAX} the first count.
 */
public final class DiscoveredPaths implements AssociationListener {
  private static final Logger LOG = LoggerFactory.getLogger(DiscoveredPaths.class);

  /** Type notice, information discovery log change, log 70h. */
  private static final int EVENT = 0x70_F0_02;

  private static final int EVENT_MASK = 0xFF_FF_07;

  private final Association discovery;
  private final DiscoveryReader reader;
  private final PathSet paths;
  private final ConnectOptions template;
  private final Executor thread;

  // The thread's.
  private final Set<TransportAddress> told = new LinkedHashSet<>();
  private boolean reading;
  private boolean again;

  /**
   * @param template whose subsystem is followed and whose options every path has
   * @param thread one, on which all this happens
   */
  public DiscoveredPaths(
      Association discovery,
      DiscoveryReader reader,
      PathSet paths,
      ConnectOptions template,
      Executor thread) {
    this.discovery = discovery;
    this.reader = reader;
    this.paths = paths;
    this.template = template;
    this.thread = thread;
  }

  /**
   * Reads the log, connects, and follows from then on.
   *
   * @return completes when one path is connected; fails if the log cannot be read, or no path that
   *     it names be connected
   */
  public CompletionStage<Void> start() {
    discovery.addListener(this);
    CompletableFuture<Void> first = new CompletableFuture<>();
    thread.execute(() -> read(first));
    return first;
  }

  @Override
  public void stateChanged(Association which, AssociationState state) {
    if (state == AssociationState.LIVE) {
      thread.execute(() -> read(null));
    }
  }

  @Override
  public void asyncEvent(Association which, int dw0) {
    if ((dw0 & EVENT_MASK) == (EVENT & EVENT_MASK)) {
      thread.execute(() -> read(null));
    }
  }

  private void read(@Nullable CompletableFuture<Void> first) {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    reader.read().whenComplete((log, failure) -> thread.execute(() -> ended(log, failure, first)));
  }

  private void ended(
      @Nullable DiscoveryLogPage log,
      @Nullable Throwable failure,
      @Nullable CompletableFuture<Void> first) {
    reading = false;
    if (log != null) {
      follow(wanted(log), first);
    } else {
      LOG.warn("{}: the discovery log: {}", discovery, String.valueOf(failure));
      if (first != null && failure != null) {
        first.completeExceptionally(failure);
      }
    }
    if (again) {
      again = false;
      read(null);
    }
  }

  private Set<TransportAddress> wanted(DiscoveryLogPage log) {
    Set<TransportAddress> wanted = new LinkedHashSet<>();
    for (DiscoveryLogEntry entry : log.entries()) {
      TransportAddress address = entry.address();
      if (entry.isTcp()
          && entry.subtype() == DiscoveryLogEntry.NVM_SUBSYSTEM
          && template.subsystem().equals(entry.subsystemNqn())
          && fits(entry)
          && address != null
          && wanted.size() < PathSet.PATHS_MAX) {
        wanted.add(address);
      }
    }
    return wanted;
  }

  /**
   * Who has a key never goes without TLS, and without one it is no use to try; a key is made where
   * TLS is spoken, and plain TCP too.
   */
  private boolean fits(DiscoveryLogEntry entry) {
    DhchapOptions proof = template.dhchap();
    if (template.tls() == null && proof != null && proof.concatenated()) {
      return entry.offersTls() && !entry.requiresTls();
    }
    return template.tls() == null ? !entry.requiresTls() : entry.offersTls();
  }

  private void follow(Set<TransportAddress> wanted, @Nullable CompletableFuture<Void> first) {
    List<TransportAddress> gone = new ArrayList<>(told);
    gone.removeAll(wanted);
    List<TransportAddress> come = new ArrayList<>(wanted);
    come.removeAll(told);
    told.clear();
    told.addAll(wanted);
    if (!gone.isEmpty() || !come.isEmpty()) {
      LOG.info("{}: paths that came {}, that went {}", template.subsystem(), come, gone);
    }
    gone.forEach(paths::remove);
    CompletionStage<Void> connected =
        paths.addAll(
            come.stream().map(address -> template.at(address, template.subsystem())).toList());
    if (first != null) {
      connected.whenComplete(
          (done, failure) -> {
            if (failure == null) {
              first.complete(null);
            } else {
              first.completeExceptionally(failure);
            }
          });
    }
  }
}
