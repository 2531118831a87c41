package io.mora.target.config;

import io.mora.protocol.admin.Quantity;
import io.mora.protocol.intent.LatencyClass;
import io.mora.target.config.key.ConfigKey;
import io.mora.target.config.yaml.ConfigNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes the values of one section by key. A value that cannot be read becomes a problem and the
 * default stands in for it, so that reading goes on and the rest is checked too.
 */
final class SectionReader {
  private final ConfigReader reader;
  private final ConfigNode.Mapping mapping;
  private final String path;
  private final boolean readable;

  /**
   * @param readable false for the stand-in of a section that could not be read and was reported:
   *     nothing in it is reported as missing
   */
  SectionReader(ConfigReader reader, ConfigNode.Mapping mapping, String path, boolean readable) {
    this.reader = reader;
    this.mapping = mapping;
    this.path = path;
    this.readable = readable;
  }

  /** Path of this section. */
  String path() {
    return path;
  }

  /** Path of a key in this section. */
  String at(ConfigKey key) {
    return path.isEmpty() ? key.key() : path + "." + key.key();
  }

  boolean has(ConfigKey key) {
    return mapping.values().get(key.key()) != null;
  }

  /** A section under this one; empty if it is missing. */
  SectionReader section(ConfigKey key) {
    ConfigNode node = mapping.values().get(key.key());
    return reader.section(node, at(key), mapping.line());
  }

  /** The sections of a list. */
  List<SectionReader> sections(ConfigKey key) {
    List<SectionReader> sections = new ArrayList<>();
    List<ConfigNode> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      sections.add(reader.section(items.get(i), at(key) + "[" + i + "]", items.get(i).line()));
    }
    return sections;
  }

  /** The values of a list, each parsed; what cannot be parsed is left out. */
  <T> List<T> list(ConfigKey key, Function<String, T> parse) {
    List<T> values = new ArrayList<>();
    List<ConfigNode> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      T value = parsed(items.get(i), at(key) + "[" + i + "]", allowed(key), parse);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  private List<ConfigNode> items(ConfigKey key) {
    ConfigNode node = mapping.values().get(key.key());
    if (node instanceof ConfigNode.Sequence sequence) {
      return sequence.items();
    }
    if (node != null && !(node instanceof ConfigNode.Scalar scalar && scalar.empty())) {
      reader.add(node.line(), at(key), node.describe(), "a list", "not a list");
    }
    return List.of();
  }

  /** A single value, parsed, or null if it is missing or cannot be. */
  <T> @Nullable T value(ConfigKey key, Function<String, T> parse) {
    ConfigNode node = mapping.values().get(key.key());
    return node == null ? null : parsed(node, at(key), allowed(key), parse);
  }

  /** As {@link #value}, of what no message may show. */
  <T> @Nullable T secret(ConfigKey key, Function<String, T> parse) {
    if (!(mapping.values().get(key.key()) instanceof ConfigNode.Scalar scalar) || scalar.empty()) {
      return value(key, parse); // null, and a problem that has nothing to show
    }
    try {
      return parse.apply(scalar.text());
    } catch (IllegalArgumentException e) {
      problem(key, "", allowed(key), String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** A single value that must be there. */
  <T> @Nullable T required(ConfigKey key, Function<String, T> parse) {
    if (!has(key) && readable) {
      reader.add(mapping.line(), at(key), "", allowed(key), "missing");
    }
    return value(key, parse);
  }

  private static String allowed(ConfigKey key) {
    return key.allowed().isEmpty() ? key.form() : key.allowed();
  }

  private <T> @Nullable T parsed(
      ConfigNode node, String at, String allowed, Function<String, T> parse) {
    if (!(node instanceof ConfigNode.Scalar scalar)) {
      reader.add(node.line(), at, node.describe(), allowed, "not a single value");
      return null;
    }
    if (scalar.empty()) {
      reader.add(node.line(), at, "", allowed, "no value");
      return null;
    }
    try {
      return parse.apply(scalar.text());
    } catch (IllegalArgumentException e) {
      reader.add(node.line(), at, scalar.text(), allowed, String.valueOf(e.getMessage()));
      return null;
    }
  }

  int integer(ConfigKey key, int byDefault) {
    Integer value = value(key, SectionReader::parseInt);
    return value == null ? byDefault : value;
  }

  long number(ConfigKey key, long byDefault) {
    Long value = value(key, text -> parse(text, "not a whole number", SectionReader::parseLong));
    return value == null ? byDefault : value;
  }

  private static Long parseLong(String text) {
    return Long.parseLong(text);
  }

  static Integer parseInt(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a whole number", e);
    }
  }

  long bytes(ConfigKey key, long byDefault) {
    Long value =
        value(key, text -> parse(text, "not a size: " + Quantity.BYTES_FORM, Quantity::parseBytes));
    return value == null ? byDefault : value;
  }

  /** Bytes of a key whose bounds an int holds; beyond them it stays beyond. */
  int intBytes(ConfigKey key, int byDefault) {
    return (int) Math.min(Integer.MAX_VALUE, bytes(key, byDefault));
  }

  Duration duration(ConfigKey key, Duration byDefault) {
    Duration value =
        value(
            key,
            text ->
                parse(text, "not a duration: " + Quantity.DURATION_FORM, Quantity::parseDuration));
    return value == null ? byDefault : value;
  }

  private static <T> T parse(String text, String message, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(message, e);
    }
  }

  boolean bool(ConfigKey key, boolean byDefault) {
    Boolean value =
        value(
            key,
            text ->
                switch (text) {
                  case "true" -> Boolean.TRUE;
                  case "false" -> Boolean.FALSE;
                  default -> throw new IllegalArgumentException("neither true nor false");
                });
    return value == null ? byDefault : value;
  }

  <E extends Enum<E>> E word(ConfigKey key, E byDefault) {
    E value = value(key, text -> parseWord(byDefault.getDeclaringClass(), text));
    return value == null ? byDefault : value;
  }

  /** The words of a list; what is none is left out. */
  <E extends Enum<E>> List<E> words(ConfigKey key, Class<E> type) {
    return list(key, text -> parseWord(type, text));
  }

  private static <E extends Enum<E>> E parseWord(Class<E> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not one of the words"));
  }

  LatencyClass latencyClass(ConfigKey key, LatencyClass byDefault) {
    LatencyClass value = value(key, SectionReader::parseClass);
    return value == null ? byDefault : value;
  }

  private static LatencyClass parseClass(String text) {
    LatencyClass parsed = LatencyClass.parse(text);
    if (parsed == LatencyClass.DEFAULT) {
      throw new IllegalArgumentException("no such class");
    }
    return parsed;
  }

  /** Reports a problem of a key in this section, at its value's line. */
  void problem(ConfigKey key, String value, String allowed, String message) {
    ConfigNode node = mapping.values().get(key.key());
    reader.add(node == null ? mapping.line() : node.line(), at(key), value, allowed, message);
  }

  /** The text of a key as written, or empty. */
  String text(ConfigKey key) {
    return mapping.values().get(key.key()) instanceof ConfigNode.Scalar scalar ? scalar.text() : "";
  }
}
