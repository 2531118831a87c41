package io.mora.target.admin.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.target.MoraTarget;
import io.mora.target.admin.change.Configurator;
import io.mora.target.admin.http.Call;
import io.mora.target.admin.http.Json;
import io.mora.target.admin.http.Reply;
import io.mora.target.admin.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** What runs here, whether it does, and what the API is. */
public final class SystemRoutes {
  /** The document, beside this class. */
  private static final String OPENAPI = "/io/mora/target/admin/openapi.json";

  /** Of the daemon. */
  static final String VERSION = "0.1.0";

  private final MoraTarget target;
  private final Configurator configurator;
  private final BooleanSupplier stopping;
  private final long startedMs = System.currentTimeMillis();

  /**
   * @param stopping the daemon was told to end
   */
  public SystemRoutes(MoraTarget target, Configurator configurator, BooleanSupplier stopping) {
    this.target = target;
    this.configurator = configurator;
    this.stopping = stopping;
  }

  public List<Route> routes() {
    return List.of(
        Route.get(Api.V1 + "/openapi.json", this::openApi),
        Route.get(Api.V1 + "/version", this::version),
        Route.get(Api.V1 + "/health", this::health),
        Route.get(Api.V1 + "/health/live", this::live),
        Route.get(Api.V1 + "/health/ready", this::health));
  }

  private Reply openApi(Call call) {
    return Reply.of(200, Reply.JSON, document());
  }

  /** The OpenAPI document. */
  public static byte[] document() {
    try (InputStream in =
        Objects.requireNonNull(SystemRoutes.class.getResourceAsStream(OPENAPI), OPENAPI)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Reply version(Call call) {
    ObjectNode body = Json.object();
    body.put("name", "Mora");
    body.put("version", VERSION);
    body.put("api", "v1");
    body.put("java", Runtime.version().toString());
    body.put("pid", ProcessHandle.current().pid());
    body.put("transport", target.transport().configName());
    body.put("shards", target.ioQueues().length);
    body.put("started", Times.iso(startedMs));
    return Reply.json(body);
  }

  private Reply live(Call call) {
    return Reply.json(Json.object().put("live", true));
  }

  private Reply health(Call call) {
    boolean ready = !stopping.getAsBoolean();
    ObjectNode body = Json.object();
    body.put("live", true);
    body.put("ready", ready);
    body.put("connections", target.connections());
    body.put("configurationWritten", isWritten());
    return Reply.json(body).status(ready ? 200 : 503);
  }

  /** What runs is what is in the file. */
  private boolean isWritten() {
    try {
      return !configurator.store().isEdited();
    } catch (IOException e) {
      return false;
    }
  }
}
