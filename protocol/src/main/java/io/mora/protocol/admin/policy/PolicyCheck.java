package io.mora.protocol.admin.policy;

import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.Quantity;
import io.mora.protocol.admin.Range;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.intent.LatencyClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The rules of grants, classes and the order of I/O. */
public final class PolicyCheck {
  private static final String ANYBODY = "anybody can say that he is this host";

  /** What makes a name more than that. */
  private static final String PROOFS =
      "dhchap, with tls at a listener that speaks TLS, or trust: claimed";

  private final TargetSpec spec;
  private final List<Problem> problems = new ArrayList<>();

  public PolicyCheck(TargetSpec spec) {
    this.spec = spec;
  }

  /** Everything that is wrong, proofs and promises only where the rest is right. */
  public List<Problem> problems() {
    IntentSpec intent = spec.latencyIntent();
    duration(
        "latencyIntent.slowThreshold", intent.slowThreshold(), IntentSpec.SLOW_THRESHOLD_US, 1_000);
    if (!IntentSpec.HOT_BYTES.contains(intent.hotBytes())) {
      String allowed = "0B to " + Quantity.formatBytes(IntentSpec.HOT_BYTES.max());
      add(
          "latencyIntent.hotMemory",
          Quantity.formatBytes(intent.hotBytes()),
          allowed,
          "out of range");
    }
    number(
        "latencyIntent.hotPerHostPercent",
        intent.hotPerHostPercent(),
        IntentSpec.HOT_PER_HOST_PERCENT);
    qos(spec.qos());
    for (int i = 0; i < spec.hosts().size(); i++) {
      host("hosts[" + i + "].", spec.hosts().get(i));
    }
    for (int i = 0; i < spec.subsystems().size(); i++) {
      SubsystemSpec subsystem = spec.subsystems().get(i);
      queueClasses("subsystems[" + i + "].queueClasses", subsystem);
      if (subsystem.policy().latencyMode() == LatencyModeSpec.INHERIT) {
        String at = "subsystems[" + i + "].latencyMode";
        add(at, "inherit", "throughput, bounded, auto", "nothing to inherit from");
      }
    }
    if (problems.isEmpty()) {
      keysForTls();
      proofs();
      problems.addAll(new Promises(spec).problems());
    }
    return problems;
  }

  /** Hosts that have to make a key for TLS wherever they connect, and could make none. */
  private void keysForTls() {
    List<ListenerSpec> listeners = spec.listeners();
    boolean otherwise =
        listeners.stream()
            .anyMatch(each -> each.tls() == TlsPolicy.NONE || each.tls() == TlsPolicy.ALLOWED);
    if (otherwise || listeners.stream().noneMatch(each -> each.tls() == TlsPolicy.CONCATENATED)) {
      return;
    }
    for (int i = 0; i < spec.hosts().size(); i++) {
      DhchapSpec dhchap = spec.hosts().get(i).dhchap();
      if (dhchap != null && spec.hosts().get(i).tls() == null) {
        makesKey("hosts[" + i + "].dhchap.", dhchap);
      }
    }
  }

  private void makesKey(String key, DhchapSpec dhchap) {
    String why = "makes no key for TLS, and listeners[].tls is concatenated or required everywhere";
    List<String> hashes = dhchap.hashes().stream().map(DhchapHash::word).toList();
    if (dhchap.hashes().stream().noneMatch(each -> TlsHash.of(each) != null)) {
      add(key + "hashes", hashes, "sha256 or sha384 among them, or hosts[].tls", why);
    }
    List<String> groups = dhchap.groups().stream().map(DhchapGroup::word).toList();
    if (dhchap.groups().stream().allMatch(each -> each == DhchapGroup.NULL)) {
      add(key + "groups", groups, "one other than none among them, or hosts[].tls", why);
    }
  }

