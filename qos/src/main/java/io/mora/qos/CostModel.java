package io.mora.qos;

/**
 * Nanoseconds an I/O takes one place in the device, which is also how long it takes when nothing
 * else is there: a base by direction and a price for each KiB. Given, or learned. A learning model
 * belongs to one thread.
 */
public final class CostModel {
  /*
   * Learning: by direction and power of two of KiB, the least time seen. Queueing only ever adds, so
   * the least is what the I/O takes alone. It is forgotten by an eighth of the distance to what was
   * seen since, every ten seconds, so that a device that became slower is believed and one lucky
   * read is not believed for ever. The smallest and the largest size seen make the line.
   */
  static final long FORGET_NS = 10_000_000_000L;
  static final int FORGET_PARTS = 8;

  /** Observations before a size counts, and between two fits. */
  static final int SAMPLES_LEAST = 16;

  /** Nothing takes longer alone; it keeps a day's suspend out of the arithmetic. */
  static final long COST_MAX_NS = 60_000_000_000L;

  /** Dearest MiB; times 2 GiB it is still a number. */
  static final long MIB_MAX_NS = 4_000_000_000L;

  static final long BYTES_MAX = Integer.MAX_VALUE;

  /** Until something is learned: a middling flash device. */
  static final long START_BASE_NS = 80_000;

  static final long START_KIB_NS = 500;

  /**
   * Nothing learned is cheaper: that much the processor spends on any I/O, and where storage costs
   * nothing it is the processor that is shared.
   */
  static final long LEAST_BASE_NS = 2_000;

  static final long LEAST_KIB_NS = 50;

  private static final long KIB = 1024;
  static final long REFERENCE_BYTES = 32 * KIB;

  private final Direction reads;

  private final Direction writes;
  private final boolean learns;
  private final int parallelism;
  private long referenceNs;
  private int untilFit = SAMPLES_LEAST;
  private long forgottenNs;
  private boolean started;

  private CostModel(Direction reads, Direction writes, boolean learns, int parallelism) {
    if (parallelism < 1) {
      throw new IllegalArgumentException("parallelism " + parallelism + ": at least 1");
    }
    this.reads = reads;
    this.writes = writes;
    this.learns = learns;
    this.parallelism = parallelism;
    referenceNs = reference();
  }

  /**
   * A model that is known.
   *
   * @param readBaseNs of any read, 0 to {@link #COST_MAX_NS}, as the others
   * @param readMibNs for each MiB on top, 0 to {@link #MIB_MAX_NS}
   * @param parallelism I/Os the device works on at a time, at least 1
   */
  public static CostModel given(
      long readBaseNs, long readMibNs, long writeBaseNs, long writeMibNs, int parallelism) {
    return new CostModel(
        new Direction(readBaseNs, readMibNs),
        new Direction(writeBaseNs, writeMibNs),
        false,
        parallelism);
  }

  /** A model that learns what I/O takes. */
  public static CostModel calibrating() {
    return new CostModel(
        new Direction(START_BASE_NS, START_KIB_NS * KIB),
        new Direction(START_BASE_NS, START_KIB_NS * KIB),
        true,
        1);
  }

  /** The price is the bytes: for what queues for memory, not for time. */
  public static CostModel bytes() {
    return given(0, KIB * KIB, 0, KIB * KIB, 1);
  }

  /** Cost of an I/O, at least 1. */
  public long costNs(boolean write, long bytes) {
    Direction direction = write ? writes : reads;
    long price = Math.min(bytes, BYTES_MAX) * direction.mibNs / (KIB * KIB);
    return Math.max(1, direction.baseNs + price);
  }

  /** Cost of a reference I/O: the mean of a read and a write of 32 KiB. */
  public long referenceNs() {
    return referenceNs;
  }

  private long reference() {
    return (costNs(false, REFERENCE_BYTES) + costNs(true, REFERENCE_BYTES) + 1) / 2;
  }

  /** I/Os the device works on at a time; what is in flight beyond that waits inside it. */
  public int parallelism() {
    return parallelism;
  }

  /** Whether it learns. */
  public boolean learns() {
    return learns;
  }

  /** Tells how long an I/O took from start to completion. */
  public void observe(boolean write, long bytes, long deviceNs, long nowNs) {
    if (!learns || bytes < KIB || deviceNs < 0 || deviceNs > COST_MAX_NS) {
      return;
    }
    if (!started) {
      started = true;
      forgottenNs = nowNs;
    }
    (write ? writes : reads).observe(bytes, deviceNs);
    if (--untilFit > 0) {
      return;
    }
    untilFit = SAMPLES_LEAST;
    if (nowNs - forgottenNs >= FORGET_NS) {
      forgottenNs = nowNs;
      reads.forget();
      writes.forget();
    }
    reads.fit();
    writes.fit();
    referenceNs = reference();
  }

  /** What reads or writes cost, and what was seen of them. */
  private static final class Direction {
    /** Sizes of 1 KiB, 2 KiB, ... to 2 MiB and more. */
    private static final int SIZES = 12;

    private final long[] leastNs = new long[SIZES];
    private final long[] sinceNs = new long[SIZES];
    private final long[] bytes = new long[SIZES];
    private final int[] samples = new int[SIZES];
    private long baseNs;
    private long mibNs;

    Direction(long baseNs, long mibNs) {
      check("base", baseNs, COST_MAX_NS);
      check("price of a MiB", mibNs, MIB_MAX_NS);
      this.baseNs = baseNs;
      this.mibNs = mibNs;
      for (int i = 0; i < SIZES; i++) {
        leastNs[i] = Long.MAX_VALUE;
        sinceNs[i] = Long.MAX_VALUE;
      }
    }

    private static void check(String name, long ns, long most) {
      if (ns < 0 || ns > most) {
        throw new IllegalArgumentException(name + " " + ns + " ns: 0 to " + most);
      }
    }

    void observe(long length, long ns) {
      int size = Math.min(SIZES - 1, 63 - Long.numberOfLeadingZeros(length / KIB));
      if (ns < leastNs[size]) {
        leastNs[size] = ns;
        bytes[size] = length;
      }
      sinceNs[size] = Math.min(sinceNs[size], ns);
      samples[size] = Math.min(samples[size] + 1, SAMPLES_LEAST);
    }

    void forget() {
      for (int i = 0; i < SIZES; i++) {
        if (sinceNs[i] != Long.MAX_VALUE) {
          leastNs[i] += (sinceNs[i] - leastNs[i]) / FORGET_PARTS;
          sinceNs[i] = Long.MAX_VALUE;
        }
      }
    }

    /** Draws the line through the smallest and the largest size that were seen often enough. */
    void fit() {
      int small = -1;
      int large = -1;
      for (int i = 0; i < SIZES; i++) {
        if (samples[i] == SAMPLES_LEAST) {
          small = small < 0 ? i : small;
          large = i;
        }
      }
      if (small < 0) {
        return;
      }
      if (large > small) {
        long rise = Math.max(0, leastNs[large] - leastNs[small]);
        long kib = Math.max(1, (bytes[large] - bytes[small]) / KIB);
        mibNs = Math.min(MIB_MAX_NS, rise * KIB / kib);
      } else {
        // One size only: keep the price unless it alone is more than all was.
        mibNs = Math.min(mibNs, leastNs[small] * KIB / (bytes[small] / KIB));
      }
      mibNs = Math.max(mibNs, LEAST_KIB_NS * KIB);
      baseNs = Math.max(LEAST_BASE_NS, leastNs[small] - bytes[small] / KIB * mibNs / KIB);
    }
  }
}
