package io.mora.target.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What is wrong with a file is told by line, key, value and what is allowed, all of it at once.
 *
 * <p>The cases stand in config-problems.txt: after {@code ### name} the YAML, after {@code ---} the
 * exact problems, a line each, without the file's name.
 */
class ConfigProblemsTest {
  @TestFactory
  Stream<DynamicTest> everythingWrongIsToldAtOnce() throws IOException {
    String cases;
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/config-problems.txt"))) {
      cases = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<String> parts = Stream.of(cases.split("(?m)^### ", -1)).skip(1).toList();
    assertThat(parts).hasSizeGreaterThan(40);
    return parts.stream().map(ConfigProblemsTest::dynamicTest);
  }

  private static DynamicTest dynamicTest(String part) {
    int name = part.indexOf('\n');
    int rule = part.lastIndexOf("\n---\n");
    String yaml = part.substring(name + 1, rule + 1);
    String expected = part.substring(rule + 5).strip();
    return DynamicTest.dynamicTest(
        part.substring(0, name),
        () -> assertThat(String.join("\n", messages(yaml))).isEqualTo(expected));
  }

  @Property(tries = 300)
  void anyTextIsReadOrRefusedWithProblems(@ForAll String text) {
    assertThat(messages(text)).allMatch(message -> !message.isBlank());
  }

  /** Text made of what YAML gives a meaning to is the harder case. */
  @Property(tries = 1000)
  void anyIndicatorsAreReadOrRefusedWithProblems(@ForAll("fragments") List<String> fragments) {
    assertThat(messages(String.join("", fragments))).allMatch(message -> !message.isBlank());
  }

  @Provide
  Arbitrary<List<String>> fragments() {
    return Arbitraries.of(
            "subsystems:",
            "listeners:",
            "hosts:",
            "- ",
            "  ",
            "\n",
            "\n  ",
            "\n    ",
            "nqn: ",
            "nsid: ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            ": ",
            "backend: ",
            "kind: ",
            "file",
            "path: ",
            "size: ",
            "1",
            "0x1F",
            "\"",
            "'",
            "&a ",
            "*a",
            "!!int ",
            "? ",
            "| ",
            "> ",
            "#",
            "null",
            "~",
            "true",
            "---\n",
            "...\n",
            "address: ",
            "10.0.0.1",
            "\t",
            "<<: ",
            "\u0000")
        .list()
        .ofMaxSize(30);
  }

  private static List<String> messages(String yaml) {
    try {
      ConfigFile.parse("", Path.of("/srv"), yaml);
      return List.of();
    } catch (ConfigException e) {
      return e.problems().stream().map(ConfigProblemsTest::show).toList();
    }
  }

  private static String show(Problem problem) {
    return problem.line() + " " + problem;
  }
}
