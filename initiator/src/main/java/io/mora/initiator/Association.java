package io.mora.initiator;

import io.mora.initiator.intent.Intent;
import io.mora.initiator.intent.IntentGrant;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.RawCommand;
import io.mora.initiator.signals.AssociationSignals;
import io.mora.initiator.sync.ThreadQueue;
import io.mora.protocol.data.IdentifyController;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An association with one controller: its admin queue, its I/O queues, its namespaces.
 *
 * <p>Every method may be called from any thread; none blocks but {@link #close}.
 */
public interface Association extends AutoCloseable {
  ConnectOptions options();

  AssociationState state();

  /** CNTLID of the current or last connection. */
  int controllerId();

  /** VS: major << 16 | minor << 8 | tertiary. */
  int version();

  /** Identify Controller as read when it last connected; {@link #admin} reads it anew. */
  IdentifyController identify();

  /** Active namespaces, ascending by id; an immutable list that is replaced when they change. */
  List<RemoteNamespace> namespaces();

  /** The active namespace of an id. */
  Optional<RemoteNamespace> findNamespace(int nsid);

  /**
   * The active namespace of an id.
   *
   * @throws java.util.NoSuchElementException if there is none, saying which there are
   */
  RemoteNamespace namespace(int nsid);

  /** I/O queues of the loops; 0 of a discovery controller. */
  int queues();

  /** Commands sent and not answered yet, and commands waiting, over the loops' I/O queues. */
  int outstanding();

  /** Reads the list of namespaces anew. */
  CompletionStage<List<RemoteNamespace>> rescan();

  /**
   * Sends an admin command. Never sent twice: fails with a {@link
   * io.mora.protocol.ConnectionException} when the connection is lost or being made again.
   */
  CompletionStage<Completion> admin(RawCommand command);

  /** Sends an I/O command on a queue, 0 to {@link #queues()} - 1; never sent twice. */
  CompletionStage<Completion> io(int queue, RawCommand command);

  /**
   * Opens an I/O queue that the calling thread drives itself: it waits for its own commands, and no
   * other thread has a part in them. One of {@link ConnectOptions#threadQueues}. Waits until the
   * queue is connected, at most {@link ConnectOptions#attemptTimeoutMs}; not on a loop's thread.
   *
   * @param spinNs how long a wait polls before it sleeps, 0 to {@link
   *     io.mora.initiator.sync.ThreadQueue#SPIN_NS_MAX}
   * @throws java.util.concurrent.RejectedExecutionException if every such queue is in use, or there
   *     are none
   * @throws io.mora.protocol.NvmeException if the association or its controller has none to give
   */
  ThreadQueue openThreadQueue(long spinNs);

  /** What the controller agreed to about intent when it last connected. */
  IntentGrant intentGrant();

  /** Asks the controller what it grants now; {@link #intentGrant} shows it from then on. */
  CompletionStage<IntentGrant> readIntentGrant();

  /**
   * Sets the intent of commands on one queue that have none of their own.
   *
   * @param queue 0 to {@link #queues()} - 1
   * @param intent null for none
   */
  void usualIntent(int queue, @Nullable Intent intent);

  /** What was measured so far. */
  AssociationSignals signals();

  void addListener(AssociationListener listener);

  void removeListener(AssociationListener listener);

  /**
   * Ends it in good order: no new commands, those under way get {@link
   * ConnectOptions#drainTimeoutMs}, the controller is shut down (its caches written), connections
   * close. Later calls return the same stage, which never fails.
   */
  CompletionStage<Void> disconnect();

  /** {@link #disconnect}, and waits for it; not on a loop's thread. */
  @Override
  void close();
}
