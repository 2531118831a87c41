package io.mora.target.controller.auth;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.admin.policy.TlsSpec;
import io.mora.protocol.auth.tls.PskIdentity;
import io.mora.protocol.auth.tls.TlsException;
import io.mora.protocol.auth.tls.TlsHandshake;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.protocol.auth.tls.TlsPsk;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys of hosts that connect over TLS, how many may be shaking hands, and who has to wait. Any
 * thread; the lock is held for a count.
 */
public final class TlsDoor {
  /** Handshakes under way, of all hosts; one more is closed, which a host repeats. */
  static final int TOTAL_MAX = 512;

  /** Of one {@link Origin}, likewise: as many as the queues of one host, and others have room. */
  static final int PER_ADDRESS_MAX = 256;

  /** AlertDescription unknown_psk_identity. */
  private static final int UNKNOWN_IDENTITY = 115;

  private final Map<Origin, Integer> open = new HashMap<>();
  private final BackOff backOff = new BackOff();
  private final GeneratedKeys generated;
  private final Executor workers;
  private final long timeoutMs;
  private final int ipv6PrefixBits;
  private final LongSupplier nanoTime;
  private int total;

  /** Replaced whole by a control thread. */
  private volatile Map<Nqn, TlsSpec> keys = Map.of();

  TlsDoor(List<HostSpec> hosts, Executor workers, LimitsSpec limits) {
    this(hosts, workers, limits, System::nanoTime);
  }

  TlsDoor(List<HostSpec> hosts, Executor workers, LimitsSpec limits, LongSupplier nanoTime) {
    this.workers = workers;
    this.timeoutMs = limits.handshakeTimeout().toMillis();
    this.ipv6PrefixBits = limits.perAddress().ipv6PrefixBits();
    this.nanoTime = nanoTime;
    // On the timer's own thread: the workers may have no room for it, and it is a moment's work.
    Executor later =
        CompletableFuture.delayedExecutor(
            GeneratedKeys.IDLE_S + 1L, TimeUnit.SECONDS, Runnable::run);
    this.generated = new GeneratedKeys(nanoTime, later);
    keys(hosts);
  }

  /** What hosts have to prove from their next connection on; those that are open stay so. */
  void keys(List<HostSpec> hosts) {
    Map<Nqn, TlsSpec> replacement = new HashMap<>();
    for (HostSpec host : hosts) {
      TlsSpec spec = host.tls();
      if (spec != null) {
        replacement.put(host.nqn(), spec);
      }
    }
    keys = replacement;
  }

  /** Keys that hosts have made by a proof. */
  GeneratedKeys generated() {
    return generated;
  }

  /**
   * A connection of a key has begun.
   *
   * @return to be run when it has ended, once; null if the key does not count any more
   */
  public @Nullable Runnable opened(PskIdentity identity) {
    return identity.generated() ? generated.opened(identity) : () -> {};
  }

  /** Who came by this key may still ask for something: a configured one is not looked at. */
  public boolean counts(PskIdentity identity) {
    return !identity.generated() || generated.counts(identity);
  }

  /** Where handshakes are computed. */
  public Executor workers() {
    return workers;
  }

  /** Most time to the end of a handshake. */
  public long timeoutMs() {
    return timeoutMs;
  }

  /**
   * A connection from an address, before it is known who it is.
   *
   * @param policy of the port it came to; where that is {@code required}, only configured keys
   *     count: the proof that makes one may be all that a thief of a secret has
   */
  public Knock knock(InetAddress from, TlsPolicy policy) {
    return new Knock(from, policy != TlsPolicy.REQUIRED);
  }

  private synchronized boolean enter(Origin from) {
    int already = open.getOrDefault(from, 0);
    if (total >= TOTAL_MAX || already >= PER_ADDRESS_MAX) {
      return false;
    }
    open.put(from, already + 1);
    total++;
    return true;
  }

  private synchronized void leave(Origin from) {
    int left = open.getOrDefault(from, 0) - 1;
    if (left > 0) {
      open.put(from, left);
    } else {
      open.remove(from);
    }
    total--;
  }

  /** One connection's handshake. */
  public final class Knock implements TlsHandshake.Keys {
    private final InetAddress from;
    private final boolean takesGenerated;

    /** Whose key it has to prove, once that is known and it may try. */
    private volatile @Nullable Nqn claimed;

    private Knock(InetAddress from, boolean takesGenerated) {
      this.from = from;
      this.takesGenerated = takesGenerated;
    }

    private Origin origin() {
      return Origin.of(from, ipv6PrefixBits);
    }

    /** It is computed from now on. */
    public void begin() throws TlsException {
      if (!enter(origin())) {
        throw new TlsException(TlsException.NONE, "too many handshakes are under way");
      }
    }

    /** That is over; once after {@link #begin}. */
    public void ended() {
      leave(origin());
    }

    /** The host has proved its key. */
    public void proved() {
      Nqn host = claimed;
      if (host != null) {
        backOff.succeeded(new BackOff.Source(host, from));
      }
    }

    /** It has not. */
    public void failed() {
      Nqn host = claimed;
      if (host != null) {
        backOff.failed(new BackOff.Source(host, from), nanoTime.getAsLong());
      }
    }

    @Override
    public TlsKey choose(Iterable<PskIdentity> offered) throws TlsException {
      Map<Nqn, TlsSpec> known = keys;
      PskIdentity last = null;
      for (PskIdentity identity : offered) {
        last = identity;
        TlsKey found = find(known.get(identity.host()), identity);
        if (found != null) {
          if (backOff.holds(new BackOff.Source(identity.host(), from), nanoTime.getAsLong())) {
            // Not told, not counted: it comes again, and one of its attempts gets through.
            found.wipe();
            throw new TlsException(
                TlsException.NONE, identity.host() + " has failed too often and has to wait");
          }
          claimed = identity.host();
          return found;
        }
      }
      throw new TlsException(UNKNOWN_IDENTITY, unknown(last, known));
    }

    private String unknown(@Nullable PskIdentity last, Map<Nqn, TlsSpec> known) {
      String who = last == null ? "nobody" : last.host().toString();
      if (last != null && last.generated() && !takesGenerated) {
        return "only configured keys count at this port, not one made by a proof (" + last + ")";
      }
      if (last != null && last.generated()) {
        return "no key that " + who + " made by a proof counts under this name (" + last + ")";
      }
      return last != null && known.containsKey(last.host())
          ? "the key of " + who + " is another (" + last + ")"
          : "no TLS key of " + who + " is known here";
    }

    private @Nullable TlsKey find(@Nullable TlsSpec spec, PskIdentity identity) {
      if (identity.generated()) {
        return takesGenerated ? generated.find(identity) : null;
      }
      if (spec == null) {
        return null;
      }
      for (TlsPsk psk : spec.psks()) {
        if (psk.hash() == identity.hash()) {
          TlsKey key = keyOf(psk, identity);
          if (key != null && key.identity().equals(identity)) {
            return key;
          }
          if (key != null) {
            key.wipe();
          }
        }
      }
      return null;
    }

    private static @Nullable TlsKey keyOf(TlsPsk psk, PskIdentity identity) {
      try {
        return TlsKey.of(psk, identity.version(), identity.host(), identity.subsystem());
      } catch (IllegalArgumentException e) {
        return null; // names that an identity of this version has no room for
      }
    }
  }
}
