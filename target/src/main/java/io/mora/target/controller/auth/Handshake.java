package io.mora.target.controller.auth;

import io.mora.protocol.Nqn;
import io.mora.protocol.auth.tls.PskIdentity;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.protocol.command.Connect;
import io.mora.target.shard.Shard;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one connection has to prove, from its Connect on. Any thread, but for what comes of its
 * transactions: that is the queue's shard's.
 */
public final class Handshake {
  private final Authenticator authenticator;
  private final BackOff.Source source;
  private final Nqn subsystem;
  private final ChannelTerms terms;
  private final boolean counted;
  private final AtomicBoolean over = new AtomicBoolean();

  /** The key of its connection, or that which took its place; the queue's shard only. */
  private @Nullable PskIdentity inUse;

  /**
   * @param counted it is among the {@link OpenHandshakes}
   */
  Handshake(
      Authenticator authenticator,
      BackOff.Source source,
      Nqn subsystem,
      ChannelTerms terms,
      boolean counted) {
    this.authenticator = authenticator;
    this.source = source;
    this.subsystem = subsystem;
    this.terms = terms;
    this.counted = counted;
    this.inUse = terms.identity();
  }

  /** A new queue's transactions. */
  AuthTransaction transaction() {
    return new AuthTransaction(
        () -> authenticator.keysOf(source.host()),
        terms,
        source.host(),
        subsystem,
        authenticator.random(),
        authenticator.sequences());
  }

  /** It has nothing to prove, and may do so anew. */
  public boolean isProved() {
    return terms.isProved();
  }

  /** Connect's reply asks for this. */
  public int demands() {
    if (terms.isProved()) {
      return 0;
    }
    return terms.mayStay() ? Connect.ATR : Connect.ATR | Connect.ASCR;
  }

  /**
   * The host has made a key for TLS; on the queue's shard.
   *
   * @param counts it was made by a secret that is still the host's; asked before this returns
   */
  void secured(TlsKey key, BooleanSupplier counts) {
    PskIdentity identity = key.identity();
    if (authenticator.tls().generated().add(key, inUse, counts)) {
      inUse = identity;
    }
    proved();
  }

  BackOff.Source source() {
    return source;
  }

  Nqn subsystem() {
    return subsystem;
  }

  long timeoutMs() {
    return authenticator.timeoutMs();
  }

  /** Does the work elsewhere; the outcome, or null if it cannot be done, comes on the shard. */
  void compute(Shard shard, AuthWork work, Consumer<AuthWork.@Nullable Outcome> then) {
    authenticator.compute(shard, work, then);
  }

  /** The connection came to nothing before it could prove anything. */
  public void cancel() {
    end();
  }

  /** The host has proved itself. */
  void proved() {
    authenticator.backOff().succeeded(source);
    end();
  }

  /** It has not, and that is held against it. */
  void failed(long nowNs) {
    authenticator.backOff().failed(source, nowNs);
    end();
  }

  /** The queue is gone; a host that left its proof open on the admin queue is held against it. */
  void gone(long nowNs) {
    if (counted && !over.get()) {
      authenticator.backOff().failed(source, nowNs);
    }
    end();
  }

  private void end() {
    if (!over.getAndSet(true) && counted) {
      authenticator.open().end(source);
    }
  }
}
