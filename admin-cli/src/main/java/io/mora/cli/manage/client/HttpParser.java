package io.mora.cli.manage.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reads one HTTP/1.1 answer (RFC 9112); what is longer than its bounds is refused. */
final class HttpParser {
  static final int LINE_MAX = 8 << 10;
  static final int HEADERS_MAX = 100;

  /** Four times the largest configuration, as JSON takes more than YAML. */
  static final int BODY_MAX = 64 << 20;

  private static final int CHUNK = 16 << 10;

  private final InputStream in;

  HttpParser(InputStream in) {
    this.in = in;
  }

  /** The answer to a request that was not HEAD. */
  HttpReply read() throws IOException {
    int status = status(line());
    while (status >= 100 && status < 200) {
      headers();
      status = status(line());
    }
    Map<String, String> headers = headers();
    return new HttpReply(status, headers, status == 204 ? new byte[0] : body(headers));
  }

  private static int status(String line) throws ProtocolException {
    String[] parts = line.split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/1.")) {
      throw new ProtocolException("no HTTP answer: " + line);
    }
    return number(parts[1], 10, 999, "status");
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1 || headers.size() >= HEADERS_MAX) {
        throw new ProtocolException("header " + line + ": at most " + HEADERS_MAX + " as NAME: V");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      headers.putIfAbsent(name, line.substring(colon + 1).strip());
    }
    return headers;
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    String length = headers.get("content-length");
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      int chunk;
      do {
        String size = line();
        int end = size.indexOf(';');
        chunk = number((end < 0 ? size : size.substring(0, end)).strip(), 16, BODY_MAX, "chunk");
        copy(chunk, body);
        if (chunk > 0) {
          line();
        }
      } while (chunk > 0);
      headers();
    } else if (length != null) {
      copy(number(length, 10, BODY_MAX, "Content-Length"), body);
    } else {
      byte[] part = new byte[CHUNK];
      for (int count = in.read(part); count >= 0; count = in.read(part)) {
        room(body, count);
        body.write(part, 0, count);
      }
    }
    return body.toByteArray();
  }

  private void copy(int length, ByteArrayOutputStream into) throws IOException {
    room(into, length);
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the answer ends early");
    }
    into.write(bytes, 0, bytes.length);
  }

  private static void room(ByteArrayOutputStream body, int more) throws ProtocolException {
    if (body.size() + more > BODY_MAX) {
      throw new ProtocolException("the answer is longer than " + BODY_MAX + " bytes");
    }
  }

  private static int number(String text, int radix, int max, String what) throws ProtocolException {
    try {
      int value = Integer.parseInt(text, radix);
      if (value >= 0 && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new ProtocolException(what + " " + text + ": no number");
    }
    throw new ProtocolException(what + " " + text + ": 0 to " + max);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the answer ends early");
      }
      if (line.size() == LINE_MAX) {
        throw new ProtocolException("a line of the answer is longer than " + LINE_MAX + " bytes");
      }
      line.write(next);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
