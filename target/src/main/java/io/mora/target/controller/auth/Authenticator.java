package io.mora.target.controller.auth;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.qos.locality.PinnedThreads;
import io.mora.target.shard.Shard;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which hosts have to prove themselves, and the threads on which that is computed.
 *
 * <p>Assumes: each queue has one work under way at most. Guarantees: no shard's thread computes.
 * Progress: work is done in order of arrival; a thread ends when there has been none for a while.
 */
public final class Authenticator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);

  /** A thread for so many CPUs: the rest stays with the shards. */
  private static final int CPUS_PER_THREAD = 4;

  private static final int THREADS_MAX = 4;

  /** After the shards, where they share a CPU. */
  private static final int NICENESS = 10;

  /** Replaced whole by a control thread. */
  private volatile Map<Nqn, DhchapSpec> keys = Map.of();

  private final BackOff backOff = new BackOff();
  private final OpenHandshakes open;
  private final SecureRandom random = new SecureRandom();
  private final AtomicInteger sequence = new AtomicInteger(random.nextInt());
  private final long timeoutMs;
  private final ThreadPoolExecutor pool;
  private final TlsDoor tls;

  /**
   * @param limits how long a proof may take, and how many connections there may be: as much work
   */
  public Authenticator(List<HostSpec> hosts, LimitsSpec limits) {
    this.timeoutMs = limits.handshakeTimeout().toMillis();
    int cpus = Runtime.getRuntime().availableProcessors();
    int threads = Math.max(1, Math.min(THREADS_MAX, cpus / CPUS_PER_THREAD));
    this.pool = PinnedThreads.pool("mora-auth", threads, limits.connections(), NICENESS);
    this.tls = new TlsDoor(hosts, pool, limits);
    this.open = new OpenHandshakes(limits.perAddress().ipv6PrefixBits());
    keys(hosts);
  }

  /**
   * What hosts have to prove from now on, at a connect and when they prove themselves anew. Queues
   * that are open stay so: a key can be changed at both ends without losing a connection.
   */
  public void keys(List<HostSpec> hosts) {
    Map<Nqn, DhchapSpec> replacement = new HashMap<>();
    for (HostSpec host : hosts) {
      DhchapSpec spec = host.dhchap();
      if (spec != null) {
        replacement.put(host.nqn(), spec);
      }
    }
    Map<Nqn, DhchapSpec> before = keys;
    keys = replacement;
    tls.keys(hosts);
    tls.generated().forget(host -> !sameProof(before.get(host), replacement.get(host)));
  }

  /** What was proved by the one is still good enough by the other. */
  static boolean sameProof(@Nullable DhchapSpec before, @Nullable DhchapSpec now) {
    return before != null
        && now != null
        && before.key().equals(now.key())
        && Objects.equals(before.controllerKey(), now.controllerKey())
        && now.hashes().containsAll(before.hashes())
        && now.groups().containsAll(before.groups());
  }

  /** The keys of those that connect over TLS. */
  public TlsDoor tls() {
    return tls;
  }

  /** What a host has to prove now, or null. */
  @Nullable DhchapSpec keysOf(Nqn host) {
    return keys.get(host);
  }

  /** A host of this name has to prove that it is. */
  public boolean demands(Nqn host) {
    return keys.containsKey(host);
  }

  /**
   * Lets a host that {@link #demands} names begin; null if it has to come again later.
   *
   * @param terms what it may be for
   * @param admin on an admin queue
   */
  public @Nullable Handshake begin(
      BackOff.Source source, Nqn subsystem, ChannelTerms terms, boolean admin, long nowNs) {
    if (!demands(source.host())) {
      return null; // It has just changed: the host comes again.
    }
    if (terms.isProved()) {
      return new Handshake(this, source, subsystem, terms, false);
    }
    if (backOff.holds(source, nowNs) || admin && !open.begin(source)) {
      return null;
    }
    return new Handshake(this, source, subsystem, terms, admin);
  }

  SecureRandom random() {
    return random;
  }

  /** SEQNUM: each is one more than the last of any queue, and never 0. */
  IntSupplier sequences() {
    return () -> sequence.updateAndGet(last -> last == -1 ? 1 : last + 1);
  }

  BackOff backOff() {
    return backOff;
  }

  OpenHandshakes open() {
    return open;
  }

  long timeoutMs() {
    return timeoutMs;
  }

  void compute(Shard shard, AuthWork work, Consumer<AuthWork.@Nullable Outcome> then) {
    try {
      pool.execute(() -> run(shard::execute, work, then));
    } catch (RejectedExecutionException stopped) {
      then.accept(null);
    }
  }

  /** On a thread of the pool. */
  static void run(Executor shard, AuthWork work, Consumer<AuthWork.@Nullable Outcome> then) {
    AuthWork.Outcome outcome = null;
    try {
      outcome = work.compute();
    } catch (RuntimeException e) {
      LOG.error("Authentication failed by an internal error", e);
    }
    AuthWork.Outcome result = outcome;
    try {
      shard.execute(() -> then.accept(result));
    } catch (RejectedExecutionException stopped) {
      LOG.debug("A proof was ready after the shard's end");
      if (result != null) {
        result.forget();
      }
    }
  }

  /** Ends the threads; what is under way comes to nothing. */
  @Override
  public void close() {
    pool.shutdownNow();
    tls.generated().forget(host -> true);
  }
}
