package io.mora.target.admin.change;

import com.fasterxml.jackson.databind.JsonNode;
import io.mora.target.admin.http.Json;
import io.mora.target.live.Change.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A place in which two configurations differ.
 *
 * @param path entries of lists by what names them, not by position: {@code
 *     subsystems[nqn.2026-01.example:a].namespaces[1].class}
 * @param before null where it was not there
 * @param after null where it is not there any more
 */
public record Difference(String path, @Nullable JsonNode before, @Nullable JsonNode after) {
  /** Keys that name the entries of a list, the first that is there. */
  private static final List<String> NAMES = List.of("nqn", "nsid", "address", "name");

  public Kind kind() {
    return before == null ? Kind.ADDED : after == null ? Kind.REMOVED : Kind.CHANGED;
  }

  /** Everything in which two trees differ, in the order of the file. */
  public static List<Difference> between(JsonNode before, JsonNode after) {
    List<Difference> found = new ArrayList<>();
    compare("", before, after, found);
    return found;
  }

  private static void compare(
      String path, @Nullable JsonNode before, @Nullable JsonNode after, List<Difference> found) {
    if (before != null && after != null && before.isObject() && after.isObject()) {
      compareFields(path, before, after, found);
    } else if (before != null && after != null && named(before) && named(after)) {
      compareEntries(path, before, after, found);
    } else if (before == null || !before.equals(after)) {
      found.add(new Difference(path, before, after));
    }
  }

  private static void compareFields(
      String path, JsonNode before, JsonNode after, List<Difference> found) {
    Set<String> keys = new LinkedHashSet<>();
    before.fieldNames().forEachRemaining(keys::add);
    after.fieldNames().forEachRemaining(keys::add);
    for (String key : keys) {
      JsonNode was = before.get(key);
      JsonNode is = after.get(key);
      if (was != null || is != null) {
        compare(path.isEmpty() ? key : path + "." + key, was, is, found);
      }
    }
  }

  private static void compareEntries(
      String path, JsonNode before, JsonNode after, List<Difference> found) {
    Map<String, JsonNode> was = byName(before);
    Map<String, JsonNode> is = byName(after);
    Set<String> names = new LinkedHashSet<>(was.keySet());
    names.addAll(is.keySet());
    for (String name : names) {
      compare(path + "[" + name + "]", was.get(name), is.get(name), found);
    }
  }

  /** A list whose entries all have a name, or none. */
  private static boolean named(JsonNode list) {
    if (!list.isArray()) {
      return false;
    }
    for (JsonNode entry : list) {
      if (name(entry) == null) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, JsonNode> byName(JsonNode list) {
    Map<String, JsonNode> byName = new LinkedHashMap<>();
    for (Iterator<JsonNode> entries = list.elements(); entries.hasNext(); ) {
      JsonNode entry = entries.next();
      byName.put(String.valueOf(name(entry)), entry);
    }
    return byName;
  }

  /** What names an entry of a list, or null. */
  static @Nullable String name(JsonNode entry) {
    for (String key : NAMES) {
      JsonNode value = entry.get(key);
      if (value != null) {
        return key.equals("address") && entry.has("port")
            ? Edits.address(value.asText(), entry.get("port").asText())
            : value.asText();
      }
    }
    return null;
  }

  @Override
  public String toString() {
    JsonNode was = before;
    JsonNode is = after;
    if (was == null) {
      return path + " added";
    }
    if (is == null) {
      return path + " removed";
    }
    return path + ": " + Json.line(was) + " -> " + Json.line(is);
  }
}
