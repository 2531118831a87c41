package io.mora.target.subsystem;

import io.mora.qos.host.HostShare;
import io.mora.target.cache.HotShare;
import io.mora.target.shard.Shard;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A host that has a place in the scheduler, and its grant, which may be replaced at any time.
 *
 * <p>Assumes: {@link #share} is called on the shard it names. Guarantees: a command sees one grant;
 * the next command sees a new one.
 */
public final class KnownHost {
  private final String nqn;
  private final int index;

  /** One for each shard, touched by its thread only. */
  private final @Nullable HostShare[] shares;

  /** Likewise. */
  private final @Nullable HostMemory[] memory;

  /** Consumer CPUs kept apart: more of them are not remembered. */
  public static final int CPUS_MAX = 1024;

  /** No shard, or none known. */
  public static final int NO_SHARD = -1;

  /** Of each CPU on which the host consumes, the shard of the last queue it had for it. */
  private final Map<Integer, Integer> shardOfCpu = new ConcurrentHashMap<>();

  private final HotShare hot;
  private volatile boolean believed;
  private volatile HostGrant grant;

  /**
   * @param believed its name is: it need not prove that it is this host
   */
  KnownHost(String nqn, int index, HostGrant grant, int shards, HotShare hot, boolean believed) {
    this.believed = believed;
    this.hot = hot;
    this.nqn = nqn;
    this.index = index;
    this.grant = grant;
    this.shares = new HostShare[shards];
    this.memory = new HostMemory[shards];
  }

  /** As the host presents itself; empty for those that found no place of their own. */
  public String nqn() {
    return nqn;
  }

  /** Tells hosts apart where something is counted for each; 0 is those without a place. */
  public int index() {
    return index;
  }

  /** Whoever says that he is this host gets what it is granted; any thread. */
  public boolean isBelieved() {
    return believed;
  }

  void believed(boolean now) {
    believed = now;
  }

  /** What it may keep in the hot tier. */
  public HotShare hot() {
    return hot;
  }

  /** The shard that serves what the host consumes on a CPU, or {@link #NO_SHARD}; any thread. */
  public int shardOf(int cpu) {
    return shardOfCpu.getOrDefault(cpu, NO_SHARD);
  }

  /** A queue for what is consumed on a CPU was placed on a shard; any thread. */
  public void served(int cpu, int shard) {
    // Those without a place of their own are many hosts, whose CPUs have nothing in common.
    if (index != 0 && cpu < CPUS_MAX) {
      shardOfCpu.put(cpu, shard);
    }
  }

  /**
   * What it may hold of a shard's buffers, whatever connections it has; that shard's thread only.
   *
   * @param limitBytes of all buffers of the shard; 0 is no bound
   * @param largestBytes what the largest command wants
   */
  public HostMemory memory(Shard shard, long limitBytes, int largestBytes) {
    HostMemory known = memory[shard.index()];
    if (known == null) {
      known = HostMemory.of(shard, limitBytes, largestBytes);
      memory[shard.index()] = known;
    }
    return known;
  }

  /** The grant now; any thread. */
  public HostGrant grant() {
    return grant;
  }

  void grant(HostGrant replacement) {
    grant = replacement;
  }

  /** The shard's share of a grant of this host; that shard's thread only. */
  public HostShare share(HostGrant of, int shardIndex) {
    HostShare share = shares[shardIndex];
    if (share == null || share.budget() != of.budget()) {
      share = of.budget().share();
      shares[shardIndex] = share;
    }
    return share;
  }
}
