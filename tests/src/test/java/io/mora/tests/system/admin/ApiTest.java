package io.mora.tests.system.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.initiator.RemoteNamespace;
import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.api.ApiClient;
import io.mora.tests.kit.api.ApiClient.Answer;
import io.mora.tests.kit.api.ManagedTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API over its unix socket. */
class ApiTest {
  private static final Nqn HOST = new Nqn("nqn.2026-01.example:h");
  private static final String HOSTS = "api/v1/hosts/" + HOST;
  private static final String SUBSYSTEM = "api/v1/subsystems/" + Served.SUBSYSTEM;

  @TempDir Path folder;
  private ManagedTarget served;
  private ApiClient api;

  static TargetSpec spec() {
    return Served.on(2)
        .withMemory(4 << 20, 4096)
        .withMemory(4 << 20, 512)
        .listening(0)
        .withHosts(List.of(new HostSpec(HOST)));
  }

  @BeforeEach
  void start() {
    served = ManagedTarget.start(folder, spec());
    api = served.client();
  }

  @AfterEach
  void stop() {
    served.close();
    assertThat(folder.resolve("a.sock")).doesNotExist();
  }

  @Test
  void aChangeIsLiveWrittenAndTold() throws IOException {
    Answer answer = api.put(HOSTS, "{\"maxClass\":\"critical\",\"iops\":5000}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().at("/changes")).hasSize(2);
    assertThat(served.target().spec().hosts().get(0).grants().rate().iops()).isEqualTo(5000);
    assertThat(Files.readString(served.file())).contains("maxClass: critical");
    assertThat(api.get(HOSTS).json().get("iops").asInt()).isEqualTo(5000);
    assertThat(api.get(HOSTS).etag()).isEqualTo(answer.etag());
    JsonNode events = api.get("api/v1/events?kind=change").json().get("events");
    assertThat(events.get(events.size() - 1).get("message").asText()).contains("maxClass changed");
    // Once more is nothing.
    Answer again = api.put(HOSTS, "{\"maxClass\":\"critical\",\"iops\":5000}");
    assertThat(again.json().get("changes")).isEmpty();
    assertThat(again.etag()).isEqualTo(answer.etag());
  }

  @Test
  void whatIsWrongIsNamedAndNothingChanges() throws IOException {
    String before = Files.readString(served.file());
    TargetSpec spec = served.target().spec();
    Answer answer = api.put(HOSTS, "{\"maxClass\":\"criticl\",\"slots\":999,\"iopz\":1}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
    assertThat(answer.json().get("errors"))
        .extracting(error -> error.get("field").asText())
        .contains("hosts[0].maxClass", "hosts[0].iopz");
    assertThat(answer.json().get("errors"))
        .allSatisfy(error -> assertThat(error.get("allowed").asText()).isNotEmpty());
    ObjectNode config = (ObjectNode) api.get("api/v1/config").json();
    config.withObjectProperty("shards").put("count", 1);
    Answer notLive = api.put("api/v1/config", config.toString(), "*");
    assertThat(notLive.status()).as(notLive.body()).isEqualTo(409);
    assertThat(notLive.json().get("errors"))
        .extracting(error -> error.get("field").asText())
        .allMatch(field -> field.startsWith("shards"));
    assertThat(Files.readString(served.file())).isEqualTo(before);
    assertThat(served.target().spec()).isEqualTo(spec);
    assertThat(served.file().resolveSibling("target.yaml.next")).doesNotExist();
  }

  @Test
  void anEtagKeepsTwoWritersApart() {
    String etag = api.get("api/v1/config").etag();
    assertThat(api.put(HOSTS, "{\"weight\":1}", etag).status()).isEqualTo(200);
    Answer late = api.put(HOSTS, "{\"weight\":2}", etag);
    assertThat(late.status()).isEqualTo(412);
    assertThat(api.get(HOSTS).json().get("weight").asInt()).isEqualTo(1);
    assertThat(api.put("api/v1/config", "{}", null).status()).isEqualTo(428);
    Map<String, String> known = Map.of("If-None-Match", String.valueOf(api.get(HOSTS).etag()));
    assertThat(api.send("GET", HOSTS, known, "").status()).isEqualTo(304);
  }

  @Test
  void goesBackToAnEarlierVersion() {
    api.put(HOSTS, "{\"weight\":11}");
    api.put(HOSTS, "{\"weight\":12}");
    JsonNode versions = api.get("api/v1/config/history").json().get("versions");
    assertThat(versions).hasSize(3);
    assertThat(versions.get(0).get("current").asBoolean()).isTrue();
    long number = versions.get(1).get("version").asLong();
    assertThat(api.get("api/v1/config/history/" + number).body()).contains("weight: 11");
    String rollback = "api/v1/config/rollback/" + number;
    assertThat(api.send("POST", rollback, Map.of(), "").status()).isEqualTo(428);
    Answer back = api.send("POST", rollback, Map.of("If-Match", "*"), "");
    assertThat(back.status()).as(back.body()).isEqualTo(200);
    assertThat(api.get(HOSTS).json().get("weight").asInt()).isEqualTo(11);
    assertThat(api.get("api/v1/config/history/9999").status()).isEqualTo(404);
  }

  @Test
  void editsByHandAreNoticedAndTakenOver() throws IOException {
    String edited = Files.readString(served.file()).replace("weight: 100", "weight: 77");
    Files.writeString(served.file(), edited);
    assertThat(api.get("api/v1/health").json().get("configurationWritten").asBoolean()).isFalse();
    JsonNode diff = api.get("api/v1/config/diff").json().get("changes");
    assertThat(diff)
        .singleElement()
        .satisfies(
            each -> assertThat(each.get("path").asText()).isEqualTo("hosts[" + HOST + "].weight"));
    assertThat(api.put(HOSTS, "{\"weight\":5}").status()).isEqualTo(409);
    served.management().reload();
    assertThat(api.get(HOSTS).json().get("weight").asInt()).isEqualTo(77);
    assertThat(Files.readString(served.file())).isEqualTo(edited);
    Files.writeString(served.file(), "listeners: nonsense\n");
    served.management().reload();
    assertThat(api.get(HOSTS).json().get("weight").asInt()).isEqualTo(77);
    assertThat(api.put(HOSTS + "?discardEdits=true", "{\"weight\":5}").status()).isEqualTo(200);
    assertThat(api.get("api/v1/config/diff").json().get("changes")).isEmpty();
  }

  @Test
  void latencyModeChangesLive() {
    assertThat(api.put(SUBSYSTEM + "/latencyMode", "{\"mode\":\"bounded\"}").status())
        .isEqualTo(200);
    assertThat(
            api.put(SUBSYSTEM + "/namespaces/2/latencyMode", "{\"mode\":\"throughput\"}").status())
        .isEqualTo(200);
    assertThat(api.get("api/v1/modes").json().get("modes"))
        .extracting(mode -> mode.get("mode").asText())
        .containsExactly("bounded", "throughput");
    assertThat(api.put(SUBSYSTEM + "/namespaces/2/latencyMode", "{\"mode\":\"inherit\"}").status())
        .isEqualTo(200);
    assertThat(api.get("api/v1/modes").json().at("/modes/1/mode").asText()).isEqualTo("bounded");
    assertThat(api.put(SUBSYSTEM + "/latencyMode", "{\"mode\":\"inherit\"}").status())
        .isEqualTo(422);
  }

  @Test
  void connectedHostsAreToldAndDisconnected() {
    try (InitiatorFixture host = InitiatorFixture.start()) {
      RemoteNamespace namespace = host.namespace(served.address());
      Waiting.get(namespace.read(0, 1, ByteBuffer.allocateDirect(4096)));
      Waiting.until(
          "the read is counted",
          () -> api.get("api/v1/controllers").json().at("/controllers/0/io/reads").asLong() == 1);
      JsonNode controller = api.get("api/v1/controllers").json().at("/controllers/0");
      assertThat(controller.get("from").asText()).startsWith("127.0.0.1:");
      assertThat(controller.get("queues")).isNotEmpty();
      String path =
          "api/v1/controllers/" + Served.SUBSYSTEM + "/" + controller.get("cntlid").asInt();
      assertThat(api.get(path).json().get("host")).isEqualTo(controller.get("host"));
      assertThat(api.get("api/v1/connections").json().get("connections"))
          .hasSize(controller.get("queues").size() + 1);
      assertThat(api.delete(path).status()).isEqualTo(204);
      Waiting.until("it is gone", () -> api.get(path).status() == 404);
      assertThat(api.delete(path).status()).isEqualTo(404);
    }
  }

  @Test
  void whatCannotBeReadIsRefused() {
    assertThat(api.put(HOSTS, "{\"weight\":1,\"weight\":2}").status()).isEqualTo(400);
    assertThat(api.put(HOSTS, "[".repeat(5000)).status()).isEqualTo(400);
    assertThat(api.put(HOSTS, "{\"nqn\":\"nqn.2026-01.example:other\"}").status()).isEqualTo(400);
    assertThat(api.put(HOSTS, "7").status()).isEqualTo(400);
    assertThat(api.send("PUT", HOSTS, Map.of("Content-Type", "text/plain"), "{}").status())
        .isEqualTo(415);
    assertThat(api.send("PATCH", HOSTS, Map.of(), "").status()).isEqualTo(405);
    assertThat(api.get("api/v1/nothing").status()).isEqualTo(404);
    assertThat(api.get("api/v1/hosts/%zz").status()).isBetween(400, 404);
    assertThat(api.get("api/v1/events?limit=0").status()).isEqualTo(400);
    assertThat(api.get("api/v1/events?since=x").status()).isEqualTo(400);
    assertThat(api.get("api/v1/" + "x".repeat(8000)).status()).isEqualTo(414);
    assertThat(api.send("GET", HOSTS, Map.of("X", "y".repeat(40_000)), "").status()).isEqualTo(431);
    byte[] large =
        ("PUT /"
                + HOSTS
                + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                + (64 << 20)
                + "\r\n\r\n"
                + " ".repeat(20 << 20))
            .getBytes(StandardCharsets.US_ASCII);
    assertThat(api.raw(large).status()).isEqualTo(413);
    assertThat(api.get(HOSTS).status()).isEqualTo(200);
  }
}
