package io.mora.target.config.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * One version of the configuration: its text, and in the text's first line who made it.
 *
 * @param number ascending; 0 of a file that nobody numbered yet
 * @param at when it was written, as ISO 8601 has it; empty where unknown
 * @param by who made it; {@code file} if it was edited by hand
 * @param change what became different, in words
 * @param text YAML as it is in the file, first line included
 */
public record StoredVersion(long number, String at, String by, String change, String text) {
  /** Longest description kept; more is cut. */
  static final int CHANGE_MAX = 400;

  private static final String MARK = "# mora-version: ";
  private static final String BY_HAND = "file";

  /** A version whose first line says what it is; a first line there was is replaced. */
  static StoredVersion of(long number, String at, String by, String change, String yaml) {
    String what = change.length() > CHANGE_MAX ? change.substring(0, CHANGE_MAX) : change;
    StringWriter line = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
      json.writeStartObject();
      json.writeNumberField("number", number);
      json.writeStringField("at", at);
      json.writeStringField("by", by);
      json.writeStringField("change", what);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new StoredVersion(number, at, by, what, MARK + line + "\n" + body(yaml));
  }

  private static String body(String text) {
    return text.startsWith(MARK) ? text.substring(text.indexOf('\n') + 1) : text;
  }

  /** Reads the first line, if it is one of ours. */
  static StoredVersion parse(String text) {
    Map<String, String> values = new TreeMap<>();
    if (text.startsWith(MARK)) {
      int end = text.indexOf('\n');
      String line = text.substring(MARK.length(), end < 0 ? text.length() : end);
      try (JsonParser json = new JsonFactory().createParser(line)) {
        for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
          if (token == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            values.put(name, json.getText());
          }
        }
      } catch (IOException e) {
        values.clear(); // Somebody edited it: a comment like any other.
      }
    }
    return new StoredVersion(
        number(values.getOrDefault("number", "0")),
        values.getOrDefault("at", ""),
        values.getOrDefault("by", BY_HAND),
        values.getOrDefault("change", ""),
        text);
  }

  private static long number(String text) {
    try {
      return Math.max(0, Long.parseLong(text));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
