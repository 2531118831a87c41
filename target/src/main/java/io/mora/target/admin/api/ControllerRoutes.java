package io.mora.target.admin.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.protocol.Nqn;
import io.mora.target.MoraTarget;
import io.mora.target.admin.event.EventLog;
import io.mora.target.admin.event.LogTap;
import io.mora.target.admin.http.Call;
import io.mora.target.admin.http.Json;
import io.mora.target.admin.http.Refused;
import io.mora.target.admin.http.Reply;
import io.mora.target.admin.http.Route;
import io.mora.target.live.ControllerInfo;
import io.mora.target.live.ControllerInfo.IoCount;
import io.mora.target.live.ControllerInfo.QueueInfo;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hosts that are connected: their controllers, their connections, and how to end them. */
public final class ControllerRoutes {
  private static final String CONTROLLERS = Api.V1 + "/controllers";
  private static final String CONTROLLER = CONTROLLERS + "/{nqn}/{cntlid}";
  private static final int CNTLID_MAX = 0xFFEF;
  private static final Logger AUDIT = LoggerFactory.getLogger(LogTap.AUDIT);

  private final MoraTarget target;
  private final EventLog events;

  public ControllerRoutes(MoraTarget target, EventLog events) {
    this.target = target;
    this.events = events;
  }

  public List<Route> routes() {
    return List.of(
        Route.get(CONTROLLERS, this::controllers),
        Route.get(CONTROLLER, this::controller),
        Route.delete(CONTROLLER, this::disconnect),
        Route.get(Api.V1 + "/connections", this::connections));
  }

  private List<ControllerInfo> wanted(Call call) {
    String subsystem = call.query("subsystem");
    String host = call.query("host");
    return target.controllers().list().stream()
        .filter(each -> subsystem == null || each.subsystemNqn().equals(subsystem))
        .filter(each -> host == null || each.hostNqn().equals(host))
        .toList();
  }

  private Reply controllers(Call call) {
    ArrayNode list = Json.array();
    wanted(call).forEach(each -> list.add(json(each)));
    ObjectNode body = Json.object();
    body.set("controllers", list);
    return Reply.json(body);
  }

  private Reply controller(Call call) throws Refused {
    Nqn nqn = Api.nqn(call, "nqn");
    int cntlid = Api.number(call, "cntlid", 1, CNTLID_MAX);
    for (ControllerInfo each : target.controllers().list()) {
      if (each.subsystemNqn().equals(nqn.value()) && each.cntlid() == cntlid) {
        return Reply.json(json(each));
      }
    }
    throw none(nqn, cntlid);
  }

  private static Refused none(Nqn nqn, int cntlid) {
    return Refused.unknown("subsystem " + nqn + " has no controller " + cntlid);
  }

  private Reply disconnect(Call call) throws Refused {
    Nqn nqn = Api.nqn(call, "nqn");
    int cntlid = Api.number(call, "cntlid", 1, CNTLID_MAX);
    String reason = "disconnected by " + call.who().name();
    if (!target.controllers().disconnect(nqn, cntlid, reason)) {
      throw none(nqn, cntlid);
    }
    String what = "controller " + cntlid + " of " + nqn + " disconnected";
    AUDIT.info("{}: {}", call.who().name(), what);
    events.change("info", call.who().name(), what);
    return Reply.empty(204);
  }

  private static ObjectNode json(ControllerInfo info) {
    ObjectNode body = Json.object();
    body.put("subsystem", info.subsystemNqn());
    body.put("cntlid", info.cntlid());
    body.put("host", info.hostNqn());
    body.put("hostId", info.hostId());
    body.put("from", info.from());
    body.put("since", Times.iso(info.sinceMs()));
    body.put("identity", info.identity());
    body.put("intent", info.intent());
    body.put("ending", info.ended());
    body.set("io", json(info.io()));
    ArrayNode queues = body.putArray("queues");
    for (QueueInfo queue : info.queues()) {
      ObjectNode item = queues.addObject();
      item.put("qid", queue.qid());
      item.put("depth", queue.depth());
      item.put("shard", queue.shard());
      item.set("io", json(queue.io()));
    }
    return body;
  }

  private static ObjectNode json(IoCount count) {
    ObjectNode io = Json.object();
    io.put("reads", count.reads());
    io.put("readBytes", count.readBytes());
    io.put("writes", count.writes());
    io.put("writeBytes", count.writeBytes());
    return io;
  }

  /** One for each I/O queue, and the admin queue as queue 0. */
  private Reply connections(Call call) {
    ArrayNode list = Json.array();
    for (ControllerInfo info : wanted(call)) {
      connection(list, info, 0);
      for (QueueInfo queue : info.queues()) {
        ObjectNode item = connection(list, info, queue.qid());
        item.put("depth", queue.depth());
        item.put("shard", queue.shard());
        item.set("io", json(queue.io()));
      }
    }
    ObjectNode body = Json.object();
    body.put("open", target.connections());
    body.set("connections", list);
    return Reply.json(body);
  }

  private static ObjectNode connection(ArrayNode list, ControllerInfo info, int qid) {
    ObjectNode item = list.addObject();
    item.put("subsystem", info.subsystemNqn());
    item.put("cntlid", info.cntlid());
    item.put("host", info.hostNqn());
    item.put("from", info.from());
    item.put("qid", qid);
    return item;
  }
}
