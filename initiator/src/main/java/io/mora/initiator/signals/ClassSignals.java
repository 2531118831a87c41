package io.mora.initiator.signals;

import io.mora.protocol.intent.LatencyBuckets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What was measured of one class of intent since the association began. Immutable. */
public final class ClassSignals {
  private static final int MEDIAN = 500_000;
  private static final int P99 = 990_000;
  private static final int P999 = 999_000;

  private final int latencyClass;
  private final long[] counts;
  private final Map<LateCause, Long> lateCauses;
  private final Times useful;
  private final Times ready;
  private final Times gap;

  ClassSignals(
      int latencyClass,
      long[] counts,
      Map<LateCause, Long> lateCauses,
      Times useful,
      Times ready,
      Times gap) {
    this.latencyClass = latencyClass;
    this.counts = counts;
    this.lateCauses = Map.copyOf(lateCauses);
    this.useful = useful;
    this.ready = ready;
    this.gap = gap;
  }

  /** Times in the buckets of {@link LatencyBuckets}; never told shorter than they were. */
  public static final class Times {
    private final long[] buckets;

    Times(long[] buckets) {
      this.buckets = buckets.clone();
    }

    public long samples() {
      return Arrays.stream(buckets).sum();
    }

    /** How many fell into each bucket of {@link LatencyBuckets}. */
    public List<Long> counts() {
      return Arrays.stream(buckets).boxed().toList();
    }

    /** Median in ns, 0 without samples. */
    public long p50Ns() {
      return LatencyBuckets.quantileNs(buckets, MEDIAN);
    }

    public long p99Ns() {
      return LatencyBuckets.quantileNs(buckets, P99);
    }

    public long p999Ns() {
      return LatencyBuckets.quantileNs(buckets, P999);
    }

    @Override
    public String toString() {
      return samples() + " samples, p50 " + p50Ns() + " ns, p99 " + p99Ns() + " ns";
    }
  }

  /** 1 background to 7 critical; 0 for commands without intent. */
  public int latencyClass() {
    return latencyClass;
  }

  public long commands() {
    return counts[ClassCounters.COMMANDS];
  }

  /** Commands for which the target told where the time went. */
  public long timed() {
    return counts[ClassCounters.TIMED];
  }

  /** Ready within the budget, counted from submit. */
  public long deadlineHits() {
    return counts[ClassCounters.HITS];
  }

  public long deadlineMisses() {
    return counts[ClassCounters.MISSES];
  }

  /** Misses by cause; those not looked at yet are missing. */
  public Map<LateCause, Long> lateCauses() {
    return lateCauses;
  }

  /** Held back by the target's policy. */
  public long deferred() {
    return counts[ClassCounters.DEFERRED];
  }

  public long downgraded() {
    return counts[ClassCounters.DOWNGRADED];
  }

  public long throttled() {
    return counts[ClassCounters.THROTTLED];
  }

  /** Answered from the target's memory. */
  public long cacheHits() {
    return counts[ClassCounters.CACHE_HITS];
  }

  public long expired() {
    return counts[ClassCounters.EXPIRED];
  }

  /** Refused by the target because their budget could not be met. */
  public long refused() {
    return counts[ClassCounters.REFUSED];
  }

  public long cancelled() {
    return counts[ClassCounters.CANCELLED];
  }

  public long failed() {
    return counts[ClassCounters.FAILED];
  }

  /** Commands sent with a registered region that was valid. */
  public long registrationReuse() {
    return counts[ClassCounters.REGISTERED];
  }

  /** Consumer ran on the CPU that read the completion from the socket. */
  public long localityHits() {
    return counts[ClassCounters.LOCAL];
  }

  public long localityMisses() {
    return counts[ClassCounters.ELSEWHERE];
  }

  /** Completions of which one of the CPUs could not be told. */
  public long localityUnknown() {
    return counts[ClassCounters.CPU_UNKNOWN];
  }

  /** Misses of those that could be told, 0 to 1. */
  public double localityMissRate() {
    return share(localityMisses(), localityHits() + localityMisses());
  }

  /** Deferred of those the target timed, 0 to 1. */
  public double deferredCompletionRate() {
    return share(deferred(), timed());
  }

  /** {@code useful_completion_ns}: submitted until the consumer was ready, without device time. */
  public Times usefulCompletion() {
    return useful;
  }

  /**
   * Device done until the consumer was ready. Of the time between the sockets half is taken for the
   * way back, because the clocks of two machines are not compared.
   */
  public Times doneToReady() {
    return ready;
  }

  /** Consumer ready until {@code consumed()}: the gap from storage to the accelerator. */
  public Times consumedGap() {
    return gap;
  }

  static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  @Override
  public String toString() {
    return "class " + latencyClass + ": " + commands() + " commands, useful " + useful;
  }
}
