package io.mora.target.config;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.NamespacePolicy;
import io.mora.protocol.admin.policy.NamespaceReach;
import io.mora.protocol.admin.policy.QosSpec;
import io.mora.protocol.admin.policy.RateSpec;
import io.mora.protocol.admin.policy.SubsystemPolicy;
import io.mora.protocol.admin.policy.Trust;
import io.mora.protocol.intent.LatencyClass;
import io.mora.target.config.key.ConfigKey;
import io.mora.target.config.key.PolicyKey;
import io.mora.target.config.key.SubsystemKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes specs of what hosts are promised and how I/O is ordered. */
final class PolicyReader {
  private PolicyReader() {}

  static IntentSpec intent(SectionReader intent) {
    IntentSpec byDefault = IntentSpec.DEFAULT;
    return new IntentSpec(
        intent.bool(PolicyKey.LATENCY_INTENT_ENABLED, byDefault.enabled()),
        intent.word(PolicyKey.LATENCY_INTENT_READAHEAD, byDefault.readahead()),
        intent.duration(PolicyKey.LATENCY_INTENT_SLOW_THRESHOLD, byDefault.slowThreshold()),
        intent.bytes(PolicyKey.LATENCY_INTENT_HOT_MEMORY, byDefault.hotBytes()),
        intent.integer(PolicyKey.LATENCY_INTENT_HOT_PER_HOST, byDefault.hotPerHostPercent()));
  }

  static QosSpec qos(SectionReader qos) {
    QosSpec byDefault = QosSpec.DEFAULT;
    return new QosSpec(
        qos.word(PolicyKey.QOS_POLICY, byDefault.policy()),
        qos.integer(PolicyKey.QOS_CAPACITY_IOPS, (int) byDefault.capacityIops()),
        qos.integer(PolicyKey.QOS_CAPACITY_MIB, (int) byDefault.capacityMibPerSecond()),
        qos.integer(PolicyKey.QOS_PROMISED_PERCENT, byDefault.promisedPercent()),
        qos.integer(PolicyKey.QOS_MINIMUM_PERCENT, byDefault.minimumPercent()),
        qos.duration(PolicyKey.QOS_ADMISSION_WAIT, byDefault.admissionWait()));
  }

  static HostSpec host(SectionReader host, Path folder) {
    Nqn nqn = host.required(PolicyKey.HOST_NQN, SubsystemReader::nqn);
    // A stand-in that is never served: the missing name is a problem already.
    Nqn name = nqn == null ? new Nqn(host.path() + " without nqn") : nqn;
    return new HostSpec(
        name,
        grants(host),
        DhchapSection.read(host, name, folder),
        TlsSection.read(host, name, folder),
        host.word(PolicyKey.HOST_TRUST, Trust.PROVEN));
  }

  private static GrantSpec grants(SectionReader host) {
    GrantSpec byDefault = GrantSpec.DEFAULT;
    return new GrantSpec(
        host.latencyClass(PolicyKey.HOST_CLASS, byDefault.baseClass()),
        host.latencyClass(PolicyKey.HOST_MAX_CLASS, byDefault.maxClass()),
        host.bool(PolicyKey.HOST_STEP, byDefault.step()),
        host.bool(PolicyKey.HOST_HOT_METADATA, byDefault.hotMetadata()),
        host.word(PolicyKey.HOST_TIMING, byDefault.timing()),
        host.bool(PolicyKey.HOST_EXPIRE, byDefault.expire()),
        host.bool(PolicyKey.HOST_RECUR, byDefault.recur()),
        host.integer(PolicyKey.HOST_SLOTS, byDefault.slots()),
        floors(host.section(PolicyKey.HOST_MIN_BUDGET)),
        rate(host, byDefault.rate()),
        host.integer(PolicyKey.HOST_WEIGHT, byDefault.weight()));
  }

  private static RateSpec rate(SectionReader host, RateSpec byDefault) {
    return new RateSpec(
        host.integer(PolicyKey.HOST_IOPS, byDefault.iops()),
        host.integer(PolicyKey.HOST_MIB, byDefault.mibPerSecond()),
        host.integer(PolicyKey.HOST_BURST, byDefault.burst()));
  }

  private static List<Integer> floors(SectionReader floors) {
    List<Integer> us = new ArrayList<>(GrantSpec.noFloors());
    us.set(LatencyClass.INTERACTIVE.code(), micros(floors, PolicyKey.MIN_BUDGET_INTERACTIVE));
    us.set(LatencyClass.LOW_LATENCY.code(), micros(floors, PolicyKey.MIN_BUDGET_LOW_LATENCY));
    us.set(LatencyClass.CRITICAL.code(), micros(floors, PolicyKey.MIN_BUDGET_CRITICAL));
    return us;
  }

  /** Microseconds of a key whose bounds an int holds; beyond them it stays beyond. */
  private static int micros(SectionReader section, ConfigKey key) {
    long us = TimeUnit.MICROSECONDS.convert(section.duration(key, Duration.ZERO));
    return (int) Math.min(Integer.MAX_VALUE, us);
  }

  static SubsystemPolicy subsystem(SectionReader subsystem) {
    SubsystemPolicy byDefault = SubsystemPolicy.DEFAULT;
    return new SubsystemPolicy(
        subsystem.word(SubsystemKey.SUBSYSTEM_LATENCY_MODE, byDefault.latencyMode()),
        subsystem.list(SubsystemKey.SUBSYSTEM_QUEUE_CLASSES, SubsystemPolicy.QueueClass::parse));
  }

  static NamespacePolicy namespace(SectionReader namespace) {
    NamespacePolicy byDefault = NamespacePolicy.DEFAULT;
    return new NamespacePolicy(
        namespace.latencyClass(SubsystemKey.NAMESPACE_CLASS, byDefault.latencyClass()),
        namespace.word(SubsystemKey.NAMESPACE_LATENCY_MODE, byDefault.latencyMode()),
        namespace.bool(SubsystemKey.NAMESPACE_INTENT, byDefault.intent()),
        new NamespaceReach(
            namespace.integer(SubsystemKey.NAMESPACE_ANA_GROUP, byDefault.reach().anaGroup()),
            namespace.list(SubsystemKey.NAMESPACE_HOSTS, SubsystemReader::nqn),
            namespace.bool(SubsystemKey.NAMESPACE_ATTACHED, byDefault.reach().attached())));
  }
}
