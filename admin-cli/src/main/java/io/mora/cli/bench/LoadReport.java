package io.mora.cli.bench;

import io.mora.cli.load.LoadResult;
import io.mora.cli.load.StageTable;
import io.mora.cli.load.Workload;
import io.mora.cli.output.Figures;
import io.mora.cli.output.Table;
import io.mora.protocol.Nqn;
import io.mora.protocol.net.TransportKind;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A load and what it came to, as a table and as JSON. */
final class LoadReport {
  private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};

  /** Of what was meant, but for a few that were under way when the load ended. */
  private static final double REACHED = 0.99;

  private static final int UNDER_WAY = 2;

  private final Workload workload;
  private final int queues;
  private final int connections;
  private final Nqn subsystem;
  private final TransportKind transport;
  private final Floors floors = new Floors();
  private @Nullable Waiting waiting;
  private @Nullable LoadResult load;
  private @Nullable LoadResult check;

  LoadReport(
      Workload workload, int queues, int connections, Nqn subsystem, TransportKind transport) {
    this.workload = workload;
    this.queues = queues;
    this.connections = connections;
    this.subsystem = subsystem;
    this.transport = transport;
  }

  /** What was measured beside it; empty at first. */
  Floors floors() {
    return floors;
  }

  void waiting(@Nullable Waiting how) {
    waiting = how;
  }

  void load(LoadResult result) {
    load = result;
  }

  void check(LoadResult result) {
    check = result;
  }

  private LoadResult result() {
    if (load == null) {
      throw new IllegalStateException("there is nothing to report yet");
    }
    return load;
  }

  void table(PrintWriter out) {
    LoadResult result = result();
    out.println(headline());
    Table table = new Table("", ">IOPS", ">p50", ">p90", ">p99", ">p99.9", ">p99.99", ">max");
    kind(table, "reads", result.readsPerSecond(), result.stages().reads());
    kind(table, "writes", result.writesPerSecond(), result.stages().writes());
    for (Floors.Row floor : floors.rows()) {
      row(table, floor.name(), floor.result().perSecond(), floor.result().latencies());
    }
    table.print(out, "");
    out.println();
    StageTable.of(result.stages()).print(out, "");
    out.println();
    out.println(remarks(result));
  }

  private String headline() {
    String mix = workload.readPercent() + " % reads";
    String order = workload.sequential() ? "sequential" : "random";
    String pace =
        workload.openLoop()
            ? Figures.count(workload.ratePerSecond()) + " IOPS meant (open loop)"
            : "closed loop";
    if (waiting != null) {
      pace += waiting == Waiting.OWN ? " by threads with a queue each" : " by threads on loops";
    }
    return String.format(
        Locale.ROOT,
        "%s: %s I/O, %s, %s, %s, depth %d on %d queue%s of %d connection%s, %s",
        subsystem,
        Figures.bytes(workload.blockBytes()),
        order,
        mix,
        pace,
        workload.depth(),
        queues,
        queues == 1 ? "" : "s",
        connections,
        connections == 1 ? "" : "s",
        transport.configName());
  }

  private static void kind(Table table, String name, double perSecond, Histogram latencies) {
    if (latencies.getTotalCount() > 0) {
      row(table, name, perSecond, latencies);
    }
  }

  private static void row(Table table, String name, double perSecond, Histogram latencies) {
    Object[] cells = new Object[PERCENTILES.length + 3];
    cells[0] = name;
    cells[1] = Figures.count(perSecond);
    for (int i = 0; i < PERCENTILES.length; i++) {
      cells[i + 2] = Figures.duration(latencies.getValueAtPercentile(PERCENTILES[i]));
    }
    cells[cells.length - 1] = Figures.duration(latencies.getMaxValue());
    table.row(cells);
  }

  private String remarks(LoadResult result) {
    StringBuilder text = new StringBuilder();
    text.append("total ").append(Figures.count(result.perSecond())).append(" IOPS, ");
    text.append(Figures.bytes((long) (result.perSecond() * workload.blockBytes())));
    text.append("/s; seed ").append(workload.seed());
    if (workload.verify()) {
      long verified = result.verified() + (check == null ? 0 : check.verified());
      text.append("; ").append(verified).append(" reads verified");
    }
    if (workload.openLoop()) {
      text.append("; latest start ").append(Figures.duration(result.latestNs()));
      if (!reached(result)) {
        text.append("\nThe rate was not reached: ").append(Figures.count(result.perSecond()));
        text.append(" IOPS were done of ").append(Figures.count(workload.ratePerSecond()));
        text.append(" meant, and ").append(result.missed());
        text.append(" I/Os were never started. Percentiles of such a run say little.");
      }
    }
    text.append("\nThis client: ").append(result.pauses());
    return text.toString();
  }

  private boolean reached(LoadResult result) {
    double ended = result.perSecond() * result.lengthNs() / 1e9;
    double meant = workload.ratePerSecond() * result.lengthNs() / 1e9;
    return result.missed() == 0 && ended >= meant * REACHED - UNDER_WAY;
  }

  Map<String, Object> json() {
    LoadResult result = result();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("subsystem", subsystem);
    all.put("workload", workloadJson());
    all.put("iops", result.perSecond());
    if (workload.openLoop()) {
      all.put("meantIops", workload.ratePerSecond());
      all.put("rateReached", reached(result));
    }
    all.put("bytesPerSecond", result.perSecond() * workload.blockBytes());
    all.put("durationNs", result.lengthNs());
    all.put("reads", StageTable.json(result.stages().reads()));
    all.put("writes", StageTable.json(result.stages().writes()));
    all.put("stages", StageTable.json(result.stages()));
    all.put("targetTold", result.stages().targetKnown());
    all.put("verified", result.verified() + (check == null ? 0 : check.verified()));
    all.put("missed", result.missed());
    all.put("latestStartNs", result.latestNs());
    all.put("clientPauses", StageTable.json(result.pauses()));
    floors.json(all);
    return all;
  }

  private Map<String, Object> workloadJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("blockBytes", workload.blockBytes());
    json.put("readPercent", workload.readPercent());
    json.put("sequential", workload.sequential());
    json.put("depth", workload.depth());
    json.put("queues", queues);
    json.put("connections", connections);
    json.put("ratePerSecond", workload.ratePerSecond());
    json.put("offsetBytes", workload.region().offsetBytes());
    json.put("regionBytes", workload.region().lengthBytes());
    json.put("verify", workload.verify());
    json.put("seed", workload.seed());
    json.put("sync", waiting == null ? "none" : waiting.configName());
    json.put("transport", transport.configName());
    return json;
  }
}
