package io.mora.tests.system.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mora bench --workload}: what it does and counts; how quick it is, no test says. */
@Tag("loopback")
class WorkloadTest {
  private static final String NQN = Served.SUBSYSTEM.value();

  private static final TargetFixture target =
      TargetFixture.start(Served.on(1).withMemory(64L << 20, 4096));

  @AfterAll
  static void stop() {
    target.close();
  }

  private static MoraRun run(String options, String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.addAll(List.of("-a", "127.0.0.1", "-s", String.valueOf(target.port()), "-n", NQN));
    return MoraRun.of("bench " + options, all.toArray(new String[0]));
  }

  private static MoraRun good(String options) {
    MoraRun ran = run(options, "--yes", "--warm-up=100ms", "--seed=5");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran;
  }

  private static void allEnded(JsonNode counts) {
    long ended =
        counts.path("done").asLong()
            + counts.path("refused").asLong()
            + counts.path("turnedAway").asLong();
    assertThat(counts.path("offered").asLong()).isPositive().isEqualTo(ended);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kv-cache", "rag", "model-load", "checkpoint"})
  void everyWorkloadRunsWithHintsAndWithout(String kind) {
    JsonNode json =
        good("--workload " + kind + " --requests=20 --layers=2 --duration=1s -o json").json();
    assertThat(json.path("workload").asText()).isEqualTo(kind);
    for (String phase : new String[] {"stripped", "honoured"}) {
      JsonNode part = json.path(phase).path("parts").path(0);
      JsonNode counts = part.path("counts");
      allEnded(counts);
      assertThat(counts.path("done")).isEqualTo(counts.path("offered"));
      assertThat(part.path("p99Ns").path("median").asLong()).isPositive();
      assertThat(counts.path("bytes").asLong()).isPositive();
      boolean ahead = kind.equals("kv-cache") || kind.equals("model-load");
      assertThat(counts.path("prefetches").asLong() > 0).as("reads ahead").isEqualTo(ahead);
    }
    // The same requests: what differs is what the target is told.
    assertThat(json.at("/stripped/parts/0/counts/offered"))
        .isEqualTo(json.at("/honoured/parts/0/counts/offered"));
    boolean beside = kind.equals("kv-cache") || kind.equals("rag");
    assertThat(json.at("/honoured/checkpointBytesPerSecond/median").asDouble() > 0)
        .isEqualTo(beside);
  }

  @Test
  void readsAheadAreCountedAndDemandIsWhatIsLeft() {
    JsonNode counts =
        good("--workload kv-cache --requests=20 --duration=1s --hints honoured -o json")
            .json()
            .at("/honoured/parts/0/counts");
    long done = counts.path("done").asLong();
    // Layer 0 has two pages and nothing ahead of it; seven layers have three pages each.
    assertThat(counts.path("prefetches").asLong()).isEqualTo(done * 7 * 3);
    assertThat(counts.path("demands").asLong())
        .isEqualTo(done * 2 + counts.path("prefetchesExpired").asLong());
    assertThat(counts.path("stalls").asLong()).isLessThanOrEqualTo(done * 7);
  }

  @Test
  void aSpikeIsToldPhaseByPhase() {
    MoraRun ran = good("--workload rag --spike 20:300:20 --duration=1s --hints honoured -o json");
    JsonNode parts = ran.json().at("/honoured/parts");
    assertThat(parts).hasSize(3);
    parts.forEach(part -> allEnded(part.path("counts")));
    assertThat(parts.at("/1/counts/offered").asLong())
        .isGreaterThan(5 * parts.at("/0/counts/offered").asLong());
    assertThat(ran.json().at("/honoured/normalAfterNs").has("median")).isTrue();
  }

  @Test
  void theTableFitsAndComparesBoth() {
    MoraRun ran = good("--workload kv-cache --requests=10 --duration=500ms --runs=2");
    assertThat(ran.out().lines()).allMatch(line -> line.length() <= 100, ran.out());
    assertThat(ran.out())
        .contains("first token", "hints stripped", "hints honoured", "checkpoint beside it")
        .contains("p99 with hints stripped is");
  }

  @Test
  void whatCannotBeIsRefusedByName() {
    assertThat(run("--workload chat").err()).contains("--workload=chat", "kv-cache", "rag");
    assertThat(run("--workload rag").err()).contains("--yes", "--beside=0");
    assertThat(run("--workload rag --spike 10", "--yes").err()).contains("--spike=10");
    assertThat(run("--workload rag --spike 10:x", "--yes").err()).contains("10:x");
    assertThat(run("--workload rag --pages 3KiB", "--yes").err()).contains("--pages=3KiB");
    assertThat(run("--workload rag --pages 1KiB", "--yes").err()).contains("--pages", "4096");
    assertThat(run("--workload rag --rate 5", "--yes").err()).contains("--workload", "--rate");
    assertThat(run("--workload rag --in-flight 0", "--yes").err()).contains("--in-flight=0");
    assertThat(run("--workload rag --beside 4x8", "--yes").err()).contains("--beside=4x8");
  }
}
