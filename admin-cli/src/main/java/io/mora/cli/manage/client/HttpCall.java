package io.mora.cli.manage.client;

import java.util.LinkedHashMap;
import java.util.Map;

/** A request. */
final class HttpCall {
  private final String method;
  private final String path;
  private final Map<String, String> headers;
  private final byte[] body;

  private HttpCall(String method, String path, Map<String, String> headers, byte[] body) {
    this.method = method;
    this.path = path;
    this.headers = headers;
    this.body = body;
  }

  /**
   * A request without a body.
   *
   * @param path with its query, percent-encoded where that is needed
   */
  static HttpCall of(String method, String path) {
    return new HttpCall(method, path, Map.of(), new byte[0]);
  }

  HttpCall with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new HttpCall(method, path, more, body);
  }

  HttpCall body(String type, byte[] newBody) {
    return new HttpCall(method, path, headers, newBody.clone()).with("Content-Type", type);
  }

  String method() {
    return method;
  }

  String path() {
    return path;
  }

  /** Beside Host and Content-Length. */
  Map<String, String> headers() {
    return headers;
  }

  /** Empty for none. */
  byte[] body() {
    return body;
  }
}
