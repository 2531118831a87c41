package io.mora.tests.system.embed;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.net.TransportKind;
import io.mora.target.embedded.EmbeddedTarget;
import io.mora.tests.kit.Repository;
import io.mora.tests.kit.Waiting;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The service of README.md runs as it is written there, but for whom it connects to, in a process
 * that has nothing but what the initiator needs: on the class path and as a module, on each
 * transport.
 */
@Tag("loopback")
class EmbedderTest {
  /** All there is beside the JDK. */
  private static final Pattern NEEDED =
      Pattern.compile(
          "mora-(protocol|qos|initiator)-.*"
              + "|netty-(buffer|common|resolver|transport|transport-.*)-4.*"
              + "|jna-[0-9].*|slf4j-api-.*");

  private static final String MODULE =
      """
      module service {
        requires io.mora.initiator;
        requires java.management;
        requires jdk.jfr;
        requires jdk.unsupported;
      }
      """;

  private static final String PROGRAM =
      """
      package service;
      import io.mora.initiator.*;
      import io.mora.initiator.io.Completion;
      import io.mora.protocol.net.TransportKind;
      import java.nio.ByteBuffer;
      public class Service {
        public static void main(String[] args) {
          BODY
          System.out.println(Service.class.getModule());
        }
      }
      """;

  private static final String TLS =
      """
      package service;
      import io.mora.initiator.auth.TlsOptions;
      import io.mora.protocol.auth.tls.*;
      import java.security.SecureRandom;
      public class Tls {
        public static void main(String[] args) {
          try {
            TlsOptions.of(TlsPsk.generate(TlsHash.SHA256, new SecureRandom()));
            System.out.println("taken");
          } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
          }
        }
      }
      """;

  private static String needed = "";

  @TempDir
  @SuppressWarnings("NullAway.Init") // by JUnit
  Path folder;

  @BeforeAll
  static void findWhatIsNeeded() {
    List<String> jars =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(each -> NEEDED.matcher(Path.of(each).getFileName().toString()).matches())
            .toList();
    assertThat(jars).as("jars, so by mvn verify; on %s", needed).hasSizeGreaterThan(8);
    needed = String.join(File.pathSeparator, jars);
  }

  static Stream<Arguments> ways() {
    return Stream.of(TransportKind.values())
        .flatMap(kind -> Stream.of(Arguments.of(kind, false), Arguments.of(kind, true)));
  }

  @ParameterizedTest(name = "{0}, as a module: {1}")
  @MethodSource("ways")
  void theServiceOfTheReadmeRuns(TransportKind kind, boolean asModule) throws Exception {
    Assumptions.assumeTrue(kind.available(), () -> kind + ": " + kind.unavailableReason());
    try (EmbeddedTarget target = EmbeddedTarget.inMemory(1 << 20)) {
      String loops = "InitiatorOptions.builder().transport(TransportKind." + kind + ").build()";
      String body =
          readme()
              .replace("InitiatorOptions.defaults()", loops)
              .replace("192.0.2.7", target.address().toString())
              .replace("nqn.2026-11.org.example:disk", EmbeddedTarget.SUBSYSTEM.value());
      Path classes = compile("Service", PROGRAM.replace("BODY", body), asModule);
      List<String> how =
          asModule
              ? List.of(
                  "-p", classes + File.pathSeparator + needed, "-m", "service/service.Service")
              : List.of("-cp", classes + File.pathSeparator + needed, "service.Service");
      assertThat(run(how))
          .anyMatch(line -> line.startsWith("read in "))
          .anyMatch(line -> line.startsWith(asModule ? "module service" : "unnamed module"));
    }
  }

  @Test
  void tlsSaysWhatItLacks() throws Exception {
    Path classes = compile("Tls", TLS, false);
    assertThat(run(List.of("-cp", classes + File.pathSeparator + needed, "service.Tls")))
        .anyMatch(line -> line.contains("org.bouncycastle:bctls-jdk18on"));
  }

  /** The first Java of the README. */
  private static String readme() throws IOException {
    String text = Files.readString(Repository.root().resolve("README.md"));
    Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(text);
    assertThat(block.find()).isTrue();
    assertThat(block.group(1).lines().count()).isLessThanOrEqualTo(10);
    return block.group(1);
  }

  private Path compile(String name, String program, boolean asModule) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("sources"));
    Path classes = folder.resolve("classes");
    List<String> command = new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", "" + classes));
    command.addAll(List.of(asModule ? "-p" : "-cp", needed));
    if (asModule) {
      command.add("" + Files.writeString(sources.resolve("module-info.java"), MODULE));
    }
    command.add("" + Files.writeString(sources.resolve(name + ".java"), program));
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    assertThat(javac.run(System.err, System.err, command.toArray(new String[0]))).isZero();
    return classes;
  }

  /** What it printed; it must end well, and in time. Errors go where this process's go. */
  private List<String> run(List<String> how) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(how);
    if (how.contains("-p")) {
      // Those that hold native libraries only: no module requires them.
      command.addAll(1, List.of("--add-modules", "ALL-MODULE-PATH"));
    }
    Path printed = folder.resolve("printed.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(printed.toFile())
            .start();
    boolean ended;
    try {
      ended = process.waitFor(Waiting.LIMIT_SECONDS, TimeUnit.SECONDS);
    } finally {
      process.destroyForcibly().waitFor();
    }
    List<String> lines = Files.readAllLines(printed);
    assertThat(ended).as("ended in time; printed %s", lines).isTrue();
    assertThat(process.exitValue()).as("%s", lines).isZero();
    return lines;
  }
}
