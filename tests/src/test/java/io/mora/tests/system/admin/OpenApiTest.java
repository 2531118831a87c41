package io.mora.tests.system.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.mora.target.admin.api.SystemRoutes;
import io.mora.target.admin.http.Route;
import io.mora.target.config.key.ConfigKey;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.api.ApiClient;
import io.mora.tests.kit.api.ApiClient.Answer;
import io.mora.tests.kit.api.ManagedTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document names every route and no other, and answers are as it says. */
class OpenApiTest {
  private static final String SUBSYSTEM = "api/v1/subsystems/" + Served.SUBSYSTEM;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static JsonNode document() throws IOException {
    return JSON.readTree(SystemRoutes.document());
  }

  @Test
  void namesEveryRouteWithItsRole() throws IOException {
    JsonNode document = document();
    Set<String> described = new TreeSet<>();
    Set<String> ids = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        String role = method.getValue().get("x-mora-role").asText();
        described.add(method.getKey() + " " + path.getKey() + " " + role);
        ids.add(method.getValue().get("operationId").asText());
      }
    }
    Set<String> routes = new TreeSet<>();
    try (ManagedTarget served = ManagedTarget.start(folder, ApiTest.spec())) {
      for (Route route : served.management().routes()) {
        String method = route.method().toLowerCase(Locale.ROOT);
        routes.add(method + " " + route.template() + " " + route.roleWord());
      }
    }
    assertThat(described).isEqualTo(routes);
    assertThat(ids).as("operation ids, each once").hasSameSizeAs(described);
  }

  @Test
  void itsConfigurationHasEveryKey() throws IOException {
    JsonNode document = document();
    for (ConfigKey key : ConfigKey.all()) {
      JsonNode schema = document.at("/components/schemas/Config");
      for (String part : key.pattern().split("\\.", -1)) {
        boolean entry = part.endsWith("[]");
        schema =
            schema.path("properties").path(entry ? part.substring(0, part.length() - 2) : part);
        schema = entry ? schema.path("items") : schema;
        if (schema.has("$ref")) {
          schema = document.at(schema.get("$ref").asText().substring(1));
        }
      }
      assertThat(schema.isMissingNode()).as(key.pattern()).isFalse();
    }
  }

  @Test
  void everyReferenceLeadsSomewhere() throws IOException {
    JsonNode document = document();
    for (JsonNode reference : document.findValues("$ref")) {
      assertThat(document.at(reference.asText().substring(1)).isMissingNode())
          .as(reference.asText())
          .isFalse();
    }
  }

  private static void check(String method, String template, Answer answer) throws IOException {
    JsonNode document = document();
    JsonNode operation = document.get("paths").get(template).get(method.toLowerCase(Locale.ROOT));
    JsonNode response = operation.at("/responses/" + answer.status());
    assertThat(response.isMissingNode()).as("%s %s: %s", method, template, answer).isFalse();
    if (response.has("$ref")) {
      response = document.at(response.get("$ref").asText().substring(1));
    }
    String type = answer.headers().getOrDefault("content-type", "");
    JsonNode schema = response.path("content").path(type).path("schema");
    assertThat(schema.isMissingNode()).as("%s %s: %s", method, template, type).isFalse();
    ObjectNode whole = JSON.createObjectNode();
    whole.setAll((ObjectNode) schema);
    whole.set("components", document.get("components"));
    JsonSchema validator =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
    assertThat(validator.validate(answer.json())).as("%s %s", method, template).isEmpty();
  }

  @Test
  void answersAreAsItSays() throws IOException {
    try (ManagedTarget served = ManagedTarget.start(folder, ApiTest.spec());
        InitiatorFixture host = InitiatorFixture.start()) {
      Waiting.get(host.namespace(served.address()).read(0, 1, ByteBuffer.allocateDirect(4096)));
      ApiClient api = served.client();
      int checked = 0;
      for (Route route : served.management().routes()) {
        if (route.method().equals("GET") && !route.template().contains("{")) {
          Answer answer = api.get(route.template().substring(1));
          if (answer.headers().getOrDefault("content-type", "").startsWith("application/")) {
            check("GET", route.template(), answer);
            checked++;
          }
        }
      }
      assertThat(checked).isGreaterThanOrEqualTo(20);
      check("GET", "/api/v1/classes", api.get("api/v1/classes?histograms&window=5"));
      check("GET", "/api/v1/subsystems/{nqn}", api.get(SUBSYSTEM));
      check("GET", "/api/v1/subsystems/{nqn}", api.get(SUBSYSTEM + "x"));
      check(
          "GET",
          "/api/v1/subsystems/{nqn}/namespaces/{nsid}",
          api.get(SUBSYSTEM + "/namespaces/2"));
      String path = "api/v1/hosts/nqn.2026-01.example:h";
      check("PUT", "/api/v1/hosts/{nqn}", api.put(path, "{\"weight\":3}"));
      check("PUT", "/api/v1/hosts/{nqn}", api.put(path, "{\"weight\":3,\"x\":1}"));
      check("PUT", "/api/v1/hosts/{nqn}", api.put(path, "{}", "\"old\""));
      check("PUT", "/api/v1/hosts/{nqn}", api.put(path, "{"));
      check("PUT", "/api/v1/config", api.put("api/v1/config", "{}"));
      String config = api.get("api/v1/config").body();
      Map<String, String> json = Map.of("Content-Type", "application/json");
      check(
          "POST",
          "/api/v1/config/validate",
          api.send("POST", "api/v1/config/validate", json, config));
      check("POST", "/api/v1/config/diff", api.send("POST", "api/v1/config/diff", json, config));
      check("GET", "/api/v1/config/history", api.get("api/v1/config/history"));
    }
  }
}
