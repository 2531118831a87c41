package io.mora.initiator;

import io.mora.initiator.path.PathOptions;
import io.mora.initiator.path.PathSet;
import io.mora.protocol.HostId;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.data.log.DiscoveryLogPage;
import io.mora.protocol.net.TransportKind;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * An NVMe/TCP host in this process: a few event loops, and the associations on them.
 *
 * <pre>{@code
 * try (Initiator initiator = Initiator.create(InitiatorOptions.defaults())) {
 *   Association array =
 *       initiator
 *           .connect(ConnectOptions.to("192.0.2.7", "nqn.2026-01.org.example:pages").build())
 *           .toCompletableFuture()
 *           .get();
 *   RemoteNamespace pages = array.namespace(1);
 *   ByteBuffer page = ByteBuffer.allocateDirect(8 * pages.blockBytes());
 *   pages.write(0, 8, page).thenCompose(w -> pages.flush()).toCompletableFuture().get();
 *   pages.read(0, 8, page).thenAccept(r -> use(page)).toCompletableFuture().get();
 * }
 * }</pre>
 */
public interface Initiator extends AutoCloseable {
  /**
   * Starts the loops.
   *
   * @throws IllegalStateException if the transport asked for is not available here
   */
  static Initiator create(InitiatorOptions options) {
    return TcpInitiator.start(options);
  }

  /** What the loops wait with, after {@code auto} was decided. */
  TransportKind transport();

  /** Loops, and threads. */
  int loops();

  Nqn hostNqn();

  HostId hostId();

  /** Asks a discovery controller what this host may connect to. Fails as {@link #connect}. */
  CompletionStage<DiscoveryLogPage> discover(TransportAddress address);

  /**
   * Makes an association: admin queue, I/O queues, namespaces. Tries once; only what was connected
   * reconnects. Completes on a loop thread.
   *
   * <p>Fails with {@link io.mora.protocol.CommandException} (a refused Connect says why in its
   * status) or {@link io.mora.protocol.ConnectionException}.
   */
  CompletionStage<Association> connect(ConnectOptions options);

  /**
   * Connects to several controllers that have the same namespaces, to use them as one.
   *
   * @return completes when one is connected, and goes on trying the others; fails as {@link
   *     #connect} if none can be
   */
  CompletionStage<PathSet> connectPaths(PathOptions options, List<ConnectOptions> paths);

  /**
   * Connects to a subsystem by every path that a discovery controller names, now and from then on:
   * what it adds is connected, what it takes away is left.
   *
   * @param template whose subsystem it is, and whose options every path has; its address is not
   *     used
   */
  CompletionStage<PathSet> discoverPaths(
      PathOptions options, TransportAddress discovery, ConnectOptions template);

  /** Associations that are not closed. */
  List<Association> associations();

  /** Disconnects every association, then stops the loops; not on a loop's thread. */
  @Override
  void close();
}
