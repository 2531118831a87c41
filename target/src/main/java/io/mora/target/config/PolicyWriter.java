package io.mora.target.config;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.Quantity;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.LatencyModeSpec;
import io.mora.protocol.admin.policy.NamespacePolicy;
import io.mora.protocol.admin.policy.QosSpec;
import io.mora.protocol.admin.policy.SubsystemPolicy;
import io.mora.protocol.admin.policy.TlsSpec;
import io.mora.protocol.admin.policy.Trust;
import io.mora.protocol.admin.storage.PoolSpec;
import io.mora.protocol.intent.LatencyClass;
import io.mora.target.config.key.ConfigKey;
import io.mora.target.config.key.DhchapKey;
import io.mora.target.config.key.PolicyKey;
import io.mora.target.config.key.SubsystemKey;
import io.mora.target.config.key.TlsPskKey;
import io.mora.target.config.secret.SecretBox;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what {@link PolicyReader} reads; what says nothing is left out. */
final class PolicyWriter {
  private PolicyWriter() {}

  static Map<String, Object> intent(IntentSpec spec) {
    Map<String, Object> intent = new LinkedHashMap<>();
    ConfigWriter.put(intent, PolicyKey.LATENCY_INTENT_ENABLED, spec.enabled());
    ConfigWriter.put(
        intent, PolicyKey.LATENCY_INTENT_READAHEAD, ConfigWriter.word(spec.readahead()));
    ConfigWriter.put(
        intent,
        PolicyKey.LATENCY_INTENT_SLOW_THRESHOLD,
        Quantity.formatDuration(spec.slowThreshold()));
    ConfigWriter.put(
        intent, PolicyKey.LATENCY_INTENT_HOT_MEMORY, Quantity.formatBytes(spec.hotBytes()));
    ConfigWriter.put(intent, PolicyKey.LATENCY_INTENT_HOT_PER_HOST, spec.hotPerHostPercent());
    return intent;
  }

  static Map<String, Object> qos(QosSpec spec) {
    Map<String, Object> qos = new LinkedHashMap<>();
    ConfigWriter.put(qos, PolicyKey.QOS_POLICY, ConfigWriter.word(spec.policy()));
    ConfigWriter.put(qos, PolicyKey.QOS_CAPACITY_IOPS, spec.capacityIops());
    ConfigWriter.put(qos, PolicyKey.QOS_CAPACITY_MIB, spec.capacityMibPerSecond());
    ConfigWriter.put(qos, PolicyKey.QOS_PROMISED_PERCENT, spec.promisedPercent());
    ConfigWriter.put(qos, PolicyKey.QOS_MINIMUM_PERCENT, spec.minimumPercent());
    ConfigWriter.put(
        qos, PolicyKey.QOS_ADMISSION_WAIT, Quantity.formatDuration(spec.admissionWait()));
    return qos;
  }

