package io.mora.target.admin.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.protocol.admin.access.Role;
import io.mora.target.admin.change.Configurator;
import io.mora.target.admin.change.Difference;
import io.mora.target.admin.change.Running;
import io.mora.target.admin.http.Call;
import io.mora.target.admin.http.Json;
import io.mora.target.admin.http.Refused;
import io.mora.target.admin.http.Reply;
import io.mora.target.admin.http.Route;
import io.mora.target.config.ConfigException;
import io.mora.target.config.ConfigFile;
import io.mora.target.config.store.StoredVersion;
import java.io.IOException;
import java.util.List;

/** The configuration as a whole: read, replaced, checked, compared, taken back. */
public final class ConfigRoutes {
  private static final String CONFIG = Api.V1 + "/config";

  private final Configurator configurator;

  public ConfigRoutes(Configurator configurator) {
    this.configurator = configurator;
  }

  public List<Route> routes() {
    return List.of(
        Route.get(CONFIG, this::read),
        Route.put(CONFIG, this::replace),
        Route.post(CONFIG + "/validate", this::validate).forReaders(),
        Route.get(CONFIG + "/diff", this::diffWritten),
        Route.post(CONFIG + "/diff", this::diff).forReaders(),
        Route.get(CONFIG + "/history", this::history),
        new Route("GET", CONFIG + "/history/{version}", Role.ADMIN, this::version),
        Route.post(CONFIG + "/rollback/{version}", this::rollback),
        Route.post(CONFIG + "/reload", this::reload));
  }

  private Reply read(Call call) {
    Running running = configurator.running();
    String accept = call.header("Accept");
    if (accept != null && accept.contains("yaml") && call.who().role().covers(Role.ADMIN)) {
      return Reply.of(200, Reply.YAML, running.yaml()).with("ETag", running.etag());
    }
    return Api.part(call, running, Api.visible(call, running));
  }

  private ConfigFile wanted(Call call) throws Refused {
    return call.isOf(Reply.YAML)
        ? configurator.parse(call.text())
        : configurator.parse(call.json());
  }

  private Reply replace(Call call) throws Refused {
    String yaml = call.isOf(Reply.YAML) ? call.text() : Json.line(call.json());
    return Api.changed(configurator.replace(call.who(), Api.strictCondition(call), yaml));
  }

  private Reply validate(Call call) throws Refused {
    ConfigFile wanted = wanted(call);
    try {
      wanted.checkStorage();
    } catch (ConfigException e) {
      throw Refused.invalid(e.problems());
    }
    return Reply.json(Json.object().put("valid", true));
  }

  private Reply diff(Call call) throws Refused {
    ConfigFile wanted = wanted(call);
    return differences(configurator.tree(wanted), call);
  }

  /** What runs against what is written. */
  private Reply diffWritten(Call call) throws Refused {
    try {
      ConfigFile written = configurator.parse(configurator.store().read().text());
      return differences(configurator.tree(written), call);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private Reply differences(JsonNode wanted, Call call) {
    Running running = configurator.running();
    List<Difference> differences =
        call.who().role().covers(Role.ADMIN)
            ? Difference.between(running.tree(), wanted)
            : Difference.between(Secrets.removed(running.tree()), Secrets.removed(wanted)).stream()
                .filter(each -> !each.path().startsWith("admin"))
                .toList();
    ObjectNode body = Json.object();
    body.put("etag", running.etag());
    body.set("changes", Api.differences(differences));
    return Reply.json(body);
  }

  private Reply history(Call call) throws Refused {
    ArrayNode versions = Json.array();
    try {
      version(versions.addObject(), configurator.store().current()).put("current", true);
      for (StoredVersion each : configurator.store().versions()) {
        version(versions.addObject(), each).put("current", false);
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    ObjectNode body = Json.object();
    body.set("versions", versions);
    return Reply.json(body);
  }

  private static ObjectNode version(ObjectNode item, StoredVersion version) {
    item.put("version", version.number());
    item.put("at", version.at());
    item.put("by", version.by());
    item.put("change", version.change());
    return item;
  }

  private StoredVersion stored(Call call) throws Refused {
    int number = Api.number(call, "version", 0, Integer.MAX_VALUE);
    try {
      StoredVersion current = configurator.store().current();
      StoredVersion found =
          current.number() == number ? current : configurator.store().version(number);
      if (found == null) {
        throw Refused.unknown(
            "version " + number + " is not kept; GET " + CONFIG + "/history has those that are");
      }
      return found;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private Reply version(Call call) throws Refused {
    return Reply.of(200, Reply.YAML, stored(call).text());
  }

  private Reply rollback(Call call) throws Refused {
    String yaml = stored(call).text();
    return Api.changed(configurator.replace(call.who(), Api.strictCondition(call), yaml));
  }

  private Reply reload(Call call) throws Refused {
    return Api.changed(configurator.reload(call.who()));
  }

  private static Refused unreadable(IOException e) {
    return Refused.of(
        500, "unreadable", "The configuration file cannot be read", String.valueOf(e.getMessage()));
  }
}
