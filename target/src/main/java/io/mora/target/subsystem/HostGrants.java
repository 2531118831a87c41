package io.mora.target.subsystem;

import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.Trust;
import io.mora.target.cache.HotTier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What hosts may ask of the latency-intent extension, by host NQN. Any thread.
 *
 * <p>A host is looked up once, when it connects. Grants are replaced live and count from a host's
 * next command on.
 */
public final class HostGrants {
  /** Hosts without a grant of their own that get a place; more share one. */
  public static final int STRANGERS_MAX = 4096;

  private final IntentSpec intent;
  private final HotTier tier;
  private final int shards;
  private final Map<String, KnownHost> hosts = new ConcurrentHashMap<>();
  private final KnownHost others;
  private final int max;

  /** Whose names are believed, also of those that have not come yet. */
  private volatile Set<String> believed;

  /**
   * @param nowNs the loops' clock
   */
  public HostGrants(IntentSpec intent, HotTier tier, List<HostSpec> specs, int shards, long nowNs) {
    this.intent = intent;
    this.tier = tier;
    this.shards = shards;
    this.max = specs.size() + STRANGERS_MAX;
    this.believed = believedOf(specs);
    HostGrant byDefault = HostGrant.of(GrantSpec.DEFAULT, 0, 1, nowNs);
    this.others = new KnownHost("", 0, byDefault, shards, tier.share(""), false);
    for (HostSpec spec : specs) {
      add(spec.nqn().value(), spec.grants(), nowNs);
    }
  }

  /** There is a hot tier. */
  public boolean hasHotTier() {
    return tier.isPresent();
  }

  public IntentSpec intent() {
    return intent;
  }

  /** The host of an NQN, with the default grant if nothing is said about it. */
  public KnownHost host(String nqn, long nowNs) {
    KnownHost known = hosts.get(nqn);
    return known != null ? known : add(nqn, GrantSpec.DEFAULT, nowNs);
  }

  private synchronized KnownHost add(String nqn, GrantSpec spec, long nowNs) {
    KnownHost known = hosts.get(nqn);
    if (known != null) {
      return known;
    }
    if (hosts.size() >= max) {
      return others;
    }
    int index = hosts.size() + 1;
    HostGrant grant = HostGrant.of(spec, index, 1, nowNs);
    boolean isBelieved = believed.contains(nqn);
    KnownHost added = new KnownHost(nqn, index, grant, shards, tier.share(nqn), isBelieved);
    hosts.put(nqn, added);
    return added;
  }

  /**
   * Replaces a host's grant; its buckets are full again.
   *
   * @return false if there is no place for another host
   */
  public synchronized boolean replace(String nqn, GrantSpec spec, long nowNs) {
    KnownHost host = host(nqn, nowNs);
    if (host == others) {
      return false;
    }
    host.grant(HostGrant.of(spec, host.index(), host.grant().generation() + 1, nowNs));
    return true;
  }

  /** Whose name is believed from now on. */
  public synchronized void trust(List<HostSpec> specs) {
    Set<String> names = believedOf(specs);
    believed = names;
    hosts.forEach((nqn, host) -> host.believed(names.contains(nqn)));
  }

  private static Set<String> believedOf(List<HostSpec> specs) {
    Set<String> names = new HashSet<>();
    for (HostSpec spec : specs) {
      if (spec.trust() == Trust.CLAIMED) {
        names.add(spec.nqn().value());
      }
    }
    return Set.copyOf(names);
  }

  /** Hosts that have a place; a copy. */
  public Collection<KnownHost> hosts() {
    return new ArrayList<>(hosts.values());
  }
}
