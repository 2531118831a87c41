package io.mora.cli.manage.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that is read by key, and changed; what is missing reads as empty.
 *
 * @param map its fields in their order
 */
public record Doc(Map<String, @Nullable Object> map) {
  /** A value as an object; anything else is an empty one. */
  @SuppressWarnings("unchecked") // JSON's keys are texts
  public static Doc of(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? new Doc((Map<String, @Nullable Object>) map) : empty();
  }

  public static Doc empty() {
    return new Doc(new LinkedHashMap<>());
  }

  public boolean has(String key) {
    return map.containsKey(key);
  }

  /** The value as text; empty if there is none. */
  public String text(String key) {
    return text(key, "");
  }

  public String text(String key, String byDefault) {
    Object value = map.get(key);
    return value == null ? byDefault : value.toString();
  }

  /** The value as a whole number; 0 if it is none. */
  public long number(String key) {
    return map.get(key) instanceof Number number ? number.longValue() : 0;
  }

  public double fraction(String key) {
    return map.get(key) instanceof Number number ? number.doubleValue() : 0;
  }

  public boolean flag(String key) {
    return Boolean.TRUE.equals(map.get(key));
  }

  public Doc at(String key) {
    return of(map.get(key));
  }

  /** The objects of a list. */
  public List<Doc> docs(String key) {
    List<Doc> docs = new ArrayList<>();
    if (map.get(key) instanceof List<?> list) {
      list.forEach(each -> docs.add(of(each)));
    }
    return docs;
  }

  /** A list's values as texts. */
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    if (map.get(key) instanceof List<?> list) {
      list.forEach(each -> texts.add(String.valueOf(each)));
    }
    return texts;
  }

  public Doc put(String key, @Nullable Object value) {
    map.put(key, value);
    return this;
  }

  /** Puts a list of objects. */
  public Doc putDocs(String key, List<Doc> docs) {
    return put(key, new ArrayList<>(docs.stream().map(Doc::map).toList()));
  }

  public Doc remove(String key) {
    map.remove(key);
    return this;
  }

  /** The object under a key, made if it is not there. */
  public Doc make(String key) {
    if (!(map.get(key) instanceof Map<?, ?>)) {
      map.put(key, new LinkedHashMap<>());
    }
    return at(key);
  }
}
