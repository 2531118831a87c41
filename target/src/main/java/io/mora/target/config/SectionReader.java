package io.mora.target.config;

import io.mora.protocol.admin.Quantity;
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
  /** A key of the configuration file, with what its reference says about it. */
  interface Key {
    /** Path with {@code []} for every position in a list. */
    String pattern();

    /** Kind of value: section, list, number, size, ... */
    String form();

    /** What holds when the key is left out. */
    String byDefault();

    /** Bounds or words; empty when the form says it all. */
    String allowed();

    String meaning();

    /** Last part of the path: the key as written. */
    default String key() {
      return pattern().substring(pattern().lastIndexOf('.') + 1);
    }

    /** Path of the section or list entry the key stands in; empty at the top. */
    default String parent() {
      int dot = pattern().lastIndexOf('.');
      return dot < 0 ? "" : pattern().substring(0, dot);
    }

    /** Every key there is, in the order of the reference. */
    static List<Key> all() {
      List<Key> keys = new ArrayList<>(List.of(ConfigKey.values()));
      keys.addAll(List.of(DelayKey.values()));
      return keys;
    }
  }

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
  String at(Key key) {
    return path.isEmpty() ? key.key() : path + "." + key.key();
  }

  boolean has(Key key) {
    return mapping.values().get(key.key()) != null;
  }

  /** A section under this one; empty if it is missing. */
  SectionReader section(Key key) {
    ConfigNode node = mapping.values().get(key.key());
    return reader.section(node, at(key), mapping.line());
  }

  /** The sections of a list. */
  List<SectionReader> sections(Key key) {
    List<SectionReader> sections = new ArrayList<>();
    List<ConfigNode> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      sections.add(reader.section(items.get(i), at(key) + "[" + i + "]", items.get(i).line()));
    }
    return sections;
  }

  /** The values of a list, each parsed; what cannot be parsed is left out. */
  <T> List<T> list(Key key, Function<String, T> parse) {
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

  private List<ConfigNode> items(Key key) {
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
  <T> @Nullable T value(Key key, Function<String, T> parse) {
    ConfigNode node = mapping.values().get(key.key());
    return node == null ? null : parsed(node, at(key), allowed(key), parse);
  }

  /** A single value that must be there. */
  <T> @Nullable T required(Key key, Function<String, T> parse) {
    if (!has(key) && readable) {
      reader.add(mapping.line(), at(key), "", allowed(key), "missing");
    }
    return value(key, parse);
  }

  private static String allowed(Key key) {
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

  int integer(Key key, int byDefault) {
    Integer value = value(key, SectionReader::parseInt);
    return value == null ? byDefault : value;
  }

  static Integer parseInt(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a whole number", e);
    }
  }

  long bytes(Key key, long byDefault) {
    Long value =
        value(key, text -> parse(text, "not a size: " + Quantity.BYTES_FORM, Quantity::parseBytes));
    return value == null ? byDefault : value;
  }

  /** Bytes of a key whose bounds an int holds; beyond them it stays beyond. */
  int intBytes(Key key, int byDefault) {
    return (int) Math.min(Integer.MAX_VALUE, bytes(key, byDefault));
  }

  Duration duration(Key key, Duration byDefault) {
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

  boolean bool(Key key, boolean byDefault) {
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

  <E extends Enum<E>> E word(Key key, E byDefault) {
    E value = value(key, text -> parseWord(byDefault.getDeclaringClass(), text));
    return value == null ? byDefault : value;
  }

  private static <E extends Enum<E>> E parseWord(Class<E> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not one of the words"));
  }

  /** Reports a problem of a key in this section, at its value's line. */
  void problem(Key key, String value, String allowed, String message) {
    ConfigNode node = mapping.values().get(key.key());
    reader.add(node == null ? mapping.line() : node.line(), at(key), value, allowed, message);
  }

  /** The text of a key as written, or empty. */
  String text(Key key) {
    return mapping.values().get(key.key()) instanceof ConfigNode.Scalar scalar ? scalar.text() : "";
  }
}