  /** What is given to hosts that have proved who they are, and nobody could. */
  private void proofs() {
    if (spec.listeners().stream().anyMatch(each -> each.trust() == Trust.CLAIMED)) {
      return;
    }
    for (int i = 0; i < spec.hosts().size(); i++) {
      HostSpec host = spec.hosts().get(i);
      if (!canBeBelieved(host)) {
        unproven("hosts[" + i + "].", host.grants());
        managing(host);
      }
    }
    if (spec.hosts().stream().anyMatch(this::canBeBelieved)) {
      return;
    }
    for (int i = 0; i < spec.listeners().size(); i++) {
      ListenerSpec listener = spec.listeners().get(i);
      place("listeners[" + i + "].class", listener.latencyClass(), listener.latencyClass().word());
    }
    for (int i = 0; i < spec.subsystems().size(); i++) {
      SubsystemSpec subsystem = spec.subsystems().get(i);
      String key = "subsystems[" + i + "].";
      for (int n = 0; n < subsystem.policy().queueClasses().size(); n++) {
        SubsystemPolicy.QueueClass given = subsystem.policy().queueClasses().get(n);
        place(key + "queueClasses[" + n + "]", given.latencyClass(), given);
      }
      for (int n = 0; n < subsystem.namespaces().size(); n++) {
        NamespaceSpec namespace = subsystem.namespaces().get(n);
        LatencyClass given = namespace.policy().latencyClass();
        place(key + "namespaces[" + n + "].class", given, given.word());
      }
    }
  }

  /** Something can show that it is this host, or nothing has to. */
  private boolean canBeBelieved(HostSpec host) {
    boolean overTls =
        host.tls() != null
            && spec.listeners().stream().anyMatch(each -> each.tls() != TlsPolicy.NONE);
    return host.dhchap() != null || overTls || host.trust() == Trust.CLAIMED;
  }

  private void unproven(String key, GrantSpec grants) {
    GrantSpec left = grants.ofClaim();
    unproven(key + "class", grants.baseClass().word(), left.baseClass().word());
    unproven(key + "maxClass", grants.maxClass().word(), left.maxClass().word());
    unproven(key + "step", grants.step(), left.step());
    unproven(key + "hotMetadata", grants.hotMetadata(), left.hotMetadata());
    unproven(key + "timing", grants.timing().word(), left.timing().word());
    unproven(key + "slots", grants.slots(), left.slots());
  }

  private void unproven(String key, Object granted, Object left) {
    if (!granted.equals(left)) {
      add(key, granted, left + "; more with " + PROOFS, ANYBODY);
    }
  }

  /** Pools that a host could never manage. */
  private void managing(HostSpec host) {
    for (int i = 0; i < spec.subsystems().size(); i++) {
      int at = spec.subsystems().get(i).policy().pool().hosts().indexOf(host.nqn());
      if (at >= 0) {
        String key = "subsystems[" + i + "].pool.hosts[" + at + "]";
        add(key, host.nqn(), "hosts with " + PROOFS, ANYBODY);
      }
    }
  }

  private void place(String key, LatencyClass given, Object value) {
    if (given.code() > GrantSpec.CLAIM_MAX.code()) {
      add(
          key,
          value,
          "up to " + GrantSpec.CLAIM_MAX.word() + "; more with keys of hosts, or trust: claimed",
          "no host can prove who it is");
    }
  }

  private void qos(QosSpec qos) {
    number("qos.capacityIops", qos.capacityIops(), QosSpec.CAPACITY_IOPS);
    number("qos.capacityMibPerSecond", qos.capacityMibPerSecond(), QosSpec.CAPACITY_MIB_PER_SECOND);
    number("qos.promisedPercent", qos.promisedPercent(), QosSpec.PROMISED_PERCENT);
    number("qos.minimumPercent", qos.minimumPercent(), QosSpec.MINIMUM_PERCENT);
    duration("qos.admissionWait", qos.admissionWait(), QosSpec.ADMISSION_WAIT_MS, 1_000_000);
  }

