package io.mora.target.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is answered: a status, headers, a body. */
public final class Reply {
  public static final String JSON = "application/json";
  public static final String YAML = "application/yaml";
  public static final String PROBLEM = "application/problem+json";

  private final int status;
  private final byte[] body;
  private final Map<String, String> headers = new LinkedHashMap<>();

  private Reply(int status, byte[] body) {
    this.status = status;
    this.body = body;
  }

  public static Reply json(JsonNode body) {
    return of(200, JSON, Json.text(body));
  }

  public static Reply of(int status, String type, String body) {
    return of(status, type, body.getBytes(StandardCharsets.UTF_8));
  }

  public static Reply of(int status, String type, byte[] body) {
    return new Reply(status, body).with("Content-Type", type);
  }

  /** Without a body. */
  public static Reply empty(int status) {
    return new Reply(status, new byte[0]);
  }

  /** The same body with another status. */
  public Reply status(int other) {
    Reply reply = new Reply(other, body);
    reply.headers.putAll(headers);
    return reply;
  }

  public Reply with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  public int status() {
    return status;
  }

  public byte[] body() {
    return body;
  }

  public Map<String, String> headers() {
    return headers;
  }
}
