package io.mora.cli.manage.client;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.output.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** An answer. */
public final class HttpReply {
  static final int STALE = 412;
  static final int NOT_FOUND = 404;

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  /**
   * An answer that came in whole.
   *
   * @param headers by name in lower case
   * @param body not copied
   */
  HttpReply(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = Map.copyOf(headers);
    this.body = body;
  }

  public int status() {
    return status;
  }

  public boolean isGood() {
    return status >= 200 && status < 300;
  }

  boolean isJson() {
    return headers.getOrDefault("content-type", "").contains("json");
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The body as a JSON object; no body is an empty one. */
  public Doc doc() {
    if (body.length == 0) {
      return Doc.empty();
    }
    try {
      return Doc.of(JsonReader.read(body));
    } catch (IOException e) {
      throw new CliException(
          ExitCodes.PROTOCOL, "the answer is not JSON: " + e.getMessage() + "\nIs it Mora?", e);
    }
  }

  /** Of the configuration the answer is about. */
  public String etag() {
    return headers.getOrDefault("etag", "*");
  }
}
