package io.mora.target.admin.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.intent.LatencyBuckets;
import io.mora.protocol.intent.LatencyClass;
import io.mora.qos.mode.LatencyWindow;
import io.mora.target.admin.http.Call;
import io.mora.target.admin.http.Json;
import io.mora.target.admin.http.Refused;
import io.mora.target.admin.http.Reply;
import io.mora.target.admin.http.Route;
import io.mora.target.admin.stats.ClassHistory;
import io.mora.target.admin.stats.ClassView;
import io.mora.target.admin.stats.StatsSource;
import io.mora.target.admin.stats.StatsWindow;
import io.mora.target.admin.stats.StatsWindow.Lately;
import io.mora.target.admin.stats.Sums;
import io.mora.target.metrics.ClassSums;
import io.mora.target.metrics.LateCause;
import io.mora.target.metrics.SlowIo;
import io.mora.target.metrics.SlowIos;
import io.mora.target.metrics.TargetStats;
import io.mora.target.metrics.TargetStats.ModeRow;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the time goes: by class, host and namespace, by mode, and of single slow commands. */
public final class StatsRoutes {
  private static final int WINDOW_S = 10;
  private static final int ROWS = 32;
  private static final int SLOW = 50;
  private static final int SLOW_MAX = SlowIos.KEPT * 64;

  private final StatsSource source;
  private final StatsWindow window;
  private final ClassHistory history;

  public StatsRoutes(StatsSource source, StatsWindow window, ClassHistory history) {
    this.source = source;
    this.window = window;
    this.history = history;
  }

  public List<Route> routes() {
    return List.of(
        Route.get(Api.V1 + "/classes", this::classes),
        Route.get(Api.V1 + "/classes/history", this::history),
        Route.get(Api.V1 + "/top", this::top),
        Route.get(Api.V1 + "/modes", this::modes),
        Route.get(Api.V1 + "/slow", this::slow));
  }

  private static int seconds(Call call, int byDefault) throws Refused {
    return (int) call.query("window", byDefault, 0, StatsWindow.LONGEST_S);
  }

  /** Since the target started, or of the last seconds. */
  private Reply classes(Call call) throws Refused {
    int seconds = seconds(call, 0);
    Lately lately = window.last(seconds);
    ClassSums sums = seconds == 0 ? lately.total().total() : lately.sums().total();
    ObjectNode body = Json.object();
    body.put("at", Times.iso(lately.total().atMs()));
    body.put("windowSeconds", seconds == 0 ? 0 : lately.seconds());
    body.set("classes", ClassView.classes(sums, true, call.flag("histograms")));
    body.set("withoutIntent", ClassView.intent(sums, 0));
    return Reply.json(body);
  }

  /** Times of the last half hour, step by step. */
  private Reply history(Call call) throws Refused {
    long since = call.query("since", 0, 0, Long.MAX_VALUE);
    ArrayNode steps = Json.array();
    long last = history.last();
    for (ClassHistory.Step step : history.after(since)) {
      steps.add(ClassView.step(step));
      last = Math.max(last, step.number());
    }
    ArrayNode edges = Json.array();
    for (int i = 0; i < LatencyBuckets.COUNT; i++) {
      edges.add(LatencyBuckets.lowerEdgeNs(i));
    }
    ObjectNode body = Json.object();
    body.put("stepSeconds", ClassHistory.STEP_S);
    body.put("stepsKept", ClassHistory.KEPT);
    body.put("last", last);
    body.set("edgesNs", edges);
    body.set("steps", steps);
    return Reply.json(body);
  }

  /** The last seconds, the busiest first. */
  private Reply top(Call call) throws Refused {
    Lately lately = window.last(Math.max(1, seconds(call, WINDOW_S)));
    int rows = (int) call.query("rows", ROWS, 1, Sums.ROWS_MAX);
    ObjectNode body = Json.object();
    body.put("at", Times.iso(lately.total().atMs()));
    body.put("windowSeconds", lately.seconds());
    body.set("total", ClassView.row("name", "total", lately.sums().total()));
    body.set("hosts", rows("host", lately.sums().hosts(), rows));
    body.set("namespaces", rows("namespace", lately.sums().namespaces(), rows));
    return Reply.json(body);
  }

  private static ArrayNode rows(String key, Map<String, ClassSums> sums, int rows) {
    ArrayNode list = Json.array();
    sums.entrySet().stream()
        .map(each -> ClassView.row(key, each.getKey(), each.getValue()))
        .sorted(
            Comparator.comparingLong((ObjectNode row) -> row.get("commands").asLong()).reversed())
        .limit(rows)
        .forEach(list::add);
    return list;
  }

  private Reply modes(Call call) {
    ArrayNode list = Json.array();
    for (ModeRow row : source.read().stats().modes()) {
      LatencyWindow.Report report = row.report();
      ObjectNode item = list.addObject();
      item.put("subsystem", row.subsystemNqn());
      item.put("nsid", row.nsid());
      item.put("mode", report.mode().label());
      item.put("inForceNs", report.inForceNs());
      ObjectNode promise = item.putObject("promise");
      promise.put("class", LatencyClass.of(report.promise().ioClass()).word());
      promise.put("targetNs", report.promise().targetNs());
      promise.put("missesPer10k", report.promise().missesPer10k());
      promise.put("windowNs", report.promise().windowNs());
      item.put("commands", report.commands());
      item.put("misses", report.misses());
      item.put("windows", report.windows());
      item.put("broken", report.broken());
      item.put("heldNs", report.heldNs());
    }
    ObjectNode body = Json.object();
    body.set("modes", list);
    return Reply.json(body);
  }

  private Reply slow(Call call) throws Refused {
    int limit = (int) call.query("limit", SLOW, 1, SLOW_MAX);
    TargetStats stats = source.read().stats();
    Map<Integer, String> hosts = new HashMap<>();
    stats.controllers().forEach(row -> hosts.put(row.hostIndex(), row.hostNqn()));
    ArrayNode list = Json.array();
    stats.slow().stream()
        .sorted(Comparator.comparingLong(SlowIo::atMs).reversed())
        .limit(limit)
        .forEach(slow -> list.add(slow(slow, hosts.getOrDefault(slow.hostIndex(), ""))));
    ObjectNode body = Json.object();
    body.set("slow", list);
    return Reply.json(body);
  }

  private static ObjectNode slow(SlowIo slow, String host) {
    ObjectNode item = Json.object();
    item.put("at", Times.iso(slow.atMs()));
    item.put("host", host);
    item.put("qid", slow.qid());
    item.put("nsid", slow.nsid());
    item.put("opcode", NvmOpcode.name(slow.opcode()));
    item.put("bytes", slow.bytes());
    item.put("class", LatencyClass.of(slow.effectiveClass()).word());
    item.put("totalNs", slow.totalNs());
    item.put("budgetNs", slow.budgetNs());
    item.put("late", slow.late() < 0 ? "" : LateCause.of(slow.late()).word());
    ArrayNode stages = item.putArray("stages");
    stage(stages, "leave", slow.leaveNs());
    stage(stages, "buffer", slow.bufferNs());
    stage(stages, "host", slow.hostNs());
    stage(stages, "scheduled", slow.scheduledNs());
    stage(stages, "device", slow.deviceNs());
    stage(stages, "send", slow.sendNs());
    return item;
  }

  private static void stage(ArrayNode stages, String name, long ns) {
    stages.addObject().put("stage", name).put("ns", ns);
  }
}
