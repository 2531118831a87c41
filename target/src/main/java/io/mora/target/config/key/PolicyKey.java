package io.mora.target.config.key;

import static io.mora.protocol.admin.Quantity.formatBytes;
import static io.mora.protocol.admin.Quantity.formatDuration;
import static io.mora.target.config.key.ConfigKey.bounds;
import static io.mora.target.config.key.ConfigKey.byteBounds;
import static io.mora.target.config.key.ConfigKey.durationBounds;
import static io.mora.target.config.key.ConfigKey.microBounds;
import static io.mora.target.config.key.ConfigKey.micros;

import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.QosSpec;
import io.mora.protocol.admin.policy.RateSpec;
import java.time.Duration;

/** Keys of what hosts are promised and how I/O is ordered. */
public enum PolicyKey implements ConfigKey {
  LATENCY_INTENT("latencyIntent", "section", "", "", "The latency-intent extension."),
  LATENCY_INTENT_ENABLED(
      "latencyIntent.enabled",
      "true or false",
      "false",
      "true, false",
      "Offer the extension; hosts that do not opt in see no difference."),
  LATENCY_INTENT_READAHEAD(
      "latencyIntent.readahead",
      "word",
      "yield",
      "yield, prefetch",
      "What the hint does that Linux sends with readahead (DSM access frequency 7). yield: the read"
          + " keeps its class and goes after the same host's other reads of that class. prefetch:"
          + " it runs as class prefetch."),
  LATENCY_INTENT_SLOW_THRESHOLD(
      "latencyIntent.slowThreshold",
      "duration",
      micros(IntentSpec.SLOW_THRESHOLD_US.defaultValue()),
      microBounds(IntentSpec.SLOW_THRESHOLD_US),
      "Commands that take longer are remembered with where their time went, and told to a running"
          + " flight recording."),

  LATENCY_INTENT_HOT_MEMORY(
      "latencyIntent.hotMemory",
      "size",
      formatBytes(IntentSpec.HOT_BYTES.defaultValue()),
      byteBounds(IntentSpec.HOT_BYTES),
      "Memory in front of all storage for what hosts say is hot: hot metadata and registered"
          + " regions; 0 is none."),
  LATENCY_INTENT_HOT_PER_HOST(
      "latencyIntent.hotPerHostPercent",
      "number",
      "" + IntentSpec.HOT_PER_HOST_PERCENT.defaultValue(),
      bounds(IntentSpec.HOT_PER_HOST_PERCENT),
      "Part of `hotMemory` that one host may have."),

