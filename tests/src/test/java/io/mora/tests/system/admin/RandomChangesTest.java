package io.mora.tests.system.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.config.ConfigException;
import io.mora.target.config.ConfigFile;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.api.ApiClient;
import io.mora.tests.kit.api.ApiClient.Answer;
import io.mora.tests.kit.api.ManagedTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changes at random: after each, what runs is what is written and what was asked for, or before.
 */
class RandomChangesTest {
  private static final int CHANGES = 300;
  private static final String SUBSYSTEM = "api/v1/subsystems/" + Served.SUBSYSTEM;
  private static final String[] CLASSES = {
    "background", "bulk", "prefetch", "normal", "interactive", "low_latency", "critical"
  };

  @TempDir Path folder;

  private static TargetSpec spec() {
    List<HostSpec> hosts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      hosts.add(new HostSpec(new Nqn("nqn.2026-01.example:h" + i)));
    }
    return Served.on(1)
        .withMemory(4 << 20, 4096)
        .withMemory(4 << 20, 4096)
        .listening(0)
        .withHosts(hosts);
  }

  private static String host(Random random) {
    return "api/v1/hosts/nqn.2026-01.example:h" + random.nextInt(4);
  }

  private static Answer valid(ApiClient api, Random random) {
    String[] modes = {"throughput", "bounded", "auto"};
    String other = "api/v1/subsystems/nqn.2026-01.example:s" + random.nextInt(3);
    String namespace = SUBSYSTEM + "/namespaces/" + (3 + random.nextInt(3));
    String disk = "{\"backend\":{\"kind\":\"memory\",\"size\":\"1MiB\"}}";
    return switch (random.nextInt(9)) {
      case 3 -> api.put(other, "{\"allowAnyHost\":" + random.nextBoolean() + ",\"namespaces\":[]}");
      case 4 -> api.delete(other);
      case 5 -> api.put(namespace, disk);
      case 6 -> api.delete(namespace);
      case 7 -> api.put(other + "/namespaces/1", disk);
      case 0 ->
          api.put(SUBSYSTEM + "/latencyMode", "{\"mode\":\"" + modes[random.nextInt(3)] + "\"}");
      case 1 ->
          api.put(
              SUBSYSTEM + "/namespaces/" + (1 + random.nextInt(2)) + "/latencyMode",
              "{\"mode\":\"" + modes[random.nextInt(3)] + "\"}");
      case 2 ->
          api.put(
              "api/v1/hosts/nqn.2026-01.example:new" + random.nextInt(3),
              "{\"slots\":" + random.nextInt(256) + "}");
      default ->
          api.put(
              host(random),
              "{\"maxClass\":\""
                  + CLASSES[random.nextInt(CLASSES.length)]
                  + "\",\"weight\":"
                  + (1 + random.nextInt(1000))
                  + ",\"iops\":"
                  + random.nextInt(100_000)
                  + ",\"step\":"
                  + random.nextBoolean()
                  + ",\"minBudget\":{\"critical\":\""
                  + random.nextInt(1000)
                  + "us\"}}");
    };
  }

  /** A change that is wrong, and a part of the path of the field that is. */
  private record Wrong(String path, String body, String field) {}

  private static Wrong wrong(Random random) {
    String host = host(random);
    int index = host.charAt(host.length() - 1) - '0';
    String at = "hosts[" + index + "].";
    int far = 1_000_000_000 + random.nextInt(1_000_000_000);
    return switch (random.nextInt(11)) {
      case 9 ->
          new Wrong(
              SUBSYSTEM + "/namespaces/" + (10 + random.nextInt(90)),
              "{\"backend\":{\"kind\":\"file\",\"path\":\"/no/such/folder/"
                  + far
                  + "\",\"size\":\"1MiB\"}}",
              "].backend.path");
      case 0 -> new Wrong(host, "{\"weight\":" + far + "}", at + "weight");
      case 1 -> new Wrong(host, "{\"slots\":-" + far + "}", at + "slots");
      case 2 -> new Wrong(host, "{\"maxClass\":\"c" + far + "\"}", at + "maxClass");
      case 3 -> new Wrong(host, "{\"k" + far + "\":1}", at + "k" + far);
      case 4 -> new Wrong(host, "{\"step\":\"perhaps\"}", at + "step");
      case 5 ->
          new Wrong(
              host, "{\"minBudget\":{\"critical\":\"" + far + "s\"}}", at + "minBudget.critical");
      case 6 ->
          new Wrong(
              SUBSYSTEM + "/namespaces/" + (10 + random.nextInt(90)),
              "{\"backend\":{\"kind\":\"tape\"}}",
              "].backend.kind");
      case 7 ->
          new Wrong(
              SUBSYSTEM + "/allowedHosts/nqn.2026-01.example:x" + far,
              "",
              "subsystems[0].allowedHosts[");
      case 8 -> new Wrong("api/v1/qos", "{\"minimumPercent\":" + far + "}", "qos.minimumPercent");
      default ->
          new Wrong(
              SUBSYSTEM + "/latencyMode",
              "{\"mode\":\"m" + far + "\"}",
              "subsystems[0].latencyMode");
    };
  }

  private static void agree(ManagedTarget served) throws IOException, ConfigException {
    assertThat(ConfigFile.read(served.file()).spec()).isEqualTo(served.target().spec());
  }

  @Test
  void validOnesAreMadeAndInvalidOnesChangeNothing() throws IOException, ConfigException {
    long seed = System.nanoTime();
    System.out.println("RandomChangesTest seed " + seed);
    Random random = new Random(seed);
    try (ManagedTarget served = ManagedTarget.start(folder, spec())) {
      ApiClient api = served.client();
      int made = 0;
      for (int i = 0; i < CHANGES; i++) {
        Answer done = valid(api, random);
        // What is not there cannot be removed, and is no namespace's subsystem.
        assertThat(done.status()).as("seed %s, change %s: %s", seed, i, done).isIn(200, 404);
        made += done.status() == 200 ? 1 : 0;
        String etag = String.valueOf(api.get("api/v1/config").etag());
        agree(served);
        String before = Files.readString(served.file());
        TargetSpec spec = served.target().spec();
        Wrong wrong = wrong(random);
        Answer refused = api.put(wrong.path, wrong.body);
        assertThat(refused.status()).as("seed %s: %s %s", seed, wrong, refused).isEqualTo(422);
        assertThat(refused.json().get("errors"))
            .as("seed %s: %s %s", seed, wrong, refused)
            .extracting(error -> error.get("field").asText())
            .anyMatch(field -> field.contains(wrong.field));
        assertThat(Files.readString(served.file())).isEqualTo(before);
        assertThat(served.target().spec()).isSameAs(spec);
        assertThat(String.valueOf(api.get("api/v1/config").etag())).isEqualTo(etag);
      }
      assertThat(made).isGreaterThan(CHANGES / 2);
      JsonNode versions = api.get("api/v1/config/history").json().get("versions");
      assertThat(versions.size()).isBetween(2, 33);
    }
  }

  @Test
  void ofWritersWithOneEtagOneWins() throws Exception {
    int writers = 4;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try (ManagedTarget served = ManagedTarget.start(folder, spec())) {
      for (int round = 0; round < 20; round++) {
        String etag = served.client().get("api/v1/config").etag();
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
          String body = "{\"weight\":" + (1 + round * writers + i) + "}";
          answers.add(
              threads.submit(
                  () -> {
                    go.await();
                    return served.client().put("api/v1/hosts/nqn.2026-01.example:h0", body, etag);
                  }));
        }
        go.countDown();
        assertThat(statuses(answers)).containsExactlyInAnyOrder(200, 412, 412, 412);
        agree(served);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Integer> statuses(List<Future<Answer>> answers)
      throws InterruptedException, ExecutionException {
    List<Integer> statuses = new ArrayList<>();
    for (Future<Answer> each : answers) {
      statuses.add(each.get().status());
    }
    return statuses;
  }
}
