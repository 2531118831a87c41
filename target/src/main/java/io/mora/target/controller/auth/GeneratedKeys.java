package io.mora.target.controller.auth;

import io.mora.protocol.Nqn;
import io.mora.protocol.auth.tls.PskIdentity;
import io.mora.protocol.auth.tls.TlsKey;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * TLS keys that hosts have made by DH-HMAC-CHAP. A key counts while a connection of it is open, and
 * for {@value #IDLE_S} s without one: for the way from the proof to the TLS handshakes. In memory
 * only; what is forgotten is overwritten.
 *
 * <p>Any thread; the lock is held for a look-up, or for a look at all of them when one comes or
 * they are swept.
 */
final class GeneratedKeys {
  static final int IDLE_S = 60;

  /** For one more, that which is idle longest is forgotten, of all hosts; else the oldest. */
  static final int TOTAL_MAX = 4096;

  /** Of one host, for all its associations; likewise of its own. */
  static final int PER_HOST_MAX = 64;

  private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(IDLE_S);

  /** Idle ones in the order in which they became so. */
  private final Map<PskIdentity, Entry> entries = new LinkedHashMap<>();

  private final LongSupplier nanoTime;
  private final Executor later;
  private boolean sweeping;

  /**
   * @param later runs what it is given when a key that is idle now is so no longer than allowed
   */
  GeneratedKeys(LongSupplier nanoTime, Executor later) {
    this.nanoTime = nanoTime;
    this.later = later;
  }

  private static final class Entry {
    private TlsKey key;
    private int open;
    private long idleSinceNs;

    Entry(TlsKey key, long nowNs) {
      this.key = key;
      this.idleSinceNs = nowNs;
    }

    PskIdentity identity() {
      return key.identity();
    }

    boolean isOver(long nowNs) {
      return open == 0 && nowNs - idleSinceNs > IDLE_NS;
    }
  }

  /**
   * A host has made a key.
   *
   * @param replaced the key in whose place it comes, if there is one: connections of that stay
   *     open, and keep the new one alive
   * @param counts asked with the lock held: the secret is still the host's; otherwise it is dropped
   */
  synchronized void add(TlsKey key, @Nullable PskIdentity replaced, BooleanSupplier counts) {
    long nowNs = nanoTime.getAsLong();
    forgetIf(entry -> entry.isOver(nowNs));
    if (!counts.getAsBoolean()) {
      key.wipe();
      return;
    }
    Entry entry = replaced == null ? null : entries.remove(replaced);
    if (entry == null) {
      Nqn host = key.identity().host();
      makeRoom(PER_HOST_MAX, each -> each.identity().host().equals(host));
      makeRoom(TOTAL_MAX, each -> true);
      entry = new Entry(key, nowNs);
    } else {
      entry.key.wipe();
      entry.key = key;
      entry.idleSinceNs = nowNs;
    }
    entries.put(key.identity(), entry);
    sweepLater();
  }

  private void makeRoom(int most, Predicate<Entry> among) {
    int count = 0;
    Entry idle = null;
    Entry oldest = null;
    for (Entry entry : entries.values()) {
      if (among.test(entry)) {
        count++;
        oldest = oldest == null ? entry : oldest;
        idle = idle == null && entry.open == 0 ? entry : idle;
      }
    }
    Entry least = idle == null ? oldest : idle;
    if (count >= most && least != null) {
      entries.remove(least.identity());
      least.key.wipe();
    }
  }

  /** A copy of the key of an identity, if it counts. */
  synchronized @Nullable TlsKey find(PskIdentity identity) {
    Entry entry = entries.get(identity);
    return entry == null || entry.isOver(nanoTime.getAsLong()) ? null : entry.key.copy();
  }

  /**
   * A connection of a key has begun.
   *
   * @return to be run when it has ended, once
   */
  synchronized Runnable opened(PskIdentity identity) {
    Entry entry = entries.get(identity);
    if (entry == null) {
      return () -> {}; // Forgotten since its handshake began: what is open stays open.
    }
    entry.open++;
    return () -> closed(entry);
  }

  private synchronized void closed(Entry entry) {
    entry.open--;
    entry.idleSinceNs = nanoTime.getAsLong();
    if (entries.remove(entry.identity(), entry)) {
      entries.put(entry.identity(), entry);
      sweepLater();
    }
  }

  private void sweepLater() {
    if (!sweeping) {
      sweeping = true;
      later.execute(this::sweep);
    }
  }

  private synchronized void sweep() {
    sweeping = false;
    long nowNs = nanoTime.getAsLong();
    forgetIf(entry -> entry.isOver(nowNs));
    if (entries.values().stream().anyMatch(entry -> entry.open == 0)) {
      sweepLater();
    }
  }

  /** The secrets of these hosts are others now, or gone: so are the keys they have made. */
  synchronized void forget(Predicate<Nqn> hosts) {
    forgetIf(entry -> hosts.test(entry.identity().host()));
  }

  private void forgetIf(Predicate<Entry> which) {
    Collection<Entry> all = entries.values();
    all.removeIf(
        entry -> {
          boolean gone = which.test(entry);
          if (gone) {
            entry.key.wipe();
          }
          return gone;
        });
  }

  synchronized int size() {
    return entries.size();
  }
}
