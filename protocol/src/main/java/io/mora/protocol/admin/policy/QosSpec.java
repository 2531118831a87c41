package io.mora.protocol.admin.policy;

import io.mora.protocol.admin.Range;
import java.time.Duration;

/**
 * How the target orders I/O, and what it may promise.
 *
 * @param policy the order
 * @param capacityIops commands a second that the storage is known to do; 0 is unknown, and then no
 *     promise is checked
 * @param capacityMibPerSecond MiB a second likewise; 0 is unknown
 * @param promisedPercent share of the capacity that may be promised to classes 5 to 7
 * @param minimumPercent share of a device that classes 1 to 4 together get in any case
 * @param admissionWait longest time a large write waits for its data to be asked for
 */
public record QosSpec(
    Policy policy,
    long capacityIops,
    long capacityMibPerSecond,
    int promisedPercent,
    int minimumPercent,
    Duration admissionWait) {
  public static final Range CAPACITY_IOPS = new Range(0, 0, 1_000_000_000);
  public static final Range CAPACITY_MIB_PER_SECOND = new Range(0, 0, 10_000_000);
  public static final Range PROMISED_PERCENT = new Range(1, 70, 100);
  public static final Range MINIMUM_PERCENT = new Range(1, 10, 90);
  public static final Range ADMISSION_WAIT_MS = new Range(100, 4_000, 20_000);

  public static final QosSpec DEFAULT =
      new QosSpec(
          Policy.CLASSES,
          CAPACITY_IOPS.defaultValue(),
          CAPACITY_MIB_PER_SECOND.defaultValue(),
          (int) PROMISED_PERCENT.defaultValue(),
          (int) MINIMUM_PERCENT.defaultValue(),
          Duration.ofMillis(ADMISSION_WAIT_MS.defaultValue()));

  /** What decides which I/O goes next. */
  public enum Policy {
    /** Class, deadline, share. */
    CLASSES,
    /** Order of arrival: the control every comparison needs. */
    ARRIVAL
  }

  public QosSpec withPolicy(Policy newPolicy) {
    return new QosSpec(
        newPolicy,
        capacityIops,
        capacityMibPerSecond,
        promisedPercent,
        minimumPercent,
        admissionWait);
  }

  public QosSpec withCapacity(long iops, long mibPerSecond) {
    return new QosSpec(policy, iops, mibPerSecond, promisedPercent, minimumPercent, admissionWait);
  }
}
