package io.mora.target.config;

import io.mora.protocol.admin.Problem;
import io.mora.target.config.key.AdminKey;
import io.mora.target.config.key.ConfigKey;
import io.mora.target.config.key.DhchapKey;
import io.mora.target.config.key.TlsPskKey;
import io.mora.target.config.yaml.ConfigNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds keys that no {@link ConfigKey} knows, and guesses what was meant. */
final class UnknownKeys {
  private static final Set<String> KNOWN =
      ConfigKey.all().stream().map(ConfigKey::pattern).collect(Collectors.toSet());

  private final String file;
  private final List<Problem> problems;

  UnknownKeys(String file, List<Problem> problems) {
    this.file = file;
    this.problems = problems;
  }

  void check(ConfigNode node, String path, String pattern) {
    if (node instanceof ConfigNode.Sequence sequence) {
      for (int i = 0; i < sequence.items().size(); i++) {
        check(sequence.items().get(i), path + "[" + i + "]", pattern + "[]");
      }
    } else if (node instanceof ConfigNode.Mapping mapping) {
      for (Map.Entry<String, ConfigNode> entry : mapping.values().entrySet()) {
        key(mapping, entry, path, pattern);
      }
    }
  }

  private void key(
      ConfigNode.Mapping mapping, Map.Entry<String, ConfigNode> entry, String path, String in) {
    String key = entry.getKey();
    String child = in.isEmpty() ? key : in + "." + key;
    String at = path.isEmpty() ? key : path + "." + key;
    if (KNOWN.contains(child)) {
      check(entry.getValue(), at, child);
      return;
    }
    List<String> siblings = siblings(in);
    if (siblings.isEmpty()) {
      // The place itself holds no section; whoever reads its value says so.
      return;
    }
    Integer line = mapping.keyLines().get(key);
    // What stands in a section of secrets under a wrong name is most likely a secret.
    boolean show =
        !in.equals(DhchapKey.HOST_DHCHAP.pattern()) && !in.equals(TlsPskKey.HOST_TLS.pattern());
    String text = show && entry.getValue() instanceof ConfigNode.Scalar scalar ? scalar.text() : "";
    String allowed = String.join(", ", siblings);
    problems.add(
        new Problem(file, line == null ? 0 : line, at, text, allowed, message(key, siblings)));
  }

  private static List<String> siblings(String parent) {
    List<String> keys = new ArrayList<>();
    for (ConfigKey known : ConfigKey.all()) {
      if (known.parent().equals(parent)) {
        keys.add(known.key());
      }
    }
    return Collections.unmodifiableList(keys);
  }

  private static String message(String key, List<String> siblings) {
    String near = Suggestion.nearest(key, siblings);
    if (near != null) {
      return "unknown key, did you mean " + near + "?";
    }
    String elsewhere = elsewhere(key);
    return elsewhere == null ? "unknown key" : "unknown key here, it belongs at " + elsewhere;
  }

  private static @Nullable String elsewhere(String key) {
    for (ConfigKey known : ConfigKey.all()) {
      // What is said of management is seldom meant elsewhere.
      if (known.key().equals(key) && !(known instanceof AdminKey)) {
        return known.pattern();
      }
    }
    return null;
  }
}
