package io.mora.target.admin.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.target.admin.event.Event;
import io.mora.target.admin.event.EventLog;
import io.mora.target.admin.http.Call;
import io.mora.target.admin.http.Json;
import io.mora.target.admin.http.Refused;
import io.mora.target.admin.http.Reply;
import io.mora.target.admin.http.Route;
import java.util.List;

/** What happened lately. */
public final class EventRoutes {
  private static final int LIMIT = 100;

  private final EventLog events;

  public EventRoutes(EventLog events) {
    this.events = events;
  }

  public List<Route> routes() {
    return List.of(Route.get(Api.V1 + "/events", this::events));
  }

  private Reply events(Call call) throws Refused {
    long since = call.query("since", 0, 0, Long.MAX_VALUE);
    int limit = (int) call.query("limit", LIMIT, 1, 2L * EventLog.KEPT);
    String kind = call.query("kind");
    if (kind != null && !kind.equals(Event.CHANGE) && !kind.equals(Event.LOG)) {
      throw Refused.parameter("kind", kind, "change, log", "no such kind");
    }
    ArrayNode list = Json.array();
    long last = events.last();
    for (Event event : events.after(since, kind, limit)) {
      ObjectNode item = list.addObject();
      item.put("number", event.number());
      item.put("at", Times.iso(event.atMs()));
      item.put("kind", event.kind());
      item.put("level", event.level());
      item.put("source", event.source());
      item.put("message", event.message());
      last = Math.max(last, event.number());
    }
    ObjectNode body = Json.object();
    body.put("last", last);
    body.set("events", list);
    return Reply.json(body);
  }
}
