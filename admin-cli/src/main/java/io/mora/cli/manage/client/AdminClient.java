package io.mora.cli.manage.client;

import io.mora.cli.output.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The daemon's API as commands use it. Every method waits, and throws what a person can read. */
public final class AdminClient {
  private static final String V1 = "/api/v1";
  private static final String JSON = "application/json";
  private static final String YAML = "application/yaml";
  private static final String IF_MATCH = "If-Match";

  private final HttpTransport transport;
  private final boolean discardEdits;

  /**
   * @param discardEdits changes overwrite a file that was edited by hand
   */
  AdminClient(HttpTransport transport, boolean discardEdits) {
    this.transport = transport;
    this.discardEdits = discardEdits;
  }

  /** A part of the configuration, and which version of all of it that is of. */
  public record Part(Doc doc, String etag) {}

  /** A path from its parts, each of which may hold anything. */
  public static String path(Object... parts) {
    StringBuilder path = new StringBuilder();
    for (Object part : parts) {
      path.append('/').append(encode(part.toString()));
    }
    return path.toString();
  }

  /** A text as it stands in a path or a query. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** What is at a path. */
  public Doc get(String path) {
    return read(path).doc();
  }

  /** What is at a path, to be changed. */
  public Part read(String path) {
    HttpReply reply = good(transport.exchange(HttpCall.of("GET", V1 + path)));
    return new Part(reply.doc(), reply.etag());
  }

  /** As {@link #read}; empty where nothing is. */
  public Optional<Part> find(String path) {
    HttpReply reply = transport.exchange(HttpCall.of("GET", V1 + path));
    return reply.status() == HttpReply.NOT_FOUND
        ? Optional.empty()
        : Optional.of(new Part(good(reply).doc(), reply.etag()));
  }

  /** A text that is not JSON. */
  public String yaml(String path) {
    return good(transport.exchange(HttpCall.of("GET", V1 + path).with("Accept", YAML))).text();
  }

  /** As {@link #yaml}, to be sent again as it is. */
  public byte[] bytes(String path) {
    return yaml(path).getBytes(StandardCharsets.UTF_8);
  }

  /** Puts a document; the answer may be a refusal. */
  public HttpReply put(String path, Doc body, String etag) {
    return transport.exchange(
        HttpCall.of("PUT", V1 + path + edits())
            .body(JSON, Json.text(body.map()).getBytes(StandardCharsets.UTF_8))
            .with(IF_MATCH, etag));
  }

  /** As {@link #put} with a configuration as a file has it. */
  public HttpReply putYaml(String path, byte[] body, String etag) {
    return transport.exchange(
        HttpCall.of("PUT", V1 + path + edits()).body(YAML, body).with(IF_MATCH, etag));
  }

  /** Removes; the answer may be a refusal. */
  public HttpReply delete(String path, String etag) {
    return transport.exchange(HttpCall.of("DELETE", V1 + path + edits()).with(IF_MATCH, etag));
  }

  /** Sends a configuration that is not put in force. */
  public Doc postYaml(String path, byte[] body) {
    return good(transport.exchange(HttpCall.of("POST", V1 + path).body(YAML, body))).doc();
  }

  /** Has something done. */
  public Doc post(String path, String etag) {
    return good(transport.exchange(HttpCall.of("POST", V1 + path + edits()).with(IF_MATCH, etag)))
        .doc();
  }

  /** As {@link #post} where no version is changed. */
  public Doc post(String path) {
    return good(transport.exchange(HttpCall.of("POST", V1 + path))).doc();
  }

  /**
   * Makes a change that reads first, and makes it again from the start if something else was
   * changed in between: once, because whoever changes all the time should be noticed.
   */
  public Doc change(Supplier<HttpReply> attempt) {
    HttpReply reply = attempt.get();
    return good(reply.status() == HttpReply.STALE ? attempt.get() : reply).doc();
  }

  /** Changes what is at a path. */
  public Doc edit(String path, Consumer<Doc> edit) {
    return change(
        () -> {
          Part part = read(path);
          edit.accept(part.doc());
          return put(path, part.doc(), part.etag());
        });
  }

  /** The answer, unless it is a refusal, which is thrown. */
  public HttpReply good(HttpReply reply) {
    if (!reply.isGood()) {
      throw Refusal.of(reply, transport.place());
    }
    return reply;
  }

  private String edits() {
    return discardEdits ? "?discardEdits=true" : "";
  }
}
