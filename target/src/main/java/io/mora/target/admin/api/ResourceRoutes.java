package io.mora.target.admin.api;

import static io.mora.target.admin.change.Edits.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.target.admin.change.Configurator;
import io.mora.target.admin.change.Edits;
import io.mora.target.admin.change.Running;
import io.mora.target.admin.http.Call;
import io.mora.target.admin.http.Json;
import io.mora.target.admin.http.Refused;
import io.mora.target.admin.http.Reply;
import io.mora.target.admin.http.Route;
import java.util.List;

/** Subsystems, their namespaces and allowed hosts, and the sections that exist once. */
public final class ResourceRoutes {
  private static final String SUBSYSTEMS = Api.V1 + "/subsystems";
  private static final String SUBSYSTEM = SUBSYSTEMS + "/{nqn}";
  private static final String NAMESPACES = SUBSYSTEM + "/namespaces";
  private static final String NAMESPACE = NAMESPACES + "/{nsid}";
  private static final String ALLOWED = SUBSYSTEM + "/allowedHosts/{host}";
  private static final String MODE = "latencyMode";
  private static final String NSID = "nsid";
  private static final String NQN = "nqn";

  private final Configurator configurator;

  public ResourceRoutes(Configurator configurator) {
    this.configurator = configurator;
  }

  public List<Route> routes() {
    return List.of(
        Route.get(SUBSYSTEMS, call -> list(call, "subsystems")),
        Route.get(SUBSYSTEM, call -> part(call, subsystem(call, Api.visible(call, running())))),
        Route.put(SUBSYSTEM, this::putSubsystem),
        Route.delete(SUBSYSTEM, this::deleteSubsystem),
        Route.put(SUBSYSTEM + "/latencyMode", this::putSubsystemMode),
        Route.put(ALLOWED, this::allow),
        Route.delete(ALLOWED, this::disallow),
        Route.get(NAMESPACES, this::namespaces),
        Route.get(NAMESPACE, this::namespace),
        Route.put(NAMESPACE, this::putNamespace),
        Route.delete(NAMESPACE, this::deleteNamespace),
        Route.put(NAMESPACE + "/latencyMode", this::putNamespaceMode),
        Route.get(Api.V1 + "/qos", call -> section(call, "qos")),
        Route.put(Api.V1 + "/qos", call -> putSection(call, "qos")),
        Route.get(Api.V1 + "/latencyIntent", call -> section(call, "latencyIntent")),
        Route.put(Api.V1 + "/latencyIntent", call -> putSection(call, "latencyIntent")));
  }

  private Running running() {
    return configurator.running();
  }

  private Reply part(Call call, ObjectNode body) {
    return Api.part(call, running(), body);
  }

  private Reply list(Call call, String key) {
    Running running = running();
    ObjectNode body = Json.object();
    body.set(key, Api.visible(call, running).withArray(key));
    return Api.part(call, running, body);
  }

  private static ObjectNode subsystem(Call call, ObjectNode config) throws Refused {
    String nqn = call.path(NQN);
    return Edits.need(config, "subsystems", is(NQN, nqn), "subsystem " + nqn);
  }

  private Reply putSubsystem(Call call) throws Refused {
    String nqn = call.path(NQN);
    JsonNode body = Edits.named(call.json(), NQN, nqn);
    return Api.change(
        configurator, call, config -> Edits.put(config, "subsystems", is(NQN, nqn), body));
  }

  private Reply deleteSubsystem(Call call) throws Refused {
    String nqn = call.path(NQN);
    return Api.change(
        configurator,
        call,
        config -> Edits.remove(config, "subsystems", is(NQN, nqn), "subsystem " + nqn));
  }

  private static JsonNode mode(Call call) throws Refused {
    JsonNode mode = call.json().get("mode");
    if (mode == null) {
      throw Refused.parameter("mode", "", "throughput, bounded, auto", "missing");
    }
    return mode;
  }

  private Reply putSubsystemMode(Call call) throws Refused {
    JsonNode mode = mode(call);
    return Api.change(configurator, call, config -> subsystem(call, config).set(MODE, mode));
  }

  private Reply putNamespaceMode(Call call) throws Refused {
    JsonNode mode = mode(call);
    boolean inherit = mode.asText().equals("inherit");
    return Api.change(
        configurator,
        call,
        config -> {
          ObjectNode namespace = namespace(call, config);
          if (inherit) {
            namespace.remove(MODE);
          } else {
            namespace.set(MODE, mode);
          }
        });
  }

  private Reply allow(Call call) throws Refused {
    String host = call.path("host");
    return Api.change(
        configurator,
        call,
        config -> {
          ArrayNode allowed = subsystem(call, config).withArray("allowedHosts");
          if (!contains(allowed, host)) {
            allowed.add(host);
          }
        });
  }

  private Reply disallow(Call call) throws Refused {
    String host = call.path("host");
    return Api.change(
        configurator,
        call,
        config -> {
          ObjectNode subsystem = subsystem(call, config);
          ArrayNode left = Json.array();
          ArrayNode before = subsystem.withArray("allowedHosts");
          for (JsonNode each : before) {
            if (!each.asText().equals(host)) {
              left.add(each);
            }
          }
          if (left.size() == before.size()) {
            throw Refused.unknown("subsystem " + call.path(NQN) + " does not name host " + host);
          }
          subsystem.set("allowedHosts", left);
        });
  }

  private static boolean contains(ArrayNode list, String text) {
    for (JsonNode each : list) {
      if (each.asText().equals(text)) {
        return true;
      }
    }
    return false;
  }

  private Reply namespaces(Call call) throws Refused {
    Running running = running();
    ObjectNode body = Json.object();
    body.set("namespaces", subsystem(call, running.tree()).withArray("namespaces"));
    return Api.part(call, running, body);
  }

  private Reply namespace(Call call) throws Refused {
    Running running = running();
    return Api.part(call, running, namespace(call, running.tree()));
  }

  private static ObjectNode namespace(Call call, ObjectNode config) throws Refused {
    String nsid = nsid(call);
    String what = "namespace " + nsid + " of subsystem " + call.path(NQN);
    return Edits.need(subsystem(call, config), "namespaces", is(NSID, nsid), what);
  }

  private static String nsid(Call call) throws Refused {
    int max = (int) NamespaceSpec.NSID.max();
    return "" + Api.number(call, NSID, (int) NamespaceSpec.NSID.min(), max);
  }

  private Reply putNamespace(Call call) throws Refused {
    String nsid = nsid(call);
    ObjectNode body = Edits.named(call.json(), NSID, nsid);
    return Api.change(
        configurator,
        call,
        config -> Edits.put(subsystem(call, config), "namespaces", is(NSID, nsid), body));
  }

  private Reply deleteNamespace(Call call) throws Refused {
    String nsid = nsid(call);
    String what = "namespace " + nsid + " of subsystem " + call.path(NQN);
    return Api.change(
        configurator,
        call,
        config -> Edits.remove(subsystem(call, config), "namespaces", is(NSID, nsid), what));
  }

  private Reply section(Call call, String key) {
    Running running = running();
    return Api.part(call, running, running.tree().withObjectProperty(key));
  }

  private Reply putSection(Call call, String key) throws Refused {
    JsonNode body = call.json();
    return Api.change(configurator, call, config -> config.set(key, body));
  }
}
