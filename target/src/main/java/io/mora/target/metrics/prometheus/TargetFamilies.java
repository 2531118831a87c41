package io.mora.target.metrics.prometheus;

import io.mora.protocol.intent.ClassLogPage;
import io.mora.protocol.intent.LatencyClass;
import io.mora.qos.mode.LatencyWindow;
import io.mora.target.metrics.ClassCounts;
import io.mora.target.metrics.ClassSums;
import io.mora.target.metrics.LateCause;
import io.mora.target.metrics.TargetStats;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The metrics of what the target has counted; docs/monitoring.md says what each is good for. */
final class TargetFamilies {
  /** Class of traffic that carries no intent, where its own class is not counted. */
  private static final String NO_INTENT = "none";

  private static final String CLASS = "class";
  private static final String SUBSYSTEM = "subsystem";
  private static final String NSID = "nsid";
  private static final double NS = 1e-9;
  private static final double MS = 1e-3;

  private final Families families;

  TargetFamilies(Families families) {
    this.families = families;
  }

  /** What ran in each class. */
  void classes(ClassSums total) {
    for (int i = 1; i < LatencyClass.COUNT; i++) {
      Labels labels = Labels.of(CLASS, LatencyClass.of(i).word());
      families.count("mora_commands", "Commands that ran in a class.", total.commands(i), labels);
      if (total.commands(i) > 0) {
        families.times(
            "mora_completion_seconds",
            "From when a command was received until its reply was handed to the socket.",
            total.times(i),
            labels);
      }
      families.gauge(
          "mora_class_budget_seconds",
          "Budget of a command of the class that names none.",
          LatencyClass.of(i).defaultBudgetUs() * 1e-6,
          labels);
      for (LateCause cause : LateCause.values()) {
        families.count(
            "mora_late_commands",
            "Commands that took longer than their budgets, by what they lost most time to.",
            total.late(i, cause),
            labels.add("cause", cause.word()));
      }
    }
    for (int i = 0; i < LatencyClass.COUNT; i++) {
      record(total, i, Labels.of(CLASS, i == 0 ? NO_INTENT : LatencyClass.of(i).word()));
    }
  }

  /** A record of log E0h: commands without intent, or those whose intent put them in a class. */
  private void record(ClassSums total, int index, Labels labels) {
    families.count(
        "mora_data_bytes",
        "Data moved, by class where intent was given.",
        total.counter(index, ClassCounts.BYTES),
        labels);
    stage(
        total,
        index,
        labels,
        ClassLogPage.QUEUE_WAIT,
        "mora_queue_wait_seconds",
        "From when a command was received until its device had it.");
    stage(
        total, index, labels, ClassLogPage.DEVICE, "mora_device_seconds", "What the device took.");
    stage(
        total,
        index,
        labels,
        ClassLogPage.SEND,
        "mora_send_seconds",
        "From the device to the socket.");
    Map<String, Integer> counters = new LinkedHashMap<>();
    counters.put("mora_deferred_commands", ClassCounts.DEFERRED);
    counters.put("mora_downgraded_commands", ClassCounts.DOWNGRADED);
    counters.put("mora_throttled_commands", ClassCounts.THROTTLED);
    counters.put("mora_expired_commands", ClassCounts.EXPIRED);
    counters.put("mora_refused_commands", ClassCounts.REFUSED);
    counters.put("mora_step_commands", ClassCounts.STEP);
    counters.put("mora_step_late_commands", ClassCounts.STEP_MISSES);
    counters.put("mora_hot_tier_hits", ClassCounts.CACHE_HITS);
    counters.put("mora_registration_hits", ClassCounts.REGISTRATION_HITS);
    counters.put("mora_registration_stale", ClassCounts.REGISTRATION_STALE);
    counters.put("mora_registration_changes", ClassCounts.REGISTRATION_CHANGES);
    counters.forEach(
        (name, counter) ->
            families.count(name, help(counter), total.counter(index, counter), labels));
  }

  private void stage(
      ClassSums total, int index, Labels labels, int histogram, String name, String help) {
    if (total.counter(index, ClassCounts.COMMANDS) > 0) {
      families.times(name, help, total.histogram(index, histogram), labels);
    }
  }

  private static String help(int counter) {
    return switch (counter) {
      case ClassCounts.DEFERRED -> "Commands that were made to wait for more urgent ones.";
      case ClassCounts.DOWNGRADED -> "Commands that asked for a class their host is not granted.";
      case ClassCounts.THROTTLED -> "Commands beyond their host's rate, run as class normal.";
      case ClassCounts.EXPIRED -> "Reads dropped because their budget was spent.";
      case ClassCounts.REFUSED -> "Reads refused because their budget could not be met.";
      case ClassCounts.STEP -> "Commands a step waited for.";
      case ClassCounts.STEP_MISSES -> "Commands a step waited for that were late.";
      case ClassCounts.CACHE_HITS -> "Reads answered from the hot tier.";
      case ClassCounts.REGISTRATION_HITS -> "Commands that named a registered region.";
      case ClassCounts.REGISTRATION_STALE -> "Commands that named a region no longer registered.";
      default -> "Regions registered and removed.";
    };
  }

