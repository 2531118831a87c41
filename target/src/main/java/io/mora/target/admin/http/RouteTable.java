package io.mora.target.admin.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** All routes; finds the one of a request. */
public final class RouteTable {
  private final List<Route> routes;

  /** A route and the values of its places. */
  public record Found(Route route, Map<String, String> path) {}

  public RouteTable(List<Route> routes) {
    this.routes = List.copyOf(routes);
  }

  public List<Route> routes() {
    return routes;
  }

  /**
   * The route of a method and a path as it came; HEAD is that of GET.
   *
   * @throws Refused 404 or 405
   */
  public Found find(String method, String rawPath) throws Refused {
    List<String> path = split(rawPath);
    String wanted = method.equals("HEAD") ? "GET" : method;
    TreeSet<String> others = new TreeSet<>();
    for (Route route : routes) {
      Map<String, String> values = route.match(path);
      if (values != null && route.method().equals(wanted)) {
        return new Found(route, values);
      }
      if (values != null) {
        others.add(route.method());
      }
    }
    if (others.isEmpty()) {
      throw Refused.unknown("no resource at " + rawPath + "; see /api/v1/openapi.json");
    }
    String detail = rawPath + " has " + String.join(", ", others) + ", not " + method;
    throw Refused.of(405, "method", "The resource has no such method", detail);
  }

  /** Whether anybody is answered there. */
  public boolean isOpen(String method, String rawPath) {
    try {
      return find(method, rawPath).route().isOpen();
    } catch (Refused e) {
      return false;
    }
  }

  private static List<String> split(String rawPath) throws Refused {
    List<String> parts = new ArrayList<>();
    for (String part : rawPath.substring(rawPath.startsWith("/") ? 1 : 0).split("/", -1)) {
      try {
        // A plus is itself in a path.
        parts.add(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        throw Refused.malformed("the path is not percent-encoded as it should be: " + rawPath);
      }
    }
    return parts;
  }
}
