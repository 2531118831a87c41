package io.mora.target.subsystem;

import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.policy.RateSpec;
import io.mora.qos.host.HostBudget;
import io.mora.qos.host.TokenBucket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each host may take of the latency classes, over all shards; immutable. */
public final class HostBudgets {
  /**
   * Places in line for hosts the configuration does not name. They are as many as wire values make
   * them, so they share: two of them may be one host to the scheduler.
   */
  private static final int UNNAMED = 64;

  private static final int UNNAMED_WEIGHT = 100;
  private static final long MIB = 1 << 20;

  private final Map<String, HostBudget> named = new HashMap<>();
  private final HostBudget[] unnamed = new HostBudget[UNNAMED];

  /** The budgets of the hosts that are configured. */
  public HostBudgets(List<HostSpec> hosts) {
    int index = 0;
    for (HostSpec host : hosts) {
      int weight = Math.min(HostBudget.WEIGHT_MAX, host.grants().weight());
      RateSpec rate = host.grants().rate();
      named.put(host.nqn().value(), new HostBudget(index++, weight, operations(rate), bytes(rate)));
    }
    for (int i = 0; i < UNNAMED; i++) {
      unnamed[i] = HostBudget.unlimited(index++, UNNAMED_WEIGHT);
    }
  }

  private static @Nullable TokenBucket operations(RateSpec rate) {
    return rate.iops() == 0 ? null : new TokenBucket(rate.iops(), rate.burst(), System.nanoTime());
  }

  /** As long a burst as the operations have, or a tenth of a second; at least the longest I/O. */
  private static @Nullable TokenBucket bytes(RateSpec rate) {
    if (rate.mibPerSecond() == 0) {
      return null;
    }
    long perSecond = Math.min(TokenBucket.RATE_MAX, rate.mibPerSecond() * MIB);
    long burst = rate.iops() == 0 ? perSecond / 10 : perSecond / rate.iops() * rate.burst();
    long bounded = Math.min(TokenBucket.RATE_MAX, Math.max(2 * MIB, burst));
    return new TokenBucket(perSecond, bounded, System.nanoTime());
  }

  /** The budget of a host. */
  public HostBudget of(String hostNqn) {
    HostBudget found = named.get(hostNqn);
    return found != null ? found : unnamed[Math.floorMod(hostNqn.hashCode(), UNNAMED)];
  }
}
