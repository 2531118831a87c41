package io.mora.protocol.admin;

import io.mora.protocol.admin.policy.QosSpec;
import java.util.List;

/**
 * Everything a target is told: the management contract and the shape of its configuration file.
 *
 * <p>The records take any value of the right type; {@link #validate} tells all that is wrong at
 * once. A target starts only on a spec without problems.
 */
public record TargetSpec(
    ShardSpec shards,
    LimitsSpec limits,
    DiscoverySpec discovery,
    List<ListenerSpec> listeners,
    List<HostSpec> hosts,
    List<SubsystemSpec> subsystems,
    IntentSpec latencyIntent,
    QosSpec qos) {
  public static final Range LISTENERS = new Range(0, 0, 256);
  public static final Range HOSTS = new Range(0, 0, 65536);
  public static final Range SUBSYSTEMS = new Range(0, 0, 1024);

  /** Of all subsystems together: each is a line of every shard's scheduler. */
  public static final Range NAMESPACES = new Range(0, 0, 4096);

  public TargetSpec {
    listeners = List.copyOf(listeners);
    hosts = List.copyOf(hosts);
    subsystems = List.copyOf(subsystems);
  }

  /** Defaults for all but what is served where; discovery on the I/O listeners only. */
  public static TargetSpec of(List<ListenerSpec> listeners, List<SubsystemSpec> subsystems) {
    return new TargetSpec(
        ShardSpec.DEFAULT,
        LimitsSpec.DEFAULT,
        DiscoverySpec.NONE,
        listeners,
        List.of(),
        subsystems,
        IntentSpec.DEFAULT,
        QosSpec.DEFAULT);
  }

  public TargetSpec withShards(ShardSpec newShards) {
    return new TargetSpec(
        newShards, limits, discovery, listeners, hosts, subsystems, latencyIntent, qos);
  }

  public TargetSpec withLimits(LimitsSpec newLimits) {
    return new TargetSpec(
        shards, newLimits, discovery, listeners, hosts, subsystems, latencyIntent, qos);
  }

  public TargetSpec withDiscovery(DiscoverySpec newDiscovery) {
    return new TargetSpec(
        shards, limits, newDiscovery, listeners, hosts, subsystems, latencyIntent, qos);
  }

  public TargetSpec withListeners(List<ListenerSpec> newListeners) {
    return new TargetSpec(
        shards, limits, discovery, newListeners, hosts, subsystems, latencyIntent, qos);
  }

  public TargetSpec withHosts(List<HostSpec> newHosts) {
    return new TargetSpec(
        shards, limits, discovery, listeners, newHosts, subsystems, latencyIntent, qos);
  }

  public TargetSpec withSubsystems(List<SubsystemSpec> newSubsystems) {
    return new TargetSpec(
        shards, limits, discovery, listeners, hosts, newSubsystems, latencyIntent, qos);
  }

  public TargetSpec withLatencyIntent(IntentSpec newIntent) {
    return new TargetSpec(shards, limits, discovery, listeners, hosts, subsystems, newIntent, qos);
  }

  public TargetSpec withQos(QosSpec newQos) {
    return new TargetSpec(
        shards, limits, discovery, listeners, hosts, subsystems, latencyIntent, newQos);
  }

  /** Everything that is wrong, in the order of the file's shape; empty when it can be run. */
  public List<Problem> validate() {
    return new SpecCheck(this).problems();
  }
}
