package io.mora.target.admin.api;

import static io.mora.target.admin.change.Edits.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.target.MoraTarget;
import io.mora.target.admin.change.Configurator;
import io.mora.target.admin.change.Edits;
import io.mora.target.admin.change.Running;
import io.mora.target.admin.http.Call;
import io.mora.target.admin.http.Json;
import io.mora.target.admin.http.Refused;
import io.mora.target.admin.http.Reply;
import io.mora.target.admin.http.Route;
import java.net.InetSocketAddress;
import java.util.List;

/** Where hosts come in, and the hosts that may. */
public final class PlaceRoutes {
  private static final String LISTENERS = Api.V1 + "/listeners";
  private static final String LISTENER = LISTENERS + "/{address}";
  private static final String HOSTS = Api.V1 + "/hosts";
  private static final String HOST = HOSTS + "/{nqn}";
  private static final String NQN = "nqn";

  private final Configurator configurator;
  private final MoraTarget target;

  public PlaceRoutes(Configurator configurator, MoraTarget target) {
    this.configurator = configurator;
    this.target = target;
  }

  public List<Route> routes() {
    return List.of(
        Route.get(LISTENERS, this::listeners),
        Route.get(LISTENER, this::listener),
        Route.put(LISTENER, this::putListener),
        Route.delete(LISTENER, this::deleteListener),
        Route.get(HOSTS, this::hosts),
        Route.get(HOST, this::host),
        Route.put(HOST, this::putHost),
        Route.delete(HOST, this::deleteHost));
  }

  /** As configured, with where each is bound: a port 0 became another. */
  private Reply listeners(Call call) {
    Running running = configurator.running();
    ArrayNode listeners = running.tree().withArray("listeners");
    List<MoraTarget.BoundListener> bound =
        target.listeners().stream().filter(each -> !each.discoveryOnly()).toList();
    for (int i = 0; i < listeners.size() && bound.size() == listeners.size(); i++) {
      InetSocketAddress at = bound.get(i).address();
      String address =
          Edits.address(at.getAddress().getHostAddress(), String.valueOf(at.getPort()));
      ((ObjectNode) listeners.get(i)).put("bound", address);
    }
    ObjectNode body = Json.object();
    body.set("listeners", listeners);
    return Api.part(call, running, body);
  }

  private Reply listener(Call call) throws Refused {
    Running running = configurator.running();
    String address = call.path("address");
    return Api.part(
        call,
        running,
        Edits.need(running.tree(), "listeners", Edits.listensAt(address), "listener " + address));
  }

  private Reply putListener(Call call) throws Refused {
    String address = call.path("address");
    int colon = address.lastIndexOf(':');
    if (colon < 1) {
      throw Refused.parameter("address", address, "IPv4:port, [IPv6]:port", "no port");
    }
    String host = address.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    ObjectNode body =
        Edits.named(
            call.json(), "address", bracketed ? host.substring(1, host.length() - 1) : host);
    JsonNode complete = Edits.named(body, "port", address.substring(colon + 1));
    return Api.change(
        configurator,
        call,
        config -> Edits.put(config, "listeners", Edits.listensAt(address), complete));
  }

  private Reply deleteListener(Call call) throws Refused {
    String address = call.path("address");
    return Api.change(
        configurator,
        call,
        config ->
            Edits.remove(config, "listeners", Edits.listensAt(address), "listener " + address));
  }

  private Reply hosts(Call call) {
    Running running = configurator.running();
    ObjectNode body = Json.object();
    body.set("hosts", Api.visible(call, running).withArray("hosts"));
    return Api.part(call, running, body);
  }

  private Reply host(Call call) throws Refused {
    Running running = configurator.running();
    String nqn = call.path(NQN);
    ObjectNode tree = Api.visible(call, running);
    return Api.part(call, running, Edits.need(tree, "hosts", is(NQN, nqn), "host " + nqn));
  }

  private Reply putHost(Call call) throws Refused {
    String nqn = call.path(NQN);
    ObjectNode body = Edits.named(call.json(), NQN, nqn);
    return Api.change(configurator, call, config -> Edits.put(config, "hosts", is(NQN, nqn), body));
  }

  private Reply deleteHost(Call call) throws Refused {
    String nqn = call.path(NQN);
    return Api.change(
        configurator, call, config -> Edits.remove(config, "hosts", is(NQN, nqn), "host " + nqn));
  }
}
