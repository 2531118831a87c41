package io.mora.tests.system.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mora.cli.MoraCommand;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Each command against a running target. */
@Tag("loopback")
class CommandsTest {
  private static final long SIZE = 8L << 20;
  private static final String NQN = Served.SUBSYSTEM.value();

  private static final TargetFixture target =
      TargetFixture.start(Served.on(1).withMemory(SIZE, 4096));

  @TempDir Path folder;

  @AfterAll
  static void stop() {
    target.close();
  }

  /** What a command said and how it ended. */
  private record Ran(int exitCode, String out, String err) {
    JsonNode json() {
      try {
        return new ObjectMapper().readTree(out);
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + out + err, e);
      }
    }
  }

  private static Ran run(String line, String... more) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine mora =
        MoraCommand.create().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    List<String> args = new ArrayList<>(List.of(line.split(" ")));
    args.addAll(List.of("-a", "127.0.0.1", "-s", String.valueOf(target.port())));
    args.addAll(List.of(more));
    return new Ran(mora.execute(args.toArray(new String[0])), out.toString(), err.toString());
  }

  private static Ran good(String line, String... more) {
    Ran ran = run(line, more);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran;
  }

  @Test
  void discoverListsTheSubsystem() {
    assertThat(good("discover").out()).contains("nvme", NQN, "127.0.0.1:" + target.port());
    JsonNode records = good("discover -o json").json().path("records");
    assertThat(records.findValuesAsText("subnqn")).contains(NQN);
  }

  @Test
  void listShowsTheNamespaces() {
    assertThat(good("list", "-n", NQN).out()).contains(NQN, "8MiB", "2048", "4KiB");
    JsonNode found = good("list -o json").json().path("subsystems").path(0);
    assertThat(found.path("nqn").asText()).isEqualTo(NQN);
    assertThat(found.path("namespaces").path(0).path("sizeBytes").asLong()).isEqualTo(SIZE);
  }

  @Test
  void idCtrlPrintsTheFields() {
    assertThat(good("id-ctrl", "-n", NQN).out()).contains("subnqn    : " + NQN, "ver       : 0x");
    assertThat(good("id-ctrl -o json", "-n", NQN).json().path("cntrltype").asInt()).isEqualTo(1);
  }

  @Test
  void anUnknownSubsystemIsRefusedWithAHint() {
    Ran ran = run("id-ctrl", "-n", "nqn.2026-11.io.mora:other");
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("Connect Invalid Parameters", "Is --nqn right?");
  }

  @Test
  void whatWriteTakesReadGives() throws IOException {
    byte[] data = new byte[3 * 4096 + 17];
    new Random(20261121).nextBytes(data);
    String in = Files.write(folder.resolve("in"), data).toString();
    String out = folder.resolve("out").toString();
    Ran partial = run("write --offset 4KiB", "-n", NQN, "-f", in);
    assertThat(partial.exitCode()).isEqualTo(1);
    assertThat(partial.err()).contains("the last 17 bytes", "--pad");
    good("write --offset 4KiB --pad", "-n", NQN, "-f", in);
    good("read --offset 4KiB --length 16KiB", "-n", NQN, "-f", out);
    byte[] back = Files.readAllBytes(Path.of(out));
    assertThat(back).hasSize(16384).startsWith(data);
    assertThat(back[data.length]).isZero();
  }

  @Test
  void aMissingNamespaceIsNamed() {
    Ran ran = run("read --nsid 9", "-n", NQN, "-f", folder.resolve("x").toString());
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("--nsid=9", "has namespaces 1");
  }

  @Test
  void benchMeasuresAndVerifies() {
    JsonNode bench =
        good(
                "bench --read 50 --verify --fill --yes --depth 8 --duration 300ms -o json",
                "-n",
                NQN,
                "--warm-up=50ms",
                "--region=1MiB",
                "--connections=2",
                "--floor",
                "--seed=5")
            .json();
    assertThat(bench.path("iops").asDouble()).isPositive();
    assertThat(bench.path("reads").path("p99.9Ns").asLong()).isPositive();
    assertThat(bench.path("writes").path("count").asLong()).isPositive();
    assertThat(bench.path("verified").asLong()).isGreaterThanOrEqualTo(256);
    assertThat(bench.path("floors")).hasSize(2);
    assertThat(bench.path("workload").path("seed").asLong()).isEqualTo(5);
    long total = bench.path("stages").path("total").path("count").asLong();
    assertThat(bench.path("reads").path("count").asLong())
        .isEqualTo(total - bench.path("writes").path("count").asLong());
  }

  @Test
  void benchInAnOpenLoopStartsWhatIsDue() {
    JsonNode bench =
        good("bench --rate 500 --duration 400ms --warm-up 0s -o json", "-n", NQN).json();
    assertThat(bench.path("reads").path("count").asLong() + bench.path("missed").asLong())
        .isEqualTo(200);
  }

  @Test
  void benchPrintsATable() {
    String table = good("bench --duration 200ms --warm-up 50ms --depth 2", "-n", NQN).out();
    assertThat(table).contains("IOPS", "p99.9", "reads", "client", "total", "seed");
    assertThat(table.lines().skip(1)).allMatch(line -> line.length() <= 100, "100 columns");
  }

  @Test
  void benchComparesStreamsWithHintsAndWithout() {
    JsonNode bench =
        good(
                "bench --duration 150ms --warm-up 20ms --runs 2 --yes --double prefetch -o json",
                "-n",
                NQN,
                "--stream=critical:read:4k:qd1:step",
                "--stream=prefetch:read:16k:qd2:confidence=30",
                "--stream=bulk:write:64k:qd4:connections=2")
            .json();
    assertThat(bench.path("streams")).hasSize(3);
    JsonNode critical = bench.path("streams").path(0);
    for (String phase : new String[] {"alone", "stripped", "honoured", "doubled"}) {
      assertThat(critical.path(phase).path("p99Ns").path("median").asDouble()).isPositive();
      assertThat(critical.path(phase).path("iops").path("low").asDouble()).isPositive();
    }
    assertThat(bench.path("streams").path(2).has("alone")).isFalse();
    assertThat(bench.path("streams").path(2).path("connections").asInt()).isEqualTo(2);
    assertThat(critical.path("ratios").path("p99StrippedOverHonoured").asDouble()).isPositive();
    assertThat(critical.path("ratios").path("p99DoubledOverHonoured").asDouble()).isPositive();
  }

  @Test
  void benchPrintsStreamsAsATable() {
    String table =
        good("bench --intent critical-vs-bulk --duration 150ms --warm-up 20ms --yes", "-n", NQN)
            .out();
    assertThat(table).contains("critical", "bulk", "alone", "hints stripped", "hints honoured");
    assertThat(table).contains("queue", "device", "network", "better with its hints");
    assertThat(table.lines()).allMatch(line -> line.length() <= 100, "100 columns");
  }

  @Test
  void benchRefusesStreamsThatMakeNoSense() {
    assertThat(run("bench --intent nothing", "-n", NQN).err()).contains("critical-vs-bulk");
    assertThat(run("bench --stream critical:read", "-n", NQN).err()).contains("has 2 parts");
    assertThat(run("bench --intent critical-vs-bulk", "-n", NQN).err()).contains("--yes");
    assertThat(run("bench --stream critical:read:4k --double bulk", "-n", NQN).err())
        .contains("--double=bulk");
  }

  @Test
  void benchRefusesWhatDoesNotFitTheNamespace() {
    Ran ran = run("bench --block-size 1KiB", "-n", NQN);
    assertThat(ran.exitCode()).isEqualTo(64);
    assertThat(ran.err()).contains("--block-size=1024", "4096");
  }
}
