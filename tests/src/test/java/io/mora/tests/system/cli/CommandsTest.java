package io.mora.tests.system.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mora.cli.MoraCommand;
import io.mora.protocol.net.TransportKind;
import io.mora.tests.kit.Scratch;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
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
  void benchReportsWhatWasDoneAndNotWhatWasMeant() {
    // A million a second at depth 1 would be a microsecond for each exchange over a socket.
    String load = "bench --rate 1000000 --depth 1 --duration 40ms --warm-up 0s";
    JsonNode bench = good(load + " -o json", "-n", NQN).json();
    assertThat(bench.path("meantIops").asDouble()).isEqualTo(1e6);
    assertThat(bench.path("iops").asDouble()).isBetween(1.0, 0.5e6);
    assertThat(bench.path("bytesPerSecond").asDouble())
        .isEqualTo(bench.path("iops").asDouble() * 4096);
    assertThat(bench.path("rateReached").asBoolean()).isFalse();
    assertThat(bench.path("reads").path("count").asLong() + bench.path("missed").asLong())
        .as("all that was due is in the percentiles, however late")
        .isEqualTo(40_000);
    assertThat(good(load, "-n", NQN).out())
        .contains("1 M IOPS meant", "The rate was not reached", "IOPS were done of 1 M meant");
  }

  @Test
  void benchPacesOnTheCpuOfItsThreads() throws Exception {
    int cpu = lastAllowedCpu();
    AtomicReference<String> pinnedTo = new AtomicReference<>("no pacer was seen");
    Thread watching =
        new Thread(
            () -> {
              while (!Thread.interrupted()) {
                allowedOf("pacer").ifPresent(pinnedTo::set);
                Thread.onSpinWait();
              }
            });
    watching.start();
    good("bench --rate 100 --duration 500ms --warm-up 0s", "-n", NQN, "--cpus=" + cpu);
    watching.interrupt();
    watching.join();
    assertThat(pinnedTo.get()).isEqualTo(String.valueOf(cpu));
  }

  private static int lastAllowedCpu() {
    String all = allowed(Path.of("/proc/self/status")).orElseThrow();
    assumeTrue(all.matches(".*[-,].*"), "one CPU: pinned or not is the same");
    return Integer.parseInt(all.replaceAll(".*[-,]", ""));
  }

  /** The CPUs that a thread of this process may run on, by the thread's name. */
  private static Optional<String> allowedOf(String thread) {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks
          .filter(task -> line(task.resolve("comm"), "").filter(thread::equals).isPresent())
          .flatMap(task -> allowed(task.resolve("status")).stream())
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> allowed(Path status) {
    return line(status, "Cpus_allowed_list:");
  }

  /** What follows the start of a line; nothing where the thread has ended. */
  private static Optional<String> line(Path file, String start) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .findFirst();
    } catch (IOException | UncheckedIOException gone) {
      return Optional.empty();
    }
  }

  @Test
  void benchReadsAFileBareBesideTheLoad() throws IOException {
    assumeTrue(TransportKind.IO_URING.available(), TransportKind.IO_URING::unavailableReason);
    try (Scratch scratch = new Scratch()) {
      Path file = Files.write(scratch.file("floor.img"), new byte[(int) SIZE]);
      String load = "bench --duration 100ms --warm-up 10ms --depth 4";
      JsonNode bench = good(load + " -o json", "-n", NQN, "--file-floor=" + file).json();
      assertThat(bench.path("fileFloors")).hasSize(2);
      for (JsonNode floor : bench.path("fileFloors")) {
        assertThat(floor.path("readsPerSecond").asDouble()).isPositive();
        assertThat(floor.path("latency").path("p50Ns").asLong()).isPositive();
      }
      assertThat(bench.path("floors")).isEmpty();
      String table = good(load, "-n", NQN, "--file-floor=" + file, "--floor").out();
      assertThat(table).contains("file floor, sleeping", "file floor, spinning", "floor, spinning");
    }
  }

  @Test
  void benchRefusesAFileThatIsNoMeasure() throws IOException {
    String load = "bench --duration 100ms --warm-up 10ms";
    Ran none = run(load, "-n", NQN, "--file-floor=" + folder.resolve("none"));
    assertThat(none.exitCode()).isEqualTo(74);
    assertThat(none.err()).contains("--file-floor", "no such file");
    Path small = Files.write(folder.resolve("small"), new byte[4096]);
    Ran short1 = run(load, "-n", NQN, "--file-floor=" + small);
    assertThat(short1.exitCode()).isEqualTo(74);
    assertThat(short1.err()).contains("4096 bytes, the load's region ends at 8388608");
    Ran writes = run(load + " --read 50 --yes", "-n", NQN, "--file-floor=" + small);
    assertThat(writes.exitCode()).isEqualTo(64);
    assertThat(writes.err()).contains("it only reads");
    assertThat(Files.size(small)).isEqualTo(4096);
  }

  @Test
  void benchWaitsOnThreadsWithAQueueOfTheirOwnOrOnLoops() {
    for (String how : List.of("own", "loop")) {
      JsonNode bench =
          good(
                  "bench --sync="
                      + how
                      + " --depth 1 --read 50 --verify --fill --yes -i 2"
                      + " --duration 300ms --warm-up 50ms -o json",
                  "-n",
                  NQN)
              .json();
      assertThat(bench.path("workload").path("sync").asText()).isEqualTo(how);
      assertThat(bench.path("reads").path("count").asLong()).isPositive();
      assertThat(bench.path("writes").path("count").asLong()).isPositive();
      assertThat(bench.path("verified").asLong()).isGreaterThanOrEqualTo(256);
    }
    assertThat(run("bench --sync=own --depth 2", "-n", NQN).exitCode()).isEqualTo(64);
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
