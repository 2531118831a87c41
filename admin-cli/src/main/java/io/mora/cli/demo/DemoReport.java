package io.mora.cli.demo;

import io.mora.cli.load.LoadResult;
import io.mora.cli.load.StageTable;
import io.mora.cli.load.Stages;
import io.mora.cli.load.Stages.Stage;
import io.mora.cli.load.Workload;
import io.mora.cli.output.Figures;
import io.mora.cli.output.Table;
import io.mora.protocol.TransportAddress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What the demo did, what it measured, and what to type next. */
final class DemoReport {
  private final DemoSetup setup;
  private final ReadyLine ready;
  private final boolean hold;
  private final Path folder;
  private @Nullable Measured measured;
  private @Nullable IntentPart intent;

  /** What was measured. */
  private record Measured(Workload workload, LoadResult written, LoadResult load, long verified) {}

  DemoReport(DemoSetup setup, ReadyLine ready, boolean hold, Path folder) {
    this.setup = setup;
    this.ready = ready;
    this.hold = hold;
    this.folder = folder;
  }

  void measured(Workload workload, LoadResult written, LoadResult load, long verified) {
    measured = new Measured(workload, written, load, verified);
  }

  void intent(IntentPart part) {
    intent = part;
  }

  private Measured result() {
    if (measured == null) {
      throw new IllegalStateException("there is nothing to report yet");
    }
    return measured;
  }

  void table(PrintWriter out) {
    Measured result = result();
    out.println(
        "target   process "
            + ready.pid()
            + " on "
            + ready.nvm()
            + ", "
            + ready.transport()
            + ", a namespace of "
            + Figures.bytes(setup.sizeBytes())
            + " in a file");
    long bytes = result.workload().region().lengthBytes();
    out.println(
        "data     "
            + Figures.bytes(bytes)
            + " written in "
            + Figures.duration(result.written().lengthNs())
            + "; "
            + (result.verified() + result.load().verified())
            + " reads of "
            + Figures.bytes(result.workload().blockBytes())
            + " verified");
    out.println(
        "load     "
            + result.workload().readPercent()
            + " % reads of "
            + Figures.bytes(result.workload().blockBytes())
            + " at random, depth "
            + result.workload().depth()
            + ", "
            + Figures.duration(result.load().lengthNs()));
    out.println();
    times(result.load()).print(out, "");
    out.println();
    if (intent != null) {
      intent.table(out);
      out.println();
    }
    next(out);
  }

  private static Table times(LoadResult load) {
    Table table = new Table("", ">IOPS", ">p50", ">p99", ">p99.9", "");
    Stages stages = load.stages();
    row(table, "reads", perSecond(stages.reads(), load), stages.reads(), "");
    row(table, "writes", perSecond(stages.writes(), load), stages.writes(), "");
    for (Stage stage : Stage.values()) {
      Histogram times = stages.of(stage);
      if (times.getTotalCount() > 0 && stage != Stage.TOTAL) {
        String name = "  " + StageTable.name(stage, stages);
        row(table, name, "", times, StageTable.meaning(stage, stages));
      }
    }
    return table;
  }

  private static String perSecond(Histogram times, LoadResult load) {
    return Figures.count(times.getTotalCount() * 1e9 / load.lengthNs());
  }

  private static void row(Table table, String name, String iops, Histogram times, String meaning) {
    table.row(
        name,
        iops,
        Figures.duration(times.getValueAtPercentile(50)),
        Figures.duration(times.getValueAtPercentile(99)),
        Figures.duration(times.getValueAtPercentile(99.9)),
        meaning);
  }

  private void next(PrintWriter out) {
    String mora = System.getProperty("mora.command", "mora");
    TransportAddress at = nextAddress();
    String where = " -a " + at.host() + " -s " + at.port();
    String which = where + " -n " + DemoSetup.SUBSYSTEM;
    if (hold) {
      out.println("While it runs, in another shell:");
    } else {
      out.println("Everything is removed again. Next, keep one running:");
      out.println("  " + mora + " demo --hold --port=" + at.port());
      out.println("and in another shell:");
    }
    out.println("  " + mora + " discover" + where);
    out.println("  " + mora + " bench" + which + " --floor");
    out.println("  " + mora + " bench" + which + " \\");
    out.println("    -N " + DemoSetup.MODELLED_NSID + " --intent step-prefetch-bulk --yes");
    out.println("or as a Linux host, as root:");
    out.println("  modprobe nvme-tcp && " + nvmeConnect(at));
    out.println("  nvme list; nvme disconnect -n " + DemoSetup.SUBSYSTEM);
  }

  private TransportAddress nextAddress() {
    return hold ? ready.nvm() : setup.address().withPort(TransportAddress.IO_PORT);
  }

  private static String nvmeConnect(TransportAddress at) {
    return "nvme connect -t tcp -a "
        + at.host()
        + " -s "
        + at.port()
        + " -n "
        + DemoSetup.SUBSYSTEM;
  }

  Map<String, Object> json() {
    Measured result = result();
    Map<String, Object> target = new LinkedHashMap<>();
    target.put("pid", ready.pid());
    target.put("address", ready.nvm().host());
    target.put("port", ready.nvm().port());
    target.put("transport", ready.transport());
    target.put("subsystem", DemoSetup.SUBSYSTEM);
    target.put("namespaceBytes", setup.sizeBytes());
    target.put("folder", folder);
    Map<String, Object> load = new LinkedHashMap<>();
    load.put("readPercent", result.workload().readPercent());
    load.put("blockBytes", result.workload().blockBytes());
    load.put("depth", result.workload().depth());
    load.put("seed", result.workload().seed());
    load.put("iops", result.load().perSecond());
    load.put("reads", StageTable.json(result.load().stages().reads()));
    load.put("writes", StageTable.json(result.load().stages().writes()));
    load.put("stages", StageTable.json(result.load().stages()));
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("target", target);
    all.put("writtenBytes", result.workload().region().lengthBytes());
    all.put("verified", result.verified() + result.load().verified());
    all.put("load", load);
    if (intent != null) {
      all.put("intent", intent.json());
      all.put("criticalP99Improvement", intent.criticalP99Improvement());
    }
    all.put("next", List.of(nvmeConnect(nextAddress())));
    return all;
  }
}