  static Map<String, Object> host(HostSpec spec, @Nullable SecretBox secrets) {
    GrantSpec grants = spec.grants();
    Map<String, Object> host = new LinkedHashMap<>();
    ConfigWriter.put(host, PolicyKey.HOST_NQN, spec.nqn().value());
    if (spec.trust() != Trust.PROVEN) {
      ConfigWriter.put(host, PolicyKey.HOST_TRUST, spec.trust().word());
    }
    ConfigWriter.put(host, PolicyKey.HOST_TIMING, grants.timing().word());
    putClass(host, PolicyKey.HOST_CLASS, grants.baseClass());
    putClass(host, PolicyKey.HOST_MAX_CLASS, grants.maxClass());
    ConfigWriter.put(host, PolicyKey.HOST_STEP, grants.step());
    ConfigWriter.put(host, PolicyKey.HOST_HOT_METADATA, grants.hotMetadata());
    ConfigWriter.put(host, PolicyKey.HOST_EXPIRE, grants.expire());
    ConfigWriter.put(host, PolicyKey.HOST_RECUR, grants.recur());
    ConfigWriter.put(host, PolicyKey.HOST_SLOTS, grants.slots());
    ConfigWriter.put(host, PolicyKey.HOST_WEIGHT, grants.weight());
    ConfigWriter.put(host, PolicyKey.HOST_IOPS, grants.rate().iops());
    ConfigWriter.put(host, PolicyKey.HOST_MIB, grants.rate().mibPerSecond());
    ConfigWriter.put(host, PolicyKey.HOST_BURST, grants.rate().burst());
    Map<String, Object> floors = new LinkedHashMap<>();
    for (LatencyClass each : LatencyClass.values()) {
      int us = grants.minBudgetUs().get(each.code());
      if (us != 0) {
        floors.put(each.word(), Quantity.formatDuration(Duration.ofNanos(us * 1_000L)));
      }
    }
    if (!floors.isEmpty()) {
      ConfigWriter.put(host, PolicyKey.HOST_MIN_BUDGET, floors);
    }
    DhchapSpec dhchap = spec.dhchap();
    if (dhchap != null) {
      ConfigWriter.put(
          host, DhchapKey.HOST_DHCHAP, DhchapSection.write(dhchap, spec.nqn(), secrets));
    }
    TlsSpec tls = spec.tls();
    if (tls != null) {
      ConfigWriter.put(host, TlsPskKey.HOST_TLS, TlsSection.write(tls, spec.nqn(), secrets));
    }
    return host;
  }

  static void put(Map<String, Object> subsystem, SubsystemPolicy policy) {
    putMode(subsystem, SubsystemKey.SUBSYSTEM_LATENCY_MODE, policy.latencyMode());
    if (!policy.queueClasses().isEmpty()) {
      ConfigWriter.put(
          subsystem,
          SubsystemKey.SUBSYSTEM_QUEUE_CLASSES,
          policy.queueClasses().stream().map(SubsystemPolicy.QueueClass::toString).toList());
    }
    PoolSpec spec = policy.pool();
    if (spec.exists()) {
      Map<String, Object> pool = new LinkedHashMap<>();
      ConfigWriter.put(pool, SubsystemKey.POOL_FOLDER, spec.folder());
      ConfigWriter.put(pool, SubsystemKey.POOL_SIZE, Quantity.formatBytes(spec.sizeBytes()));
      ConfigWriter.put(pool, SubsystemKey.POOL_NAMESPACES, spec.namespacesMax());
      ConfigWriter.put(
          pool, SubsystemKey.POOL_HOSTS, spec.hosts().stream().map(Nqn::value).toList());
      ConfigWriter.put(subsystem, SubsystemKey.POOL, pool);
    }
  }

  static void put(Map<String, Object> namespace, NamespacePolicy policy) {
    putClass(namespace, SubsystemKey.NAMESPACE_CLASS, policy.latencyClass());
    putMode(namespace, SubsystemKey.NAMESPACE_LATENCY_MODE, policy.latencyMode());
    ConfigWriter.put(namespace, SubsystemKey.NAMESPACE_INTENT, policy.intent());
    ConfigWriter.put(namespace, SubsystemKey.NAMESPACE_ANA_GROUP, policy.reach().anaGroup());
    if (!policy.reach().hosts().isEmpty()) {
      ConfigWriter.put(
          namespace,
          SubsystemKey.NAMESPACE_HOSTS,
          policy.reach().hosts().stream().map(Nqn::value).toList());
    }
    if (!policy.reach().attached()) {
      ConfigWriter.put(namespace, SubsystemKey.NAMESPACE_ATTACHED, false);
    }
  }

  private static void putMode(Map<String, Object> section, ConfigKey key, LatencyModeSpec mode) {
    if (mode != LatencyModeSpec.INHERIT) {
      ConfigWriter.put(section, key, ConfigWriter.word(mode));
    }
  }

  static void putClass(Map<String, Object> section, ConfigKey key, LatencyClass latencyClass) {
    if (latencyClass != LatencyClass.DEFAULT) {
      ConfigWriter.put(section, key, latencyClass.word());
    }
  }
}
