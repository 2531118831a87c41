package io.mora.target.controller.auth;

import io.mora.protocol.Nqn;
import io.mora.protocol.auth.tls.PskIdentity;
import io.mora.protocol.auth.tls.TlsKey;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * TLS keys that hosts have made by DH-HMAC-CHAP. A key counts while a connection of it is open, and
 * for {@value #IDLE_S} s without one: for the way from the proof to the TLS handshakes. Where there
 * are too many and none is idle, one in use is forgotten: its connections stay, and further ones
 * need another. In memory only; what is forgotten is overwritten.
 *
 * <p>Any thread; the lock is held for a look-up, for {@value #SLICE} entries at most, or for a list
 * of the hosts that have keys, where secrets change.
 */
final class GeneratedKeys {
  static final int IDLE_S = 60;

  /**
   * For one more, that which is idle longest is forgotten, of all hosts; else that in use longest.
   */
  static final int TOTAL_MAX = 4096;

  /** Of one host, for all its associations; likewise of its own. */
  static final int PER_HOST_MAX = 64;

  /** Entries that are forgotten while the lock is held. */
  private static final int SLICE = 64;

  private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(IDLE_S);

  private final Map<PskIdentity, Entry> entries = new HashMap<>();
  private final Map<Nqn, Order> ofHosts = new HashMap<>();
  private final Order all = new Order();
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

  /** Which is to go first: those without a connection in the order in which they became so. */
  private static final class Order {
    private final LinkedHashSet<Entry> idle = new LinkedHashSet<>();
    private final LinkedHashSet<Entry> used = new LinkedHashSet<>();

    void add(Entry entry) {
      (entry.open == 0 ? idle : used).add(entry);
    }

    void remove(Entry entry) {
      if (!idle.remove(entry)) {
        used.remove(entry);
      }
    }

    int size() {
      return idle.size() + used.size();
    }

    @Nullable Entry longestIdle() {
      return idle.isEmpty() ? null : idle.iterator().next();
    }

    /** Not of an empty one. */
    Entry first() {
      return (idle.isEmpty() ? used : idle).iterator().next();
    }
  }

  /**
   * A host has made a key.
   *
   * @param replaced the key in whose place it comes, if there is one: connections of that stay
   *     open, and keep the new one alive. Where that is gone already (another association by the
   *     same key was first), the new one begins without connections
   * @param counts asked with the lock held: the secret is still the host's; otherwise it is dropped
   * @return it counts
   */
  synchronized boolean add(TlsKey key, @Nullable PskIdentity replaced, BooleanSupplier counts) {
    long nowNs = nanoTime.getAsLong();
    forgetOver(nowNs);
    if (!counts.getAsBoolean()) {
      key.wipe();
      return false;
    }
    Entry entry = replaced == null ? null : entries.get(replaced);
    if (entry == null) {
      makeRoom(ofHosts.get(key.identity().host()), PER_HOST_MAX);
      makeRoom(all, TOTAL_MAX);
      entry = new Entry(key, nowNs);
    } else {
      remove(entry);
      entry.key.wipe();
      entry.key = key;
      entry.idleSinceNs = nowNs;
    }
    put(entry);
    sweepLater();
    return true;
  }

  private void makeRoom(@Nullable Order among, int most) {
    if (among != null && among.size() >= most) {
      forget(among.first());
    }
  }

  private void put(Entry entry) {
    entries.put(entry.identity(), entry);
    all.add(entry);
    ofHosts.computeIfAbsent(entry.identity().host(), host -> new Order()).add(entry);
  }

  private void remove(Entry entry) {
    entries.remove(entry.identity());
    all.remove(entry);
    Nqn host = entry.identity().host();
    Order own = ofHosts.get(host);
    if (own != null) {
      own.remove(entry);
      if (own.size() == 0) {
        ofHosts.remove(host);
      }
    }
  }

  private void forget(Entry entry) {
    remove(entry);
    entry.key.wipe();
  }

  /** A copy of the key of an identity, if it counts. */
  synchronized @Nullable TlsKey find(PskIdentity identity) {
    Entry entry = entries.get(identity);
    return entry == null || entry.isOver(nanoTime.getAsLong()) ? null : entry.key.copy();
  }

  /** A connection by this key may begin something: neither its secret nor the key is another. */
  synchronized boolean counts(PskIdentity identity) {
    return entries.containsKey(identity);
  }

  /**
   * A connection of a key has begun.
   *
   * @return to be run when it has ended, once; null if the key was forgotten since its handshake
   *     began, and opens nothing any more
   */
  synchronized @Nullable Runnable opened(PskIdentity identity) {
    Entry entry = entries.get(identity);
    if (entry == null) {
      return null;
    }
    if (entry.open == 0) {
      remove(entry);
      entry.open = 1;
      put(entry);
    } else {
      entry.open++;
    }
    return () -> closed(entry);
  }

  private synchronized void closed(Entry entry) {
    boolean counts = entries.get(entry.identity()) == entry;
    if (counts && entry.open == 1) {
      remove(entry);
      entry.open = 0;
      entry.idleSinceNs = nanoTime.getAsLong();
      put(entry);
      sweepLater();
    } else {
      entry.open--;
    }
  }

  private void sweepLater() {
    if (sweeping) {
      return;
    }
    sweeping = true;
    try {
      later.execute(this::sweep);
    } catch (RejectedExecutionException full) {
      sweeping = false; // Whoever comes next asks again.
    }
  }

  private void sweep() {
    boolean more = true;
    while (more) {
      more = sweepSome(); // Between two of them others have their turn at the lock.
    }
  }

  /** Whether there may be more. */
  private synchronized boolean sweepSome() {
    if (forgetOver(nanoTime.getAsLong()) == SLICE) {
      return true;
    }
    sweeping = false;
    if (all.longestIdle() != null) {
      sweepLater();
    }
    return false;
  }

  /** How many, {@link #SLICE} at most. */
  private int forgetOver(long nowNs) {
    int gone = 0;
    Entry longest = all.longestIdle();
    while (gone < SLICE && longest != null && longest.isOver(nowNs)) {
      forget(longest);
      gone++;
      longest = all.longestIdle();
    }
    return gone;
  }

  /**
   * The secrets of these hosts are others now, or gone: so are the keys they have made. What is
   * added meanwhile is not looked at: it has been asked whether it {@code counts}.
   */
  void forget(Predicate<Nqn> hosts) {
    for (Nqn host : hosts()) {
      if (hosts.test(host)) {
        forgetAllOf(host);
      }
    }
  }

  private synchronized List<Nqn> hosts() {
    return List.copyOf(ofHosts.keySet());
  }

  /** {@link #PER_HOST_MAX} at most. */
  private synchronized void forgetAllOf(Nqn host) {
    Order own = ofHosts.get(host);
    while (own != null) {
      forget(own.first());
      own = ofHosts.get(host);
    }
  }

  synchronized int size() {
    return entries.size();
  }
}
