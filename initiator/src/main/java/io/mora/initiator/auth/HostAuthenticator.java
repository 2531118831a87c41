package io.mora.initiator.auth;

import io.mora.protocol.CommandException;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.Nqn;
import io.mora.protocol.auth.AuthException;
import io.mora.protocol.auth.message.NegotiateMessage;
import io.mora.protocol.auth.tls.TlsKey;
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

  /** What a connection begins with, or null for plain TCP. */
  public @Nullable TlsEnd tls(SecureOwner connection) {
    TlsKey made = generated();
    if (made != null) {
      return new TlsConnector(() -> made, workers, connection);
    }
    TlsOptions with = tls;
    return with == null
        ? null
        : new TlsConnector(
            () -> TlsKey.of(with.psk(), with.identityVersion(), host, subsystem),
            workers,
            connection);
  }

  private synchronized @Nullable TlsKey generated() {
    TlsKey made = generated;
    return made == null ? null : made.copy();
  }

  private synchronized boolean hasGenerated() {
    return generated != null;
  }

  /**
   * The association's connections end: it begins with a proof again, unless this is the end of the
   * one that was there to make a key.
   */
  public synchronized void ended(Throwable cause) {
    TlsKey made = generated;
    if (made != null && !isSecured(cause)) {
      made.wipe();
      generated = null;
    }
  }

  private synchronized void secured(TlsKey key) {
    generated = key;
  }

  /** A key was made where that is the reason: all is to be connected again, over TLS. */
  public static boolean isSecured(Throwable reason) {
    return reason instanceof SecuredException || reason.getCause() instanceof SecuredException;
  }

  /** The end of a connection that was there to make a key. */
  private static final class SecuredException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    SecuredException() {
      super("a key for TLS was made");
    }
  }

  /**
   * Authenticates, if that is wanted.
   *
   * @param demanded by the controller's reply to Connect
   * @param secured it demands that a key for TLS is made, too
   * @return completes on the queue's loop, or fails with {@link Reason#UNAUTHENTICATED} and an
   *     {@link AuthException} as its cause where there is one
   */
  public CompletableFuture<Void> authenticate(
      AuthExchange queue, boolean demanded, boolean secured) {
    DhchapOptions with = options;
    if (with == null && demanded) {
      return CompletableFuture.failedFuture(
          new ConnectionException(
              Reason.UNAUTHENTICATED,
              "the controller demands authentication, and there is no secret of this host",
              new NoSecretException()));
    }
    boolean proved = hasGenerated();
    if (with == null || !demanded && (proved || !with.required())) {
      return CompletableFuture.completedFuture(null);
    }
    boolean makes = !proved && tls == null && (secured || with.concatenated());
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

  private CompletableFuture<Void> then(@Nullable TlsKey key) {
    if (key == null) {
      return CompletableFuture.completedFuture(null);
    }
    secured(key);
    return CompletableFuture.failedFuture(new SecuredException());
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
