package io.mora.tests.kit.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** HTTP over the API's unix socket, a connection for each request. Blocks. */
public final class ApiClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path socket;

  /** What was answered. */
  public record Answer(int status, Map<String, String> headers, String body) {
    public JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("not JSON: " + body, e);
      }
    }

    public @Nullable String etag() {
      return headers.get("etag");
    }
  }

  public ApiClient(Path socket) {
    this.socket = socket;
  }

  public Answer get(String path) {
    return send("GET", path, Map.of(), "");
  }

  public Answer put(String path, String json) {
    return send("PUT", path, Map.of("Content-Type", "application/json"), json);
  }

  public Answer put(String path, String json, @Nullable String ifMatch) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    if (ifMatch != null) {
      headers.put("If-Match", ifMatch);
    }
    return send("PUT", path, headers, json);
  }

  public Answer delete(String path) {
    return send("DELETE", path, Map.of(), "");
  }

  public Answer send(String method, String path, Map<String, String> headers, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder();
    head.append(method).append(" /").append(path).append(" HTTP/1.1\r\nHost: mora\r\n");
    head.append("Connection: close\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (bytes.length > 0) {
      head.append("Content-Length: ").append(bytes.length).append("\r\n");
    }
    head.append("\r\n");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(bytes);
    return raw(all.toByteArray());
  }

  /** Sends bytes as they are, and reads what comes until the server closes. */
  public Answer raw(byte[] request) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      ByteBuffer out = ByteBuffer.wrap(request);
      try {
        while (out.hasRemaining()) {
          channel.write(out);
        }
      } catch (IOException closedEarly) {
        // It has answered without reading all of it.
      }
      return answer(readAll(channel));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String readAll(SocketChannel channel) throws IOException {
    ByteArrayOutputStream in = new ByteArrayOutputStream();
    ByteBuffer part = ByteBuffer.allocate(64 << 10);
    try {
      while (channel.read(part) >= 0) {
        in.write(part.array(), 0, part.position());
        part.clear();
      }
    } catch (IOException reset) {
      if (in.size() == 0) {
        throw reset;
      }
    }
    return in.toString(StandardCharsets.UTF_8);
  }

  private static Answer answer(String text) {
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new IllegalStateException("not an answer: '" + text + "'");
    }
    String[] lines = text.substring(0, end).split("\r\n", -1);
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    int status = Integer.parseInt(lines[0].substring(9, 12));
    return new Answer(status, headers, text.substring(end + 4));
  }
}
