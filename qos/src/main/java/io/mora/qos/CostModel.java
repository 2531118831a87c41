package io.mora.qos;

/**
 * Nanoseconds one place in the device is taken by an I/O, which is also how long it takes when
 * nothing else is there: a base by direction and a price for each KiB.
 */
public final class CostModel {
  private static final long KIB = 1024;

  private final long readBaseNs;
  private final long readKibNs;
  private final long writeBaseNs;
  private final long writeKibNs;
  private final int parallelism;

  private CostModel(
      long readBaseNs, long readKibNs, long writeBaseNs, long writeKibNs, int parallelism) {
    this.readBaseNs = readBaseNs;
    this.readKibNs = readKibNs;
    this.writeBaseNs = writeBaseNs;
    this.writeKibNs = writeKibNs;
    this.parallelism = parallelism;
  }

  /** A model that is known. All nanoseconds; parallelism: places the device has, at least 1. */
  public static CostModel given(
      long readBaseNs, long readKibNs, long writeBaseNs, long writeKibNs, int parallelism) {
    return new CostModel(readBaseNs, readKibNs, writeBaseNs, writeKibNs, parallelism);
  }

  /** A model that learns from what it is told by {@link #observe}. */
  public static CostModel calibrating() {
    return given(10_000, 250, 10_000, 250, 1);
  }

  /** The price is the bytes: for what queues for memory, not for time. */
  public static CostModel bytes() {
    return given(0, KIB, 0, KIB, 1);
  }

  /** Cost of an I/O, at least 1. */
  public long costNs(boolean writes, long bytes) {
    long price = bytes * (writes ? writeKibNs : readKibNs) / KIB;
    return Math.max(1, (writes ? writeBaseNs : readBaseNs) + price);
  }

  /** Places the device has; what is in flight beyond that waits inside it. */
  public int parallelism() {
    return parallelism;
  }

  /** Tells how long an I/O took in the device. */
  public void observe(boolean writes, long bytes, long deviceNs, long nowNs) {}
}
