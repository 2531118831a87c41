package io.mora.protocol.admin.access;

import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.Range;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The rules of who may manage a target. */
final class AdminCheck {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9._-]{1," + TokenSpec.NAME_MAX + "}");

  private final AdminSpec spec;
  private final List<Problem> problems = new ArrayList<>();

  AdminCheck(AdminSpec spec) {
    this.spec = spec;
  }

  List<Problem> problems() {
    socket();
    spec.tcp().ifPresent(this::tcp);
    spec.metrics().ifPresent(this::metrics);
    range("admin.history", spec.history(), AdminSpec.HISTORY, "");
    range("admin.tokens", spec.tokens().size(), AdminSpec.TOKENS, " entries");
    tokens();
    return problems;
  }

  private void socket() {
    String socket = spec.socket();
    if (socket.equals(AdminSpec.AUTO) || socket.equals(AdminSpec.NONE)) {
      return;
    }
    int length = socket.getBytes(StandardCharsets.UTF_8).length;
    if (socket.isEmpty() || socket.indexOf('\0') >= 0 || length > AdminSpec.SOCKET_PATH_MAX) {
      String allowed = "auto, none, a path of 1 to " + AdminSpec.SOCKET_PATH_MAX + " bytes";
      add("admin.socket", socket, allowed, "not a path for a socket");
    }
  }

  private void tcp(TcpSpec tcp) {
    if (!tcp.listen().isLiteral()) {
      add("admin.tcp.listen", tcp.listen(), "IPv4:port, [IPv6]:port", "not an address");
    }
    file("admin.tcp.certificate", tcp.certificate());
    file("admin.tcp.key", tcp.key());
    if (spec.tokens().isEmpty()) {
      add("admin.tokens", "no entries", "at least one token", "admin.tcp needs a token");
    }
  }

  private void file(String key, String path) {
    if (path.isEmpty() || path.indexOf('\0') >= 0) {
      add(key, path, "path of a PEM file", "admin.tcp needs it: TCP is served with TLS only");
    }
  }

  private void metrics(TransportAddress address) {
    if (!address.isLiteral() || !address.socketAddress().getAddress().isLoopbackAddress()) {
      add("admin.metrics", address, "127.0.0.1:port, [::1]:port", "not a loopback address");
    }
  }

  private void tokens() {
    Map<Object, String> seen = new HashMap<>();
    for (int i = 0; i < spec.tokens().size(); i++) {
      TokenSpec token = spec.tokens().get(i);
      String key = "admin.tokens[" + i + "]";
      if (!NAME.matcher(token.name()).matches()) {
        String allowed = "1 to " + TokenSpec.NAME_MAX + " of A-Z a-z 0-9 . _ -";
        add(key + ".name", token.name(), allowed, "not a name");
      }
      if (token.sha256().length() != TokenSpec.HASH_BYTES) {
        add(key + ".sha256", token.sha256(), "64 hex digits", "not a SHA-256");
      }
      once(seen, token.name(), key + ".name");
      once(seen, token.sha256(), key + ".sha256");
    }
  }

  private void once(Map<Object, String> seen, Object value, String key) {
    String before = seen.putIfAbsent(value, key);
    if (before != null) {
      add(key, value, "each once", "already used by " + before);
    }
  }

  private void range(String key, int value, Range range, String unit) {
    if (!range.contains(value)) {
      add(key, value + unit, range.min() + " to " + range.max() + unit, "out of range");
    }
  }

  private void add(String key, Object value, String allowed, String message) {
    problems.add(Problem.of(key, value, allowed, message));
  }
}
