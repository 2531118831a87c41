package io.mora.tests.system.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The house's sizes and names, over the sources of every module. Reads text as google-java-format
 * leaves it: a declaration's last line ends in a brace, and its end stands under its start.
 */
class TidyTest {
  private static final int FILE_LINES_MAX = 400;
  private static final int METHOD_LINES_MAX = 60;
  private static final int PARAMETERS_MAX = 6;
  private static final int PACKAGE_TYPES_MAX = 16;

  private static final Pattern BANNED_NAME =
      Pattern.compile("(Abstract.*|.*(Manager|Helper|Util|Utils|Impl))\\.java");

  private static final Pattern OPEN_ENDS =
      Pattern.compile("\\b(TODO|FIXME|XXX)\\b|@Disabled|not implemented");

  /** A method or constructor: modifiers or a type, a name, an opening parenthesis. */
  private static final Pattern DECLARATION =
      Pattern.compile(
          "^( {2,8})(?=\\S)(?:(?:public|protected|private|static|final|abstract|default|synchronized|<[^=]*>)"
              + " )*(?:[\\w.<>\\[\\],?@& ]+ )?\\w+\\((.*)$");

  private static List<Path> sources() {
    try (Stream<Path> files = Files.walk(Repository.root())) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains("/src/"))
          .filter(file -> !file.toString().contains("/build/"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void filesAreShort() {
    assertThat(sources())
        .hasSizeGreaterThan(100)
        .allSatisfy(
            file ->
                assertThat(lines(file)).as("%s", file).hasSizeLessThanOrEqualTo(FILE_LINES_MAX));
  }

  @Test
  void packagesAreSmall() {
    Map<Path, Integer> types = new TreeMap<>();
    for (Path file : sources()) {
      if (!file.endsWith("package-info.java")) {
        types.merge(file.getParent(), 1, Integer::sum);
      }
    }
    assertThat(types)
        .allSatisfy(
            (folder, count) ->
                assertThat(count).as("%s", folder).isLessThanOrEqualTo(PACKAGE_TYPES_MAX));
  }

  @Test
  void namesSayWhatAThingIs() {
    assertThat(sources())
        .noneMatch(file -> BANNED_NAME.matcher(file.getFileName().toString()).matches());
  }

  @Test
  void nothingIsLeftOpen() {
    for (Path file : sources()) {
      if (!file.endsWith("TidyTest.java")) {
        assertThat(lines(file)).as("%s", file).noneMatch(line -> OPEN_ENDS.matcher(line).find());
      }
    }
  }

  @Test
  void methodsFitAScreenAndTakeFewParameters() {
    List<String> problems = new ArrayList<>();
    int methods = 0;
    for (Path file : sources()) {
      List<String> lines = lines(file);
      for (int i = 0; i < lines.size(); i++) {
        Matcher start = DECLARATION.matcher(lines.get(i));
        if (start.matches() && isDeclaration(lines.get(i))) {
          methods += check(file, lines, i, start, problems);
        }
      }
    }
    assertThat(problems).isEmpty();
    assertThat(methods).as("methods seen").isGreaterThan(1000);
  }

  private static boolean isDeclaration(String line) {
    String code = line.strip();
    return !code.startsWith(".")
        && !code.contains("Stream<Arguments>") // a table, however long
        && !code.startsWith("*")
        && !code.startsWith("//")
        && !code.contains(" = ")
        && !code.matches(
            "(?:return|if|for|while|switch|catch|try|throw|new|else|do|case|synchronized|record|public"
                + " record|private record|yield|assert|\\}).*");
  }

  /** Returns 1 for a method with a body. */
  private static int check(
      Path file, List<String> lines, int at, Matcher start, List<String> problems) {
    StringBuilder head = new StringBuilder(start.group(2));
    int i = at;
    while (!lines.get(i).endsWith("{") && !lines.get(i).endsWith(";") && i + 1 < lines.size()) {
      i++;
      head.append(' ').append(lines.get(i).strip());
    }
    if (!lines.get(i).endsWith("{") || head.indexOf("->") >= 0 || head.indexOf("new ") >= 0) {
      return 0;
    }
    int end = lines.subList(i, lines.size()).indexOf(start.group(1) + "}") + i;
    if (end - at + 1 >= METHOD_LINES_MAX) {
      problems.add(file + ":" + (at + 1) + ": " + (end - at + 1) + " lines");
    }
    int parameters = parameters(head);
    if (parameters > PARAMETERS_MAX) {
      problems.add(file + ":" + (at + 1) + ": " + parameters + " parameters");
    }
    return 1;
  }

  private static int parameters(CharSequence head) {
    int depth = 0;
    int count = 0;
    boolean any = false;
    for (int i = 0; i < head.length(); i++) {
      char c = head.charAt(i);
      if (c == ')' && depth == 0) {
        break;
      }
      any |= !Character.isWhitespace(c);
      depth += c == '<' || c == '(' ? 1 : c == '>' || c == ')' ? -1 : 0;
      count += c == ',' && depth == 0 ? 1 : 0;
    }
    return any ? count + 1 : 0;
  }
}
