package io.mora.target;

import io.mora.protocol.Nqn;
import io.mora.qos.mode.LatencyMode;
import io.mora.qos.mode.LatencySlo;
import io.mora.qos.mode.LatencyWindow.Report;
import io.mora.target.metrics.TargetStats.ModeRow;
import io.mora.target.subsystem.Namespace;
import io.mora.target.subsystem.Subsystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes latency modes, and tells of each that ends what it promised, how long it was in force,
 * how often it was broken and what it cost. Control threads.
 */
final class ModeReports {
  private static final Logger LOG = LoggerFactory.getLogger(ModeReports.class);

  /** Modes told of at once; there may be thousands of namespaces. */
  static final int LINES_MAX = 32;

  private static final double MS = 1e6;
  private static final double US = 1e3;
  private static final double SECOND = 1e9;

  private ModeReports() {}

  /** As {@link MoraTarget#latencyMode}. */
  static void change(List<Subsystem> subsystems, Nqn subsystem, int nsid, LatencyMode mode) {
    int found = 0;
    List<ModeRow> ended = new ArrayList<>();
    for (Subsystem each : subsystems) {
      if (!each.nqn().equals(subsystem)) {
        continue;
      }
      for (int i = 0; i < each.namespaces().size(); i++) {
        Namespace namespace = each.namespaces().at(i);
        if (nsid == 0 || namespace.nsid() == nsid) {
          found++;
          Report report = namespace.mode(mode);
          if (report != null) {
            ended.add(new ModeRow(subsystem.value(), namespace.nsid(), report));
          }
        }
      }
    }
    if (found == 0) {
      throw new IllegalArgumentException(
          "nsid " + nsid + ": subsystem " + subsystem + " has no such namespace, or is not served");
    }
    log(ended);
  }

  /** Another mode for one namespace; logs what the one that ends did, if it is another. */
  static void change(Subsystem subsystem, Namespace namespace, LatencyMode mode) {
    Report report = namespace.mode(mode);
    if (report != null) {
      log(List.of(new ModeRow(subsystem.nqn().value(), namespace.nsid(), report)));
    }
  }

  /** The modes in force. */
  static List<ModeRow> read(List<Subsystem> subsystems) {
    List<ModeRow> rows = new ArrayList<>();
    for (Subsystem each : subsystems) {
      for (int i = 0; i < each.namespaces().size(); i++) {
        Namespace namespace = each.namespaces().at(i);
        rows.add(new ModeRow(each.nqn().value(), namespace.nsid(), namespace.modeReport()));
      }
    }
    return rows;
  }

  /** Logs modes that end with the target; those that had nothing to do are left out. */
  static void stopped(List<ModeRow> modes) {
    log(
        modes.stream()
            .filter(row -> row.report().commands() > 0 || row.report().heldNs() > 0)
            .toList());
  }

  private static void log(List<ModeRow> ended) {
    for (int i = 0; i < Math.min(ended.size(), LINES_MAX); i++) {
      LOG.info("{}", line(ended.get(i)));
    }
    if (ended.size() > LINES_MAX) {
      LOG.info("Of {} more namespaces the latency mode ended", ended.size() - LINES_MAX);
    }
  }

  static String line(ModeRow row) {
    Report report = row.report();
    LatencySlo promise = report.promise();
    return String.format(
        Locale.ROOT,
        "Latency mode %s of %s namespace %d ended after %.1f s: promised that of 10000 commands of"
            + " class %d at most %d take longer than %.0f us; %d of %d did, which broke %d of %d"
            + " windows of %.0f s; other work was held back for %.1f ms",
        report.mode().label(),
        row.subsystemNqn(),
        row.nsid(),
        report.inForceNs() / SECOND,
        promise.ioClass(),
        promise.missesPer10k(),
        promise.targetNs() / US,
        report.misses(),
        report.commands(),
        report.broken(),
        report.windows(),
        promise.windowNs() / SECOND,
        report.heldNs() / MS);
  }
}