  /** What hosts and namespaces did; the rows are bounded by who adds them up. */
  void rows(Map<String, ClassSums> hosts, Map<String, ClassSums> namespaces) {
    hosts.forEach((nqn, sums) -> row("mora_host", "of a host", sums, Labels.of("host", nqn)));
    namespaces.forEach(
        (name, sums) -> {
          int slash = name.lastIndexOf('/');
          String subsystem = slash < 0 ? name : name.substring(0, slash);
          String nsid = slash < 0 ? name : name.substring(slash + 1);
          row(
              "mora_namespace",
              "to a namespace",
              sums,
              Labels.of(SUBSYSTEM, subsystem, NSID, nsid));
        });
  }

  private void row(String prefix, String of, ClassSums sums, Labels labels) {
    long bytes = 0;
    for (int i = 0; i < LatencyClass.COUNT; i++) {
      bytes += sums.counter(i, ClassCounts.BYTES);
      if (sums.commands(i) > 0) {
        Labels classed = labels.add(CLASS, LatencyClass.of(i).word());
        families.count(prefix + "_commands", "Commands " + of + ".", sums.commands(i), classed);
        String late = "Commands " + of + " that took longer than their budgets.";
        families.count(prefix + "_late_commands", late, sums.late(i), classed);
      }
    }
    families.count(prefix + "_data_bytes", "Data " + of + ".", bytes, labels);
  }

  /** Shards, controllers and the collector. */
  void now(TargetStats stats, int connections, int[] ioQueues) {
    families.gauge("mora_connections", "Open connections.", connections, Labels.EMPTY);
    for (TargetStats.ShardRow shard : stats.shards()) {
      Labels labels = Labels.of("shard", "" + shard.index());
      families.gauge("mora_shard_lent_bytes", "I/O buffers on loan.", shard.lentBytes(), labels);
      families.gauge(
          "mora_shard_waiting_writes",
          "Large writes that were not yet let ask for their data.",
          shard.waitingWrites(),
          labels);
      families.gauge(
          "mora_shard_io_queues", "I/O queues placed on a shard.", ioQueues[shard.index()], labels);
      families.count(
          "mora_slow_commands",
          "Commands that took longer than latencyIntent.slowThreshold.",
          shard.slow(),
          labels);
      families.count(
          "mora_wrong_data_digests",
          "PDUs of hosts whose data did not fit its digest; their commands failed.",
          shard.wrongDigests(),
          labels);
    }
    Map<String, Set<Integer>> controllers = new TreeMap<>();
    stats.ended().forEach(row -> controllers.put(row.subsystemNqn(), new TreeSet<>()));
    stats
        .controllers()
        .forEach(
            row ->
                controllers
                    .computeIfAbsent(row.subsystemNqn(), key -> new TreeSet<>())
                    .add(row.cntlid()));
    controllers.forEach(
        (nqn, ids) ->
            families.gauge(
                "mora_controllers",
                "Controllers there are.",
                ids.size(),
                Labels.of(SUBSYSTEM, nqn)));
    families.count(
        "mora_collector_pauses", "Pauses of the collector.", stats.pauses().count(), Labels.EMPTY);
    families.count(
        "mora_collector_pause_seconds",
        "Time in pauses of the collector.",
        stats.pauses().totalMs() * MS,
        Labels.EMPTY);
    families.gauge(
        "mora_collector_longest_pause_seconds",
        "Longest pause of the collector, to the millisecond.",
        stats.pauses().longestMs() * MS,
        Labels.EMPTY);
  }

  /** Latency modes, what they promised and what became of it. */
  void modes(TargetStats stats, int max) {
    for (TargetStats.ModeRow row : stats.modes().subList(0, Math.min(max, stats.modes().size()))) {
      LatencyWindow.Report report = row.report();
      Labels labels = Labels.of(SUBSYSTEM, row.subsystemNqn(), NSID, "" + row.nsid());
      families.gauge(
          "mora_latency_mode",
          "1 for the mode in force.",
          1,
          labels.add("mode", report.mode().label()));
      families.count(
          "mora_mode_commands", "Commands of the promised class.", report.commands(), labels);
      families.count(
          "mora_mode_misses", "Of these, longer than promised.", report.misses(), labels);
      families.count("mora_mode_windows", "Windows that were judged.", report.windows(), labels);
      families.count(
          "mora_mode_broken_windows",
          "Windows in which the promise was broken.",
          report.broken(),
          labels);
      families.count(
          "mora_mode_held_seconds",
          "How long other work was held back.",
          report.heldNs() * NS,
          labels);
    }
  }
}
