package io.mora.target.admin.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that has come in whole. */
public final class Call {
  private final @Nullable Principal who;
  private final String from;
  private final Map<String, String> path;
  private final Map<String, String> query;
  private final Map<String, String> headers;
  private final byte[] body;

  /**
   * @param who who asks; null for somebody unknown at an open route
   * @param from where the request comes from, without the port
   * @param path values of the places in the route's path
   * @param query parameters, the first of each name
   * @param headers by name in lower case, the first of each
   */
  public Call(
      @Nullable Principal who,
      String from,
      Map<String, String> path,
      Map<String, String> query,
      Map<String, String> headers,
      byte[] body) {
    this.who = who;
    this.from = from;
    this.path = path;
    this.query = query;
    this.headers = headers;
    this.body = body.clone();
  }

  /** Who asks, where only somebody known is answered. */
  public Principal who() {
    if (who == null) {
      throw new IllegalStateException("an open route does not know who asks");
    }
    return who;
  }

  /** Who asks, or null: for open routes. */
  public @Nullable Principal visitor() {
    return who;
  }

  /** Where it comes from: an address without the port; empty on the unix socket. */
  public String from() {
    return from;
  }

  /** The value of a place in the route's path. */
  public String path(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + ": the route has no such place");
    }
    return value;
  }

  public @Nullable String query(String name) {
    return query.get(name);
  }

  /** A whole number in the query. */
  public long query(String name, long byDefault, long min, long max) throws Refused {
    String text = query.get(name);
    if (text == null) {
      return byDefault;
    }
    String allowed = min + " to " + max;
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw Refused.parameter(name, text, allowed, "not a whole number");
    }
    throw Refused.parameter(name, text, allowed, "out of range");
  }

  /** True or false in the query; a name without a value is true. */
  public boolean flag(String name) throws Refused {
    String text = query.getOrDefault(name, "false");
    return switch (text) {
      case "", "true" -> true;
      case "false" -> false;
      default -> throw Refused.parameter(name, text, "true, false", "neither");
    };
  }

  public @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  /** Whether the body is of a media type, whatever its parameters. */
  public boolean isOf(String mediaType) {
    String type = headers.getOrDefault("content-type", "");
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().equalsIgnoreCase(mediaType);
  }

  /** The body as text. */
  public String text() throws Refused {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw Refused.malformed("the body is not UTF-8 text");
    }
  }

  /** The body as JSON. */
  public JsonNode json() throws Refused {
    if (!isOf(Reply.JSON)) {
      throw Refused.of(
          415, "media-type", "The body is of another kind", "send Content-Type: " + Reply.JSON);
    }
    try {
      return Json.read(text());
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      String where = at == null ? "" : "line " + at.getLineNr() + ": ";
      throw Refused.malformed("the body is not JSON: " + where + e.getOriginalMessage());
    }
  }
}
