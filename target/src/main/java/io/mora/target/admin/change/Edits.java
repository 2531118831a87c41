package io.mora.target.admin.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.target.admin.http.Refused;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds, puts and removes parts of a configuration tree. */
public final class Edits {
  private Edits() {}

  /** Changes a copy of the configuration; what cannot be is refused. */
  @FunctionalInterface
  public interface Edit {
    void on(ObjectNode config) throws Refused;
  }

  /** An entry of a list is the one with this value. */
  public static Predicate<JsonNode> is(String key, String value) {
    return entry -> entry.path(key).asText().equals(value);
  }

  /** The listener of an address and port as they are written in a path. */
  public static Predicate<JsonNode> listensAt(String address) {
    return entry ->
        address(entry.path("address").asText(), entry.path("port").asText()).equals(address);
  }

  /** {@code 10.0.0.1:4420}, {@code [::1]:4420}. */
  public static String address(String host, String port) {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  /** The first such entry of a list, or null. */
  public static @Nullable ObjectNode find(ObjectNode in, String list, Predicate<JsonNode> which) {
    for (JsonNode entry : in.withArray(list)) {
      if (which.test(entry) && entry instanceof ObjectNode found) {
        return found;
      }
    }
    return null;
  }

  /** As {@link #find}, refusing what is not there. */
  public static ObjectNode need(ObjectNode in, String list, Predicate<JsonNode> which, String what)
      throws Refused {
    ObjectNode found = find(in, list, which);
    if (found == null) {
      throw Refused.unknown("there is no " + what);
    }
    return found;
  }

  /** Puts an entry in the place of such a one, or at the end. */
  public static void put(ObjectNode in, String list, Predicate<JsonNode> which, JsonNode entry) {
    ArrayNode entries = in.withArray(list);
    for (int i = 0; i < entries.size(); i++) {
      if (which.test(entries.get(i))) {
        entries.set(i, entry);
        return;
      }
    }
    entries.add(entry);
  }

  /** Removes such an entry; what is not there is refused. */
  public static void remove(ObjectNode in, String list, Predicate<JsonNode> which, String what)
      throws Refused {
    ArrayNode entries = in.withArray(list);
    for (int i = 0; i < entries.size(); i++) {
      if (which.test(entries.get(i))) {
        entries.remove(i);
        return;
      }
    }
    throw Refused.unknown("there is no " + what);
  }

  /**
   * The body as a section that names itself as the path does; a name left out is put in.
   *
   * @throws Refused if it is no section or names another
   */
  public static ObjectNode named(JsonNode body, String key, String value) throws Refused {
    if (!(body instanceof ObjectNode section)) {
      throw Refused.malformed("the body is a JSON object");
    }
    JsonNode named = section.get(key);
    if (named != null && !named.asText().equals(value)) {
      throw Refused.parameter(key, named.asText(), value, "the path names another");
    }
    if (named != null) {
      return section;
    }
    ObjectNode complete = section.objectNode();
    complete.put(key, value);
    complete.setAll(section);
    return complete;
  }
}
