package io.mora.initiator.auth;

import io.mora.protocol.CommandException;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.Nqn;
import io.mora.protocol.auth.AuthException;
import io.mora.protocol.auth.message.NegotiateMessage;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.protocol.auth.tls.TlsLibrary;
import io.mora.protocol.net.tls.TlsEnd;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates the queues of one association, each on each of its connections. Any thread; what
 * takes long runs on the workers.
 */
public final class HostAuthenticator {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final AtomicInteger SEQUENCE = new AtomicInteger(RANDOM.nextInt());

  private final @Nullable DhchapOptions options;
  private final @Nullable TlsOptions tls;
  private final Nqn host;
  private final Nqn subsystem;
  private final Executor workers;

  /** Made by a proof on plain TCP, for one life of the association: it goes over TLS by it. */
  private @Nullable TlsKey generated;

  /** The last admin queue to connect went by that. */
  private boolean adminByKey;

  /**
   * @param options null: this host cannot
   * @param tls null: connections are plain TCP
   * @param workers not a loop
   */
  public HostAuthenticator(
      @Nullable DhchapOptions options,
      @Nullable TlsOptions tls,
      Nqn host,
      Nqn subsystem,
      Executor workers) {
    this.options = options;
    this.tls = tls;
    this.host = host;
    this.subsystem = subsystem;
    this.workers = workers;
  }

  /**
   * What a connection begins with, or null for plain TCP.
   *
   * @param admin of the admin queue, which others follow
   * @param byKey of a queue that has to go by a key that was made, or not at all
   * @throws ConnectionException where that is gone
   */
  public @Nullable TlsEnd tls(SecureOwner connection, boolean admin, boolean byKey) {
    TlsKey made = generated(admin, byKey);
    if (made != null) {
      return new TlsConnector(made::copy, workers, connection);
    }
    TlsOptions with = tls;
    return with == null
        ? null
        : new TlsConnector(
            () -> TlsKey.of(with.psk(), with.identityVersion(), host, subsystem),
            workers,
            connection);
  }

  private synchronized @Nullable TlsKey generated(boolean admin, boolean byKey) {
    TlsKey made = generated;
    if (admin) {
      adminByKey = made != null;
    } else if (byKey && made == null) {
      throw new ConnectionException(
          Reason.LOST, "the association has ended, and with it its key for TLS");
    }
    return made;
  }

  /** The admin queue went by a key that was made: the queues that belong to it have to, too. */
  public synchronized boolean isAdminByKey() {
    return adminByKey;
  }

  private synchronized boolean hasGenerated() {
    return generated != null;
  }

  /** The association's connections end: it begins with a proof again. */
  public synchronized void ended() {
    TlsKey made = generated;
    if (made != null) {
      made.wipe();
      generated = null;
    }
  }

  /**
   * Takes the key with which an attempt to connect has ended, after {@link #ended}.
   *
   * @return false if that is not why it ended; otherwise all is to be connected again, over TLS
   */
  public synchronized boolean secured(Throwable reason) {
    SecuredException made = madeKey(reason);
    if (made != null) {
      generated = made.key;
    }
    return made != null;
  }

  /** A key was made where that is the reason. */
  public static boolean isSecured(Throwable reason) {
    return madeKey(reason) != null;
  }

  /** Nobody connects by the key any more with which an attempt has ended, if it has so. */
  public static void forget(@Nullable Throwable reason) {
    SecuredException made = reason == null ? null : madeKey(reason);
    if (made != null) {
      made.key.wipe();
    }
  }

  private static @Nullable SecuredException madeKey(Throwable reason) {
    Throwable cause = reason instanceof SecuredException ? reason : reason.getCause();
    return cause instanceof SecuredException made ? made : null;
  }

  /** The end of a connection that was there to make a key, whatever became of it since. */
  private static final class SecuredException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final transient TlsKey key;

