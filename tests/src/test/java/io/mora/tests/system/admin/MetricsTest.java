package io.mora.tests.system.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.mora.initiator.RemoteNamespace;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Repository;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus gets, and what is shipped to look at it. */
class MetricsTest {
  private static final Path MONITORING = Repository.root().resolve("docs/monitoring");
  private static final Pattern NAME = Pattern.compile("\\bmora_[a-z0-9_]+");

  private static final String COMMANDS = "mora_commands_total{class=\"normal\"}";

  @TempDir Path folder;

  private static String scrape(ApiClient api) {
    Answer answer = api.get("metrics");
    assertThat(answer.status()).isEqualTo(200);
    return answer.body();
  }

  /** The value of a series that begins so; -1 without one. */
  private static double value(String page, String series) {
    return page.lines()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(-1);
  }

  @Test
  void tellsWhatWasDoneAndKeepsItWhenTheHostIsGone() {
    try (ManagedTarget served = ManagedTarget.start(folder, ApiTest.spec())) {
      ApiClient api = served.client();
      String page = pageWithAHost(served);
      Waiting.until(
          "no controller is left",
          () -> api.get("api/v1/controllers").json().get("controllers").isEmpty());
      String later = scrape(api);
      List<String> ofHosts =
          page.lines().filter(line -> line.startsWith("mora_host_commands_total")).toList();
      assertThat(ofHosts).isNotEmpty();
      for (String line : ofHosts) {
        String series = line.substring(0, line.lastIndexOf(' '));
        assertThat(value(later, series)).as(series).isEqualTo(value(page, series));
      }
      assertThat(value(later, COMMANDS)).isGreaterThanOrEqualTo(value(page, COMMANDS));
    }
  }

  private static String pageWithAHost(ManagedTarget served) {
    try (InitiatorFixture host = InitiatorFixture.start()) {
      ApiClient api = served.client();
      RemoteNamespace namespace = host.namespace(served.address());
      int reads = 20;
      for (int i = 0; i < reads; i++) {
        Waiting.get(namespace.read(i, 1, ByteBuffer.allocateDirect(4096)));
      }
      Waiting.until("all are counted", () -> value(scrape(api), COMMANDS) >= reads);
      String page = scrape(api);
      assertThat(value(page, "mora_completion_seconds_count{class=\"normal\"}"))
          .isEqualTo(value(page, COMMANDS));
      assertThat(value(page, "mora_completion_seconds_bucket{class=\"normal\",le=\"+Inf\"}"))
          .isEqualTo(value(page, COMMANDS));
      assertThat(value(page, "mora_data_bytes_total{class=\"none\"}")).isEqualTo(reads * 4096.0);
      assertThat(value(page, "mora_connections")).isGreaterThanOrEqualTo(2);
      assertThat(value(page, "mora_ready")).isEqualTo(1);
      assertThat(page).contains("mora_latency_mode{mode=\"auto\",nsid=\"1\",subsystem=");
      assertThat(page).contains("jvm_memory_used_bytes", "jvm_gc_");
      // It agrees with the API, which reads the same.
      JsonNode normal = api.get("api/v1/classes").json().at("/classes/3");
      assertThat(normal.get("class").asText()).isEqualTo("normal");
      assertThat(normal.get("commands").asDouble()).isEqualTo(value(page, COMMANDS));
      return page;
    }
  }

  @Test
  void speaksTheFormatsThatAreAskedFor() {
    try (ManagedTarget served = ManagedTarget.start(folder, ApiTest.spec())) {
      Map<String, String> open = Map.of("Accept", "application/openmetrics-text; version=1.0.0");
      Answer text = served.client().send("GET", "metrics", open, "");
      assertThat(text.headers().get("content-type")).startsWith("application/openmetrics-text");
      assertThat(text.body()).endsWith("# EOF\n");
      Map<String, String> protobuf =
          Map.of(
              "Accept",
              "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
                  + " encoding=delimited");
      assertThat(served.client().send("GET", "metrics", protobuf, "").headers().get("content-type"))
          .startsWith("application/vnd.google.protobuf");
    }
  }

  @Test
  void whatIsShippedAsksForMetricsThatExist() throws IOException {
    try (ManagedTarget served = ManagedTarget.start(folder, ApiTest.spec());
        InitiatorFixture host = InitiatorFixture.start()) {
      Waiting.get(host.namespace(served.address()).read(0, 1, ByteBuffer.allocateDirect(4096)));
      ApiClient api = served.client();
      Waiting.until(
          "it is counted", () -> value(scrape(api), "mora_commands_total{class=\"normal\"}") > 0);
      Set<String> there = names(scrape(api));
      for (String file : new String[] {"mora-dashboard.json", "mora-alerts.yaml"}) {
        Set<String> asked = names(Files.readString(MONITORING.resolve(file)));
        assertThat(asked).as(file).isNotEmpty().isSubsetOf(there);
      }
    }
  }

  private static Set<String> names(String text) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = NAME.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group());
    }
    return names;
  }

  @Test
  @Tag("promtool")
  void promtoolFindsNoFault() throws IOException, InterruptedException {
    Path promtool = promtool();
    assumeTrue(promtool != null, "no promtool (Debian: prometheus)");
    Path rules = MONITORING.resolve("mora-alerts.yaml");
    run("", String.valueOf(promtool), "check", "rules", rules.toString());
    Path test = MONITORING.resolve("mora-alerts.test.yaml");
    run("", String.valueOf(promtool), "test", "rules", test.toString());
    try (ManagedTarget served = ManagedTarget.start(folder, ApiTest.spec())) {
      run(ours(scrape(served.client())), String.valueOf(promtool), "check", "metrics");
    }
  }

  /** Lint is for our names; those of the JVM are the client's. */
  private static String ours(String page) {
    StringBuilder lines = new StringBuilder();
    page.lines()
        .filter(line -> line.contains("mora_"))
        .forEach(line -> lines.append(line).append('\n'));
    return lines.toString();
  }

  private static @Nullable Path promtool() {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(":", -1)) {
      Path tool = Path.of(folder, "promtool");
      if (Files.isExecutable(tool)) {
        return tool;
      }
    }
    return null;
  }

  private static void run(String input, String... command)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", String.join(" ", command), said).isZero();
  }
}