  private void host(String key, HostSpec host) {
    GrantSpec grants = host.grants();
    DhchapSpec dhchap = host.dhchap();
    if (dhchap != null) {
      dhchap(key + "dhchap.", dhchap);
    }
    TlsSpec tls = host.tls();
    if (tls != null && tls.psk().equals(tls.previousPsk())) {
      add(key + "tls.previousPsk", "", "a key of its own", "the same as psk");
    }
    if (grants.maxClass() == LatencyClass.DEFAULT) {
      add(key + "maxClass", grants.maxClass().word(), "background to critical", "not a class");
    }
    number(key + "slots", grants.slots(), GrantSpec.SLOTS);
    number(key + "weight", grants.weight(), GrantSpec.WEIGHT);
    number(key + "iops", grants.rate().iops(), RateSpec.IOPS);
    number(key + "mibPerSecond", grants.rate().mibPerSecond(), RateSpec.MIB_PER_SECOND);
    number(key + "burst", grants.rate().burst(), RateSpec.BURST);
    for (LatencyClass each : LatencyClass.values()) {
      Duration floor = Duration.ofNanos(grants.minBudgetUs().get(each.code()) * 1_000L);
      String at = key + "minBudget." + each.word();
      duration(at, floor, GrantSpec.MIN_BUDGET_US, 1_000);
      if (each.code() < LatencyClass.FIRST_LATENCY && !floor.isZero()) {
        add(
            at,
            Quantity.formatDuration(floor),
            "interactive, low_latency, critical",
            "no deadline");
      }
    }
  }

  private void dhchap(String key, DhchapSpec dhchap) {
    each(key + "hashes", dhchap.hashes());
    each(key + "groups", dhchap.groups());
    if (dhchap.key().equals(dhchap.controllerKey())) {
      add(key + "controllerKey", "", "a secret of its own", "the same as key");
    }
  }

  private void each(String key, List<?> words) {
    if (words.isEmpty()) {
      add(key, "", "at least one", "none is good enough");
    } else if (Set.copyOf(words).size() != words.size()) {
      add(key, words, "each once", "named twice");
    }
  }

  private void queueClasses(String key, SubsystemSpec subsystem) {
    List<SubsystemPolicy.QueueClass> ranges = subsystem.policy().queueClasses();
    if (ranges.size() > SubsystemPolicy.QUEUE_CLASSES_MAX) {
      String allowed = "at most " + SubsystemPolicy.QUEUE_CLASSES_MAX + " entries";
      add(key, ranges.size() + " entries", allowed, "too many entries");
    }
    long queues = LimitsSpec.IO_QUEUES_PER_CONTROLLER.max();
    for (int i = 0; i < ranges.size(); i++) {
      SubsystemPolicy.QueueClass range = ranges.get(i);
      String at = key + "[" + i + "]";
      if (range.firstQid() < 1 || range.lastQid() < range.firstQid() || range.lastQid() > queues) {
        add(at, range, "QIDs 1 to " + queues + ", ascending", "no such queues");
      }
      if (range.latencyClass() == LatencyClass.DEFAULT) {
        add(at, range, "background to critical", "not a class");
      }
      for (int other = 0; other < i; other++) {
        if (range.firstQid() <= ranges.get(other).lastQid()
            && ranges.get(other).firstQid() <= range.lastQid()) {
          add(at, range, "each QID once", "overlaps " + key + "[" + other + "]");
        }
      }
    }
  }

  private void number(String key, long value, Range range) {
    if (!range.contains(value)) {
      add(key, value, range.min() + " to " + range.max(), "out of range");
    }
  }

  /**
   * @param unitNs nanoseconds of the range's unit
   */
  private void duration(String key, Duration value, Range range, long unitNs) {
    Duration min = Duration.ofNanos(range.min() * unitNs);
    Duration max = Duration.ofNanos(range.max() * unitNs);
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      String allowed = Quantity.formatDuration(min) + " to " + Quantity.formatDuration(max);
      add(key, Quantity.formatDuration(value), allowed, "out of range");
    }
  }

  private void add(String key, Object value, String allowed, String message) {
    problems.add(Problem.of(key, value, allowed, message));
  }
}
