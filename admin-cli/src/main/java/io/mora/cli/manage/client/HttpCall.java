package io.mora.cli.manage.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request.
 *
 * @param path with its query, percent-encoded where that is needed
 * @param headers beside Host and Content-Length
 * @param body empty for none
 */
record HttpCall(String method, String path, Map<String, String> headers, byte[] body) {
  private static final byte[] NONE = new byte[0];

  static HttpCall of(String method, String path) {
    return new HttpCall(method, path, Map.of(), NONE);
  }

  HttpCall with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new HttpCall(method, path, more, body);
  }

  HttpCall body(String type, byte[] newBody) {
    return new HttpCall(method, path, headers, newBody).with("Content-Type", type);
  }
}
