package io.mora.target.config.yaml;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.mora.protocol.admin.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads YAML into {@link ConfigNode}s with lines. Refuses what a configuration has no use for:
 * aliases (they can blow up), several documents, deep nesting, a key given twice.
 */
public final class YamlTree {
  /** Deepest nesting accepted; the format itself needs 8. */
  public static final int DEPTH_MAX = 32;

  /** Most characters accepted. */
  public static final int LENGTH_MAX = 16 << 20;

  private static final String NULL = "null";

  private final String file;
  private final List<Problem> problems;

  private YamlTree(String file, List<Problem> problems) {
    this.file = file;
    this.problems = problems;
  }

  /** The root section; what is wrong is added to the problems, and a part of it may be missing. */
  public static ConfigNode.Mapping parse(String file, String text, List<Problem> problems) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(LENGTH_MAX);
    options.setNestingDepthLimit(DEPTH_MAX);
    YAMLFactory factory = YAMLFactory.builder().loaderOptions(options).build();
    try (YAMLParser parser = factory.createParser(text)) {
      return new YamlTree(file, problems).document(parser);
    } catch (JsonProcessingException e) {
      problems.add(syntax(file, e));
    } catch (IOException e) {
      problems.add(new Problem(file, 0, "", "", "", "not YAML: " + e.getMessage()));
    }
    return ConfigNode.Mapping.empty(1);
  }

  private static Problem syntax(String file, JsonProcessingException e) {
    int line = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr());
    String what = String.valueOf(e.getOriginalMessage());
    // Jackson wraps a copy of the parser's exception or the parser's own, depending on the place.
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof MarkedYAMLException marked) {
        what = marked.getProblem();
        line = marked.getProblemMark().getLine() + 1;
      }
    }
    return new Problem(file, line, "", "", "", "not YAML: " + what.lines().findFirst().orElse(""));
  }

  private ConfigNode.Mapping document(YAMLParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      return ConfigNode.Mapping.empty(1);
    }
    ConfigNode root = value(parser, "", 0);
    if (parser.nextToken() != null) {
      add(line(parser), "", "", "one document", "a second document begins here");
    }
    if (root instanceof ConfigNode.Mapping mapping) {
      return mapping;
    }
    if (!(root instanceof ConfigNode.Scalar scalar && scalar.empty())) {
      add(root.line(), "", root.describe(), "keys as listeners: and subsystems:", "not a section");
    }
    return ConfigNode.Mapping.empty(1);
  }

  private ConfigNode value(YAMLParser parser, String path, int depth) throws IOException {
    int line = line(parser);
    if (depth > DEPTH_MAX) {
      throw new IOException("nested deeper than " + DEPTH_MAX);
    }
    if (parser.isCurrentAlias()) {
      add(line, path, "*" + parser.getText(), "the value itself", "aliases are not supported");
      return new ConfigNode.Scalar("", true, line);
    }
    return switch (Objects.requireNonNull(parser.currentToken())) {
      case START_OBJECT -> mapping(parser, path, depth);
      case START_ARRAY -> sequence(parser, path, depth);
      case VALUE_NULL -> new ConfigNode.Scalar(nullText(parser), true, line);
      default -> new ConfigNode.Scalar(parser.getText(), sourceLength(parser) == 0, line);
    };
  }

  private ConfigNode mapping(YAMLParser parser, String path, int depth) throws IOException {
    ConfigNode.Mapping mapping = ConfigNode.Mapping.empty(line(parser));
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      int line = line(parser);
      parser.nextToken();
      String at = path.isEmpty() ? key : path + "." + key;
      ConfigNode value = value(parser, at, depth + 1);
      Integer before = mapping.keyLines().putIfAbsent(key, line);
      if (before != null) {
        add(line, at, "", "each key once", "key given before in line " + before);
      } else {
        mapping.values().put(key, value);
      }
    }
    return mapping;
  }

  private ConfigNode sequence(YAMLParser parser, String path, int depth) throws IOException {
    ConfigNode.Sequence sequence = new ConfigNode.Sequence(new ArrayList<>(), line(parser));
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String at = path + "[" + sequence.items().size() + "]";
      sequence.items().add(value(parser, at, depth + 1));
    }
    return sequence;
  }

  /** Tells the word null, which names a backend, from nothing and from a tilde. */
  private static String nullText(JsonParser parser) {
    return sourceLength(parser) == NULL.length() ? NULL : "";
  }

  /** Characters the value takes in the file, quotes included; 0 when nothing is written. */
  private static long sourceLength(JsonParser parser) {
    return parser.currentLocation().getCharOffset() - parser.currentTokenLocation().getCharOffset();
  }

  private static int line(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }

  private void add(int line, String key, String value, String allowed, String message) {
    problems.add(new Problem(file, line, key, value, allowed, message));
  }
}
