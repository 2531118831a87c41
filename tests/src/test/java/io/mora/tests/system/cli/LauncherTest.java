package io.mora.tests.system.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mora.tests.kit.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution's launchers, as a shell sees them. */
class LauncherTest {
  private static final long LIMIT_S = 120;

  @TempDir Path folder;

  /** What a process said and how it ended. */
  private record Ran(int exitCode, String out, String err) {}

  private static Path bin(String name) throws IOException {
    try (Stream<Path> built = Files.list(Repository.root().resolve("appliance-image/build"))) {
      return built
          .map(image -> image.resolve("bin").resolve(name))
          .filter(Files::isExecutable)
          .findFirst()
          .orElseThrow();
    }
  }

  private ProcessBuilder builder(List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(Files.createTempFile(folder, "out", "").toFile())
            .redirectError(Files.createTempFile(folder, "err", "").toFile());
    builder.environment().put("MORA_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("MORA_COMMAND", "./mora");
    builder.environment().remove("MORA_JAVA_OPTS");
    return builder;
  }

  private static Ran run(ProcessBuilder builder) throws Exception {
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after " + LIMIT_S + " s: " + builder.command());
    }
    return new Ran(
        process.exitValue(),
        Files.readString(builder.redirectOutput().file().toPath()),
        Files.readString(builder.redirectError().file().toPath()));
  }

  private Ran run(String... command) throws Exception {
    return run(builder(List.of(command)));
  }

  @Test
  void runsThroughALinkInAFolderWithSpaces() throws Exception {
    Path odd = Files.createDirectory(folder.resolve("a folder"));
    Path link = Files.createSymbolicLink(odd.resolve("mo ra"), bin("mora").toRealPath());
    Ran version = run(link.toString(), "version");
    assertThat(version.exitCode()).as(version.err()).isZero();
    assertThat(version.out()).startsWith("mora 0.").contains("Java " + Runtime.version());
  }

  @Test
  void aWrongConfigurationEndsWith78AndSaysWhere() throws Exception {
    Path config = Files.writeString(folder.resolve("bad.yaml"), "listenners: []\n");
    Ran check = run(bin("mora").toString(), "target", "check", config.toString());
    assertThat(check.exitCode()).isEqualTo(78);
    assertThat(check.err()).contains("bad.yaml:1", "listenners", "listeners");
    assertThat(check.out()).isEmpty();
    assertThat(run(bin("mora-target").toString()).exitCode()).isEqualTo(64);
  }

  @Test
  void aStartUpCacheIsMadeAndTakenAndNotMissed() throws Exception {
    Path cache = folder.resolve("cache");
    Path config =
        Files.writeString(
            folder.resolve("good.yaml"),
            """
            listeners: [{address: 127.0.0.1, port: 0}]
            subsystems:
              - nqn: nqn.2026-11.io.mora:cache
                allowAnyHost: true
                namespaces: [{nsid: 1, backend: {kind: memory, size: 1MiB}}]
            """);
    Ran made = run(target(cache, "", "prepare"));
    assertThat(made.exitCode()).as(made.err() + made.out()).isZero();
    Path file = Path.of(made.out().strip());
    assertThat(file).exists().hasParent(cache.toRealPath());
    try (Stream<Path> left = Files.list(cache)) {
      assertThat(left).containsExactly(file);
    }
    String loads = "-Xlog:class+load";
    assertThat(run(target(cache, loads, "check", config.toString())).out())
        .containsPattern("io\\.mora\\.target\\.TargetMain source: shared objects file");
    assertThat(run(target(folder.resolve("none"), loads, "check", config.toString())).out())
        .doesNotContainPattern("io\\.mora\\.target\\.TargetMain source: shared objects file");

    Files.delete(file);
    Files.writeString(file, "this is no cache");
    Ran spoilt = run(target(cache, "", "check", config.toString()));
    assertThat(spoilt.exitCode()).as(spoilt.err()).isZero();
    assertThat(spoilt.out().lines().findFirst()).hasValue(config + ": valid");
  }

  @Test
  void aFolderThatCannotBeWrittenIsNoPlaceForACache() throws Exception {
    Ran refused = run(target(Path.of("/proc/none"), "", "prepare"));
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("/proc/none", "MORA_CACHE");
  }

  private ProcessBuilder target(Path cache, String options, String... command) throws IOException {
    List<String> all = new ArrayList<>(List.of(bin("mora-target").toString()));
    all.addAll(List.of(command));
    ProcessBuilder builder = builder(all);
    builder.environment().put("MORA_CACHE", cache.toString());
    builder.environment().put("MORA_JAVA_OPTS", options);
    return builder;
  }

