package io.mora.target.config.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A YAML value that knows the line it begins on. */
public sealed interface ConfigNode {
  int line();

  /** What it is, for an error message. */
  String describe();

  /**
   * A single value.
   *
   * @param text as written, without quotes; of an empty one {@code null} or nothing
   * @param empty nothing, {@code ~} or {@code null} was written
   */
  record Scalar(String text, boolean empty, int line) implements ConfigNode {
    @Override
    public String describe() {
      return empty ? "nothing" : text;
    }
  }

  record Sequence(List<ConfigNode> items, int line) implements ConfigNode {
    @Override
    public String describe() {
      return "a list";
    }
  }

  /** Keys in order of appearance, each with its value; {@code keyLines} holds the keys' lines. */
  record Mapping(Map<String, ConfigNode> values, Map<String, Integer> keyLines, int line)
      implements ConfigNode {
    public static Mapping empty(int line) {
      return new Mapping(new LinkedHashMap<>(), new LinkedHashMap<>(), line);
    }

    @Override
    public String describe() {
      return "a section";
    }
  }
}
