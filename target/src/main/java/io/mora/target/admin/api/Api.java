package io.mora.target.admin.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.protocol.Nqn;
import io.mora.protocol.admin.access.Role;
import io.mora.target.admin.change.Configurator;
import io.mora.target.admin.change.Configurator.Condition;
import io.mora.target.admin.change.Configurator.Outcome;
import io.mora.target.admin.change.Difference;
import io.mora.target.admin.change.Edits;
import io.mora.target.admin.change.Running;
import io.mora.target.admin.http.Call;
import io.mora.target.admin.http.Json;
import io.mora.target.admin.http.Refused;
import io.mora.target.admin.http.Reply;
import java.util.List;
import java.util.Locale;

/** What resources share. */
final class Api {
  /** Where the API is. */
  static final String V1 = "/api/v1";

  private static final String ETAG = "ETag";

  private Api() {}

  /** The version a call is meant for, if it says so. */
  static Condition condition(Call call) throws Refused {
    return new Condition(call.header("If-Match"), call.flag("discardEdits"));
  }

  /** The version a call is meant for, which it must say. */
  static Condition strictCondition(Call call) throws Refused {
    if (call.header("If-Match") == null) {
      throw Refused.precondition();
    }
    return condition(call);
  }

  /** What a change did. */
  static Reply changed(Outcome outcome) {
    ObjectNode body = Json.object();
    body.put("version", outcome.version());
    body.put("etag", outcome.running().etag());
    body.set("changes", differences(outcome.differences()));
    return Reply.json(body).with(ETAG, outcome.running().etag());
  }

  static ArrayNode differences(List<Difference> differences) {
    ArrayNode list = Json.array();
    for (Difference each : differences) {
      ObjectNode item = list.addObject();
      item.put("path", each.path());
      item.put("kind", each.kind().name().toLowerCase(Locale.ROOT));
      item.set("before", each.before());
      item.set("after", each.after());
    }
    return list;
  }

  /** A part of the configuration; 304 if the caller has it already. */
  static Reply part(Call call, Running running, ObjectNode body) {
    if (running.etag().equals(call.header("If-None-Match"))) {
      return Reply.empty(304).with(ETAG, running.etag());
    }
    return Reply.json(body).with(ETAG, running.etag());
  }

  /** The configuration without what its reader may not see. */
  static ObjectNode visible(Call call, Running running) {
    ObjectNode tree = running.tree();
    if (call.who().role().covers(Role.ADMIN)) {
      return tree;
    }
    if (tree.get("admin") instanceof ObjectNode admin) {
      admin.remove("tokens");
    }
    return Secrets.removed(tree);
  }

  /** An NQN in the path. */
  static Nqn nqn(Call call, String place) throws Refused {
    try {
      return new Nqn(call.path(place));
    } catch (IllegalArgumentException e) {
      throw Refused.parameter(
          place, call.path(place), "1 to 223 bytes", String.valueOf(e.getMessage()));
    }
  }

  /** A number in the path. */
  static int number(Call call, String place, int min, int max) throws Refused {
    String text = call.path(place);
    String allowed = min + " to " + max;
    try {
      int value = Integer.parseInt(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw Refused.parameter(place, text, allowed, "not a whole number");
    }
    throw Refused.parameter(place, text, allowed, "out of range");
  }

  /** Makes a change and tells what it did. */
  static Reply change(Configurator configurator, Call call, Edits.Edit edit) throws Refused {
    return changed(configurator.change(call.who(), condition(call), edit));
  }
}