  /** Homes of made-up Javas, each saying its version. */
  private Path java(String name, String version) throws IOException {
    Path home = Files.createDirectories(folder.resolve("jvms").resolve(name));
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho \"$0\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  @Test
  void takesMoraJavaHomeAtItsWordAndRefusesAnOldOne() throws Exception {
    ProcessBuilder builder = builder(List.of(bin("mora").toString(), "version"));
    builder.environment().put("MORA_JAVA_HOME", java("one", "21.0.2").toString());
    assertThat(run(builder).out()).contains("jvms/one/bin/java");

    ProcessBuilder old = builder(List.of(bin("mora").toString(), "version"));
    old.environment().put("MORA_JAVA_HOME", java("old", "11.0.1").toString());
    Ran refused = run(old);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("MORA_JAVA_HOME", "no Java 17 or newer");
  }

  @Test
  void takesJavaHomeUnlessItIsTooOld() throws Exception {
    ProcessBuilder builder = builder(List.of(bin("mora").toString(), "version"));
    builder.environment().remove("MORA_JAVA_HOME");
    builder.environment().put("JAVA_HOME", java("two", "17.0.9").toString());
    assertThat(run(builder).out()).contains("jvms/two/bin/java");

    ProcessBuilder old = builder(List.of(bin("mora").toString(), "version"));
    old.environment().remove("MORA_JAVA_HOME");
    old.environment().put("JAVA_HOME", java("eight", "1.8.0_402").toString());
    old.environment().put("PATH", path(java("new", "99.0.1")));
    assertThat(run(old).out()).contains("jvms/new/bin/java");
  }

  private static String path(Path home) {
    return home.resolve("bin") + ":" + System.getenv("PATH");
  }

  @Test
  void theDemoMeasuresAndLeavesNothingBehind() throws Exception {
    Ran demo = demo("--duration=500ms");
    assertThat(demo.exitCode()).as(demo.err()).isZero();
    assertThat(demo.out())
        .contains("verified", "IOPS", "p99.9", "client", "queue", "device", "network")
        .contains("critical", "prefetch", "bulk", "alone", "stripped", "honoured")
        .contains("nvme connect -t tcp -a 127.0.0.1 -s 4420 -n nqn.2026-11.io.mora:demo");
    assertThat(demo.out().lines()).allMatch(line -> line.length() <= 100, "100 columns");
    assertThat(demo.err()).isEmpty();
    assertNothingLeft();
  }

  @Test
  void theDemoTellsProgramsWhatHintsAreWorth() throws Exception {
    JsonNode demo = new ObjectMapper().readTree(demo("--duration=200ms", "-o", "json").out());
    JsonNode critical = demo.path("intent").path("streams").path(0);
    assertThat(critical.path("name").asText()).isEqualTo("critical");
    assertThat(demo.path("criticalP99Improvement").asDouble())
        .isEqualTo(critical.path("ratios").path("p99StrippedOverHonoured").asDouble())
        .isPositive();
    assertThat(critical.path("alone").path("p99Ns").path("median").asDouble()).isPositive();
    assertThat(demo.path("load").path("iops").asDouble()).isPositive();
  }

  private Ran demo(String... more) throws Exception {
    return run(demoBuilder(more));
  }

  private ProcessBuilder demoBuilder(String... more) throws IOException {
    Path scratch = Files.createDirectories(folder.resolve("scratch"));
    List<String> command = new ArrayList<>(List.of(bin("mora").toString(), "demo"));
    command.addAll(List.of(more));
    ProcessBuilder builder = builder(command);
    builder.environment().put("MORA_JAVA_OPTS", "-Djava.io.tmpdir=" + scratch);
    return builder;
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> left = Files.list(folder.resolve("scratch"))) {
      assertThat(left.map(p -> p.getFileName().toString())).noneMatch(n -> n.startsWith("mora-"));
    }
  }

  @Test
  void aDemoThatIsInterruptedTakesItsTargetAndFilesAlong() throws Exception {
    ProcessBuilder builder = demoBuilder("--hold", "--duration=200ms");
    Process demo = builder.start();
    Path out = builder.redirectOutput().file().toPath();
    long limitNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
    while (!Files.readString(out).contains("While it runs")) {
      assertThat(demo.isAlive()).as("the demo runs").isTrue();
      assertThat(System.nanoTime() - limitNs).as("time left").isNegative();
      Thread.sleep(100);
    }
    List<ProcessHandle> target = demo.descendants().toList();
    assertThat(target).isNotEmpty();
    demo.destroy();
    assertThat(demo.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
    assertThat(target).noneMatch(ProcessHandle::isAlive);
    assertNothingLeft();
  }
}