    SecuredException(TlsKey key) {
      super("a key for TLS was made");
      this.key = key;
    }
  }

  /**
   * Authenticates, if that is wanted.
   *
   * @param admin it is the admin queue: the only one on which a key for TLS is made
   * @param byKey of another queue: its connection went by a key that was made, see {@link #tls}
   * @param demand of the controller's reply to Connect
   * @return completes on the queue's loop, or fails with {@link Reason#UNAUTHENTICATED} and an
   *     {@link AuthException} as its cause where there is one
   */
  public CompletableFuture<Void> authenticate(
      AuthExchange queue, boolean admin, boolean byKey, AuthDemand demand) {
    boolean demanded = demand != AuthDemand.NOTHING;
    DhchapOptions with = options;
    if (with == null && demanded) {
      return CompletableFuture.failedFuture(
          new ConnectionException(
              Reason.UNAUTHENTICATED,
              "the controller demands authentication, and there is no secret of this host",
              new NoSecretException()));
    }
    // An I/O queue's connection knows: the association's key may be gone, or another, by now.
    boolean proved = admin ? hasGenerated() : byKey;
    if (with == null || !demanded && (proved || !with.required())) {
      return CompletableFuture.completedFuture(null);
    }
    boolean wanted = demand == AuthDemand.SECURE_CHANNEL || with.concatenated();
    boolean makes = wanted && admin && !proved && tls == null;
    if (makes && TlsLibrary.MISSING != null) {
      return noKey(Reason.INCOMPATIBLE, TlsLibrary.MISSING);
    }
    if (makes && !with.canMakeKeys()) {
      return noKey(Reason.UNAUTHENTICATED, with.whyNoKeys());
    }
    int channel = makes ? NegotiateMessage.NEW_TLS_PSK : NegotiateMessage.NO_SECURE_CHANNEL;
    HostTransaction transaction =
        new HostTransaction(
            with,
            host,
            subsystem,
            RANDOM,
            new HostTransaction.Numbers(RANDOM.nextInt(1 << Short.SIZE), nextSequence(), channel));
    return queue
        .send(transaction.negotiate())
        .thenCompose(sent -> queue.receive())
        .thenApplyAsync(challenge -> step(() -> transaction.reply(challenge)), workers)
        .thenComposeAsync(queue::send, queue::execute)
        .thenCompose(sent -> queue.receive())
        .thenApply(success -> step(() -> transaction.finish(success)))
        .thenCompose(
            last -> last.map(queue::send).orElseGet(() -> CompletableFuture.completedFuture(null)))
        .handleAsync((done, failure) -> end(queue, transaction, failure), queue::execute)
        .thenCompose(ended -> ended)
        .thenCompose(ended -> then(transaction.key()));
  }

  private static CompletableFuture<Void> noKey(Reason reason, String why) {
    return CompletableFuture.failedFuture(
        new ConnectionException(reason, "the controller wants a key for TLS made, and " + why));
  }

  private static CompletableFuture<Void> then(@Nullable TlsKey key) {
    return key == null
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(new SecuredException(key));
  }

  private static int nextSequence() {
    return SEQUENCE.updateAndGet(last -> last == -1 ? 1 : last + 1);
  }

  private interface Step<T> {
    T take() throws AuthException;
  }

  private static <T> T step(Step<T> step) {
    try {
      return step.take();
    } catch (AuthException e) {
      throw new CompletionException(e);
    }
  }

  private static CompletableFuture<Void> end(
      AuthExchange queue, HostTransaction transaction, @Nullable Throwable failure) {
    if (failure == null) {
      return CompletableFuture.completedFuture(null);
    }
    transaction.forget();
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof AuthException refusal) {
      ConnectionException told =
          new ConnectionException(
              Reason.UNAUTHENTICATED, String.valueOf(refusal.getMessage()), refusal);
      if (transaction.isRefused()) {
        return CompletableFuture.failedFuture(told);
      }
      return queue
          .send(transaction.failure(refusal.failure()))
          .handle((sent, unsent) -> null)
          .thenCompose(nothing -> CompletableFuture.failedFuture(told));
    }
    if (cause instanceof ConnectionException lost && lost.reason() == Reason.LOST) {
      // Linux's target hangs up before its Failure1 has left.
      return CompletableFuture.failedFuture(
          new ConnectionException(Reason.LOST, "while authenticating; a wrong secret?", lost));
    }
    if (cause instanceof CommandException answer && !answer.retryable()) {
      return CompletableFuture.failedFuture(
          new ConnectionException(
              Reason.UNAUTHENTICATED, "the controller does not authenticate", answer));
    }
    return CompletableFuture.failedFuture(cause);
  }
}
