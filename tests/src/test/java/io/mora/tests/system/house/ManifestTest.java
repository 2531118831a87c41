package io.mora.tests.system.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.mora.tests.kit.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The Kubernetes example by the models of Kubernetes' own Java client, which are made of its
 * OpenAPI document: each field is one of the API's, of its type, and what is required is there.
 */
@Tag("house")
class ManifestTest {
  private static final Path MANIFEST =
      Repository.root().resolve("appliance-image/oci/examples/kubernetes.yaml");
  private static final YAMLMapper YAML = new YAMLMapper();

  @Test
  void everyDocumentIsOneOfTheApis() throws IOException {
    List<String> kinds = new ArrayList<>();
    for (JsonNode document : documents()) {
      validate(document);
      kinds.add(document.path("apiVersion").asText() + " " + document.path("kind").asText());
    }
    assertThat(kinds).containsExactly("v1 ConfigMap", "v1 Service", "apps/v1 StatefulSet");
  }

  @Test
  void aFieldThatTheApiDoesNotHaveIsFound() throws IOException {
    JsonNode set = documents().get(2);
    ObjectNode container =
        (ObjectNode) set.path("spec").path("template").path("spec").path("containers").path(0);
    container.put("readinesProbe", "misspelt");
    assertThatThrownBy(() -> validate(set)).hasMessageContaining("readinesProbe");
  }

  private static List<JsonNode> documents() throws IOException {
    return YAML.readerFor(JsonNode.class).<JsonNode>readValues(MANIFEST.toFile()).readAll();
  }

  private static void validate(JsonNode document) throws IOException {
    JsonElement json = JsonParser.parseString(document.toString());
    switch (document.path("kind").asText()) {
      case "ConfigMap" -> V1ConfigMap.validateJsonElement(json);
      case "Service" -> V1Service.validateJsonElement(json);
      case "StatefulSet" -> V1StatefulSet.validateJsonElement(json);
      default -> throw new AssertionError(document.path("kind") + " is not looked at");
    }
  }
}
