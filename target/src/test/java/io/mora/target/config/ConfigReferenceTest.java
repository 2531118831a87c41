package io.mora.target.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.config.key.ConfigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * docs/configuration.md cannot drift from the code: its tables are made of {@link ConfigKey}.
 *
 * <p>After a change of the keys, run this test with {@code -Dmora.writeDocs=true} to write them.
 */
class ConfigReferenceTest {
  private static final Path REFERENCE = Path.of("../docs/configuration.md");
  private static final String BEGIN = "<!-- keys: made by ConfigReferenceTest -->\n";
  private static final String END = "<!-- end of keys -->\n";

  @Test
  void referenceSaysWhatTheReaderKnows() throws IOException {
    String text = Files.readString(REFERENCE);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    assertThat(end).isGreaterThanOrEqualTo(begin);
    if (Boolean.getBoolean("mora.writeDocs")) {
      text = text.substring(0, begin) + tables() + text.substring(end);
      Files.writeString(REFERENCE, text);
    }
    assertThat(text.substring(begin, text.indexOf(END)))
        .as("run with -Dmora.writeDocs=true to write it")
        .isEqualTo(tables());
  }

  private static String tables() {
    StringBuilder text = new StringBuilder();
    for (ConfigKey section : ConfigKey.all()) {
      boolean list = section.form().equals("list");
      if (!list && !section.form().equals("section")) {
        continue;
      }
      String inside = list ? section.pattern() + "[]" : section.pattern();
      text.append("\n### `").append(inside).append("`\n\n").append(section.meaning());
      text.append(byDefault(section)).append("\n\n");
      text.append("| key | value | default | allowed | meaning |\n|---|---|---|---|---|\n");
      for (ConfigKey key : ConfigKey.all()) {
        if (key.parent().equals(inside)) {
          row(text, key);
        }
      }
    }
    return text.append('\n').toString();
  }

  private static String byDefault(ConfigKey section) {
    return switch (section.byDefault()) {
      case "" -> "";
      case "required" -> " Required.";
      default -> " Default: " + section.byDefault() + ".";
    };
  }

  private static void row(StringBuilder text, ConfigKey key) {
    text.append("| `").append(key.key()).append("` | ").append(key.form()).append(" | ");
    text.append(key.byDefault()).append(" | ").append(key.allowed()).append(" | ");
    text.append(key.meaning()).append(" |\n");
  }
}
