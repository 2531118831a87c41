package io.mora.protocol.admin.policy;

import io.mora.protocol.admin.Range;

/**
 * How much of classes 5 to 7 together a host may use; what is beyond runs as class 4.
 *
 * @param iops commands a second; 0 is no limit
 * @param mibPerSecond MiB a second; 0 is no limit
 * @param burst commands that may come at once, above the rate
 */
public record RateSpec(int iops, int mibPerSecond, int burst) {
  public static final Range IOPS = new Range(0, 0, 100_000_000);
  public static final Range MIB_PER_SECOND = new Range(0, 0, 1_000_000);
  public static final Range BURST = new Range(1, 64, 1_000_000);

  public static final RateSpec UNLIMITED = new RateSpec(0, 0, (int) BURST.defaultValue());
}