  QOS("qos", "section", "", "", "How I/O is ordered, and what may be promised."),
  QOS_POLICY(
      "qos.policy",
      "word",
      "classes",
      "classes, arrival",
      "classes orders by class, deadline and share. arrival serves in order of arrival, whatever"
          + " hosts ask for: the control of a comparison."),
  QOS_CAPACITY_IOPS(
      "qos.capacityIops",
      "number",
      "" + QosSpec.CAPACITY_IOPS.defaultValue(),
      bounds(QosSpec.CAPACITY_IOPS),
      "Commands a second that the storage is known to do; 0 is unknown. Known, the rates of hosts"
          + " granted classes 5 to 7 must fit into it, and each such host needs one."),
  QOS_CAPACITY_MIB(
      "qos.capacityMibPerSecond",
      "number",
      "" + QosSpec.CAPACITY_MIB_PER_SECOND.defaultValue(),
      bounds(QosSpec.CAPACITY_MIB_PER_SECOND),
      "MiB a second that the storage is known to move; 0 is unknown. As `capacityIops`."),
  QOS_PROMISED_PERCENT(
      "qos.promisedPercent",
      "number",
      "" + QosSpec.PROMISED_PERCENT.defaultValue(),
      bounds(QosSpec.PROMISED_PERCENT),
      "Part of the capacity that may be promised to classes 5 to 7."),
  QOS_MINIMUM_PERCENT(
      "qos.minimumPercent",
      "number",
      "" + QosSpec.MINIMUM_PERCENT.defaultValue(),
      bounds(QosSpec.MINIMUM_PERCENT),
      "Part of a device that classes 1 to 4 together get however busy classes 5 to 7 are."),
  QOS_ADMISSION_WAIT(
      "qos.admissionWait",
      "duration",
      formatDuration(Duration.ofMillis(QosSpec.ADMISSION_WAIT_MS.defaultValue())),
      durationBounds(QosSpec.ADMISSION_WAIT_MS),
      "Longest time a large write waits until its data is asked for."),
  HOSTS("hosts", "list", "none", "", "Hosts that subsystems may allow."),
  HOST_NQN("hosts[].nqn", "NQN", "required", "1 to 223 bytes", "As /etc/nvme/hostnqn has it."),
  HOST_TRUST(
      "hosts[].trust",
      "word",
      "proven",
      "proven, claimed",
      "What its name is worth. proven: classes 5 to 7, `step`, `hotMetadata`, `slots` and fine timing"
          + " only while it has proved who it is, by `dhchap` or over TLS. claimed: also whoever just"
          + " says its name. May be changed while it is connected."),
  HOST_TIMING(
      "hosts[].timing",
      "word",
      "coarse",
      "coarse, fine",
      "How exactly timing replies tell this host where its commands spent their time: rounded up"
          + " to 16 us, or to 100 ns."),
  HOST_CLASS(
      "hosts[].class",
      "class",
      "none",
      CLASSES,
      "Class of this host's commands that carry no intent. It comes before the class of namespace,"
          + " listener and queue, and is itself a grant of that class."),
  HOST_MAX_CLASS(
      "hosts[].maxClass",
      "class",
      "normal",
      CLASSES,
      "Highest class this host's intent may ask for. A higher one is lowered to it."),
  HOST_STEP(
      "hosts[].step",
      "true or false",
      "false",
      "",
      "It may mark commands step-critical: they go first within their class."),
  HOST_HOT_METADATA(
      "hosts[].hotMetadata", "true or false", "false", "", "It may ask for the hot tier."),
  HOST_EXPIRE(
      "hosts[].expire",
      "true or false",
      "false",
      "",
      "Its reads may be dropped once their budget is spent, where they say so."),
  HOST_RECUR(
      "hosts[].recur", "true or false", "false", "", "It may say that a range is wanted again."),
  HOST_SLOTS(
      "hosts[].slots",
      "number",
      "" + GrantSpec.SLOTS.defaultValue(),
      bounds(GrantSpec.SLOTS),
      "Regions it may register."),
  HOST_WEIGHT(
      "hosts[].weight",
      "number",
      "" + GrantSpec.WEIGHT.defaultValue(),
      bounds(GrantSpec.WEIGHT),
      "Its share among hosts within a class."),
  HOST_IOPS(
      "hosts[].iops",
      "number",
      "" + RateSpec.IOPS.defaultValue(),
      bounds(RateSpec.IOPS),
      "Commands a second of classes 5 to 7 together; 0 is no limit. What is beyond runs as class"
          + " normal."),
  HOST_MIB(
      "hosts[].mibPerSecond",
      "number",
      "" + RateSpec.MIB_PER_SECOND.defaultValue(),
      bounds(RateSpec.MIB_PER_SECOND),
      "MiB a second of classes 5 to 7 together; 0 is no limit."),
  HOST_BURST(
      "hosts[].burst",
      "number",
      "" + RateSpec.BURST.defaultValue(),
      bounds(RateSpec.BURST),
      "Commands of classes 5 to 7 that may come at once."),
  HOST_MIN_BUDGET(
      "hosts[].minBudget",
      "section",
      "",
      "",
      "Shortest budget of this host's commands by class; a shorter one counts as this."),
  MIN_BUDGET_INTERACTIVE(
      "hosts[].minBudget.interactive", "duration", "none", MIN_BUDGET, "Of class interactive."),
  MIN_BUDGET_LOW_LATENCY(
      "hosts[].minBudget.low_latency", "duration", "none", MIN_BUDGET, "Of class low_latency."),
  MIN_BUDGET_CRITICAL(
      "hosts[].minBudget.critical", "duration", "none", MIN_BUDGET, "Of class critical.");

  @SuppressWarnings("ImmutableEnumChecker") // a record of strings
  private final Text text;

  PolicyKey(String pattern, String form, String byDefault, String allowed, String meaning) {
    text = new Text(pattern, form, byDefault, allowed, meaning);
  }

  @Override
  public Text text() {
    return text;
  }
}
