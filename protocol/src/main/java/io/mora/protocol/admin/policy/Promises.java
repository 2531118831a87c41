package io.mora.protocol.admin.policy;

import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.intent.LatencyClass;
import java.util.ArrayList;
import java.util.List;

/**
 * What a configuration promises hosts in classes 5 to 7, against what the storage is known to do.
 *
 * <p>A promise is a host's rate. Where a capacity is known, the promises may be {@code
 * qos.promisedPercent} of it together, and a host that may use those classes without a rate is
 * refused: nobody could say what the others are still promised.
 */
public final class Promises {
  private final List<HostSpec> hosts = new ArrayList<>();
  private final TargetSpec spec;

  public Promises(TargetSpec spec) {
    this.spec = spec;
    for (HostSpec host : spec.hosts()) {
      if (host.grants().highestClass().code() >= LatencyClass.FIRST_LATENCY) {
        hosts.add(host);
      }
    }
  }

  /** Hosts that are promised something. */
  public List<HostSpec> hosts() {
    return List.copyOf(hosts);
  }

  /** Commands a second promised to all hosts together. */
  public long iops() {
    return hosts.stream().mapToLong(host -> host.grants().rate().iops()).sum();
  }

  /** MiB a second promised to all hosts together. */
  public long mibPerSecond() {
    return hosts.stream().mapToLong(host -> host.grants().rate().mibPerSecond()).sum();
  }

  /** Commands a second that may be promised; 0 where the capacity is not known. */
  public long iopsMax() {
    return spec.qos().capacityIops() * spec.qos().promisedPercent() / 100;
  }

  /** MiB a second that may be promised; 0 where the capacity is not known. */
  public long mibPerSecondMax() {
    return spec.qos().capacityMibPerSecond() * spec.qos().promisedPercent() / 100;
  }

  /** Hosts whose promise does not fit any more, in the order of the configuration. */
  public List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    long iops = 0;
    long mib = 0;
    for (int i = 0; i < spec.hosts().size(); i++) {
      HostSpec host = spec.hosts().get(i);
      if (hosts.contains(host)) {
        RateSpec rate = host.grants().rate();
        String key = "hosts[" + i + "].";
        iops += rate.iops();
        mib += rate.mibPerSecond();
        check(problems, host, key + "iops", rate.iops(), iops, iopsMax());
        check(problems, host, key + "mibPerSecond", rate.mibPerSecond(), mib, mibPerSecondMax());
      }
    }
    return problems;
  }

  private static void check(
      List<Problem> problems, HostSpec host, String key, long rate, long sum, long max) {
    if (max == 0) {
      return;
    }
    String allowed = "1 to " + Math.max(0, max - (sum - rate)) + ", of " + max + " to promise";
    if (rate == 0) {
      String message =
          "host "
              + host.nqn()
              + " may use class "
              + host.grants().highestClass().word()
              + " without a limit";
      problems.add(Problem.of(key, rate, allowed, message));
    } else if (sum > max) {
      String message = "host " + host.nqn() + " is promised more than is left; all sum to " + sum;
      problems.add(Problem.of(key, rate, allowed, message));
    }
  }

  /** For people: a line for each host, then the sums. */
  @Override
  public String toString() {
    if (hosts.isEmpty()) {
      return "no host is promised anything in classes interactive to critical";
    }
    StringBuilder text = new StringBuilder();
    for (HostSpec host : hosts) {
      RateSpec rate = host.grants().rate();
      text.append(host.nqn())
          .append(": up to ")
          .append(host.grants().highestClass().word())
          .append(", ")
          .append(rate.iops() == 0 ? "any number of" : "" + rate.iops())
          .append(" commands/s, ")
          .append(rate.mibPerSecond() == 0 ? "any number of" : "" + rate.mibPerSecond())
          .append(" MiB/s\n");
    }
    return text.append("promised: ")
        .append(of(iops(), iopsMax()))
        .append(" commands/s, ")
        .append(of(mibPerSecond(), mibPerSecondMax()))
        .append(" MiB/s")
        .toString();
  }

  private static String of(long sum, long max) {
    return sum + (max == 0 ? " of an unknown capacity" : " of " + max);
  }
}
