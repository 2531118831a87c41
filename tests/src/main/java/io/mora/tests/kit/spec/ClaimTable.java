package io.mora.tests.kit.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The claims as they are written in {@code spec/claims.md}: Markdown with tables of {@code | key |
 * what | section | served |}. The rest of the text is kept as it is.
 */
public final class ClaimTable {
  private static final int CELLS = 4;

  private final List<String> lines;
  private final Map<String, Claim> claims = new LinkedHashMap<>();

  /**
   * A row.
   *
   * @param served begins with yes or no; then limits, or why
   */
  public record Claim(String key, String what, String section, String served) {}

  /**
   * Reads the rows.
   *
   * @throws IllegalArgumentException naming the row that is not one, or a key that is there twice
   */
  public ClaimTable(String text) {
    lines = text.lines().toList();
    for (String line : lines) {
      if (isRow(line)) {
        Claim claim = claim(line);
        if (claims.put(claim.key(), claim) != null) {
          throw new IllegalArgumentException("two rows with the key " + claim.key());
        }
      }
    }
  }

  private static boolean isRow(String line) {
    return line.startsWith("| `");
  }

  private static Claim claim(String line) {
    String[] cells = line.substring(1, line.lastIndexOf('|')).split("\\|", -1);
    if (cells.length != CELLS) {
      throw new IllegalArgumentException("not four cells: " + line);
    }
    String served = cells[3].strip();
    if (!served.matches("(yes|no)([:,;] .+)?")) {
      throw new IllegalArgumentException(
          "served is neither yes nor no, or without a colon: " + line);
    }
    String key = cells[0].strip().replace("`", "");
    return new Claim(key, cells[1].strip(), cells[2].strip(), served);
  }

  public Map<String, Claim> claims() {
    return claims;
  }

  /** The document: each row without its key and with its tests, then all tests in words. */
  public String document(List<CoveringTest> tests) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      if (isRow(line)) {
        row(text, claim(line), tests);
      } else if (line.startsWith("| key |")) {
        text.append("| what | section | served | tests |\n");
      } else {
        text.append(line).append('\n');
      }
    }
    text.append("\n## What the tests say\n");
    Map<String, List<CoveringTest>> byClass = new TreeMap<>();
    for (CoveringTest test : tests) {
      if (!test.claims().isEmpty()) {
        byClass.computeIfAbsent(test.type().getSimpleName(), c -> new ArrayList<>()).add(test);
      }
    }
    byClass.forEach((name, methods) -> inWords(text, name, methods));
    return text.toString();
  }

  private static void row(StringBuilder text, Claim claim, List<CoveringTest> tests) {
    Map<String, Integer> classes = new TreeMap<>();
    boolean linux = false;
    for (CoveringTest test : tests) {
      if (test.claims().contains(claim.key())) {
        linux |= test.linux();
        if (!test.linux()) {
          classes.merge(test.type().getSimpleName(), 1, Integer::sum);
        }
      }
    }
    List<String> names = new ArrayList<>();
    classes.forEach((name, count) -> names.add(count == 1 ? name : name + " (" + count + ")"));
    if (linux) {
      names.add("*Linux*");
    }
    text.append("| ").append(claim.what()).append(" | ").append(claim.section());
    text.append(" | ").append(claim.served()).append(" | ");
    text.append(String.join(", ", names)).append(" |\n");
  }

  private static void inWords(StringBuilder text, String name, List<CoveringTest> methods) {
    String folder = Objects.requireNonNull(methods.get(0).type().getPackage()).getName();
    text.append("\n**").append(name).append("** (`");
    text.append(folder.substring("io.mora.tests.".length())).append("`)\n");
    for (CoveringTest test : methods) {
      text.append("- ").append(test.words()).append('\n');
    }
  }
}
