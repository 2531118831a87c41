package io.mora.target.admin.http;

import io.mora.protocol.admin.access.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A method of a path, and who answers it.
 *
 * @param template path with places in braces: {@code /api/v1/hosts/{nqn}}
 * @param role what it needs; null where anybody is answered, known or not
 */
public record Route(String method, String template, @Nullable Role role, Handler handler) {
  /** Answers a call; a control thread, which it may block. */
  @FunctionalInterface
  public interface Handler {
    Reply handle(Call call) throws Refused;
  }

  public static Route get(String template, Handler handler) {
    return new Route("GET", template, Role.READ, handler);
  }

  public static Route put(String template, Handler handler) {
    return new Route("PUT", template, Role.ADMIN, handler);
  }

  public static Route post(String template, Handler handler) {
    return new Route("POST", template, Role.ADMIN, handler);
  }

  public static Route delete(String template, Handler handler) {
    return new Route("DELETE", template, Role.ADMIN, handler);
  }

  /** For anybody: what comes before one is known. Its bodies are short. */
  public static Route open(String method, String template, Handler handler) {
    return new Route(method, template, null, handler);
  }

  /** Whether anybody is answered. */
  public boolean isOpen() {
    return role == null;
  }

  /** Whether somebody may use it. */
  public boolean allows(@Nullable Principal who) {
    return role == null || (who != null && who.role().covers(role));
  }

  /** The word for what it needs: a role, or {@code none}. */
  public String roleWord() {
    return role == null ? "none" : role.word();
  }

  /** The same for somebody who may look. */
  public Route forReaders() {
    return new Route(method, template, Role.READ, handler);
  }

  /** Whether it may change anything: such calls wait for each other. */
  public boolean writes() {
    return role == Role.ADMIN && !method.equals("GET");
  }

  /** Values of the places in a path, or null if it is another path. */
  @Nullable Map<String, String> match(List<String> path) {
    String[] parts = template.substring(1).split("/", -1);
    if (parts.length != path.size()) {
      return null;
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (part.startsWith("{")) {
        values.put(part.substring(1, part.length() - 1), path.get(i));
      } else if (!part.equals(path.get(i))) {
        return null;
      }
    }
    return values;
  }
}
