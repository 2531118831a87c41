package io.mora.target.admin.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.protocol.admin.Problem;
import java.util.List;

/** A request is not granted; becomes a problem document (RFC 9457). */
public final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String kind;
  private final String title;
  private final transient List<Problem> problems;

  /**
   * @param kind last part of the problem's type, the same for ever: {@code stale}
   * @param title the same for all of a kind
   * @param detail what is wrong with this request, and what to do
   * @param problems each field that is wrong
   */
  public Refused(int status, String kind, String title, String detail, List<Problem> problems) {
    super(detail);
    this.status = status;
    this.kind = kind;
    this.title = title;
    this.problems = List.copyOf(problems);
  }

  private Refused(int status, String kind, String title, String detail) {
    this(status, kind, title, detail, List.of());
  }

  /** Something in it cannot be read at all. */
  public static Refused malformed(String detail) {
    return new Refused(400, "malformed", "The request cannot be read", detail);
  }

  /** A parameter of the query is wrong. */
  public static Refused parameter(String name, String value, String allowed, String message) {
    Problem problem = Problem.of(name, value, allowed, message);
    return new Refused(
        400, "malformed", "The request cannot be read", problem.toString(), List.of(problem));
  }

  public static Refused unknown(String what) {
    return new Refused(404, "not-found", "There is no such thing", what);
  }

  /** What is wanted breaks rules, each with its field. */
  public static Refused invalid(List<Problem> problems) {
    String detail =
        problems.size() == 1 ? problems.get(0).toString() : problems.size() + " fields are wrong";
    return new Refused(
        422, "invalid", "Nothing was changed: the configuration is not valid", detail, problems);
  }

  /** What is wanted is valid, and cannot be had while the target runs. */
  public static Refused notLive(List<Problem> problems) {
    String detail = problems.size() == 1 ? problems.get(0).toString() : problems.size() + " fields";
    return new Refused(
        409, "not-live", "Nothing was changed: this cannot be changed now", detail, problems);
  }

  public static Refused conflict(String kind, String detail) {
    return new Refused(409, kind, "Nothing was changed: something stands against it", detail);
  }

  /** If-Match names another version. */
  public static Refused stale(String now) {
    String detail = "the configuration has changed since; read it again, it is " + now + " now";
    return new Refused(412, "stale", "Nothing was changed: not the version you know", detail);
  }

  public static Refused precondition() {
    String detail = "send If-Match with the ETag that GET /api/v1/config returned, or *";
    return new Refused(428, "precondition-required", "Say which version you change", detail);
  }

  public static Refused of(int status, String kind, String title, String detail) {
    return new Refused(status, kind, title, detail);
  }

  public int status() {
    return status;
  }

  public List<Problem> problems() {
    return problems;
  }

  /** The problem document. */
  public Reply reply() {
    ObjectNode body = Json.object();
    body.put("type", "urn:mora:problem:" + kind);
    body.put("title", title);
    body.put("status", status);
    body.put("detail", String.valueOf(getMessage()));
    ArrayNode errors = body.putArray("errors");
    for (Problem problem : problems) {
      ObjectNode error = errors.addObject();
      error.put("field", problem.key());
      error.put("value", problem.value());
      error.put("allowed", problem.allowed());
      error.put("message", problem.message());
      if (problem.line() > 0 && !problem.file().isEmpty()) {
        error.put("line", problem.line());
      }
    }
    return Reply.of(status, Reply.PROBLEM, Json.text(body));
  }
}
