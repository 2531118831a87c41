package io.mora.target.subsystem;

import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.GrantSpec.TimingGrant;
import io.mora.protocol.admin.policy.RateSpec;
import io.mora.protocol.intent.GrantPage;
import io.mora.protocol.intent.LatencyClass;
import io.mora.qos.host.HostBudget;
import io.mora.qos.host.TokenBucket;
import org.jspecify.annotations.Nullable;

/** What one host may ask for and is given, as the data path reads it; immutable. */
public final class HostGrant {
  /** Bytes that may come at once: a few of the largest commands, or a tenth of a second. */
  private static final long BURST_BYTES_MIN = 8L << 20;

  private static final int BURST_PARTS = 10;
  private static final int GENERATION_MASK = 0xFFFF;

  private final GrantSpec spec;
  private final HostBudget budget;
  private final int generation;
  private final int baseClass;
  private final int maxClass;
  private final int flags;
  private final int placeMax;
  private final int[] floorUs = new int[LatencyClass.COUNT];
  private final HostGrant ofClaim;

  private HostGrant(GrantSpec spec, HostBudget budget, int generation, boolean claim) {
    this.spec = spec;
    this.placeMax = (claim ? GrantSpec.CLAIM_MAX : LatencyClass.CRITICAL).code();
    this.ofClaim = claim ? this : new HostGrant(spec.ofClaim(), budget, generation, true);
    this.budget = budget;
    this.generation = generation & GENERATION_MASK;
    this.baseClass = spec.baseClass().code();
    this.maxClass = spec.maxClass().code();
    this.flags = flags(spec);
    for (int i = 0; i < floorUs.length; i++) {
      floorUs[i] = spec.minBudgetUs().get(i);
    }
  }

  /**
   * A grant with full buckets.
   *
   * @param index tells hosts apart in the scheduler
   * @param nowNs the loops' clock
   */
  public static HostGrant of(GrantSpec spec, int index, int generation, long nowNs) {
    RateSpec rate = spec.rate();
    long bytesPerSecond = (long) rate.mibPerSecond() << 20;
    return new HostGrant(
        spec,
        new HostBudget(
            index,
            spec.weight(),
            bucket(rate.iops(), rate.burst(), nowNs),
            bucket(bytesPerSecond, Math.max(BURST_BYTES_MIN, bytesPerSecond / BURST_PARTS), nowNs)),
        generation,
        false);
  }

  private static @Nullable TokenBucket bucket(long ratePerSecond, long burst, long nowNs) {
    return ratePerSecond == 0 ? null : new TokenBucket(ratePerSecond, burst, nowNs);
  }

  private static int flags(GrantSpec spec) {
    return GrantPage.RT
        | (spec.step() ? GrantPage.STEP : 0)
        | (spec.hotMetadata() ? GrantPage.HOTMETA : 0)
        | (spec.timing() == TimingGrant.FINE ? GrantPage.FINE_RT : 0)
        | (spec.expire() ? GrantPage.EXPIRE : 0)
        | (spec.recur() ? GrantPage.RECUR : 0);
  }

  public GrantSpec spec() {
    return spec;
  }

  public HostBudget budget() {
    return budget;
  }

  /** Changes with every change of the grant; 16 bits. */
  public int generation() {
    return generation;
  }

  /** Class given by host policy, 0 for none. */
  public int baseClass() {
    return baseClass;
  }

  public int maxClass() {
    return maxClass;
  }

  /** Highest class that a namespace, a listener or a queue can give it. */
  public int placeMax() {
    return placeMax;
  }

  /** What of it there is for who just says that he is this host; of the same budget. */
  public HostGrant ofClaim() {
    return ofClaim;
  }

  /** {@link GrantPage#STEP} and so on. */
  public int flags() {
    return flags;
  }

  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Shortest budget in microseconds of a class 0..7. */
  public int floorUs(int latencyClass) {
    return floorUs[latencyClass];
  }
}
