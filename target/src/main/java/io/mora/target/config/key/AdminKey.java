package io.mora.target.config.key;

import static io.mora.target.config.key.ConfigKey.bounds;

import io.mora.protocol.admin.access.AdminSpec;
import io.mora.protocol.admin.access.TcpSpec;

/** Keys of how the daemon is managed. */
public enum AdminKey implements ConfigKey {
  ADMIN(
      "admin",
      "section",
      "",
      "",
      "How the daemon is managed (docs/api.md). Changed by a restart, but for `history` and"
          + " `tokens`."),
  SOCKET(
      "admin.socket",
      "path",
      AdminSpec.AUTO,
      "auto, none, a path of at most " + AdminSpec.SOCKET_PATH_MAX + " bytes",
      "Unix socket of the API, for its owner and group only (mode 0660); who can open it may do"
          + " everything. auto is `/run/mora/admin.sock` for root and"
          + " `$XDG_RUNTIME_DIR/mora/admin.sock` for others, and a daemon that does not get that"
          + " serves without. Relative to the configuration file's folder unless absolute."),
  GROUP("admin.group", "text", "the process'", "a group of this machine", "Group of the socket."),
  METRICS(
      "admin.metrics",
      "address:port",
      "none",
      "127.0.0.1:port, [::1]:port",
      "Serves `/metrics` here too, and nothing else, without TLS and token: for a Prometheus on"
          + " this machine."),
  HISTORY(
      "admin.history",
      "number",
      "" + AdminSpec.HISTORY.defaultValue(),
      bounds(AdminSpec.HISTORY),
      "Versions of this file that are kept beside it, in a folder of its name and `.history`."),
  TCP("admin.tcp", "section", "none", "", "The API over TCP, with TLS and a token only."),
  TCP_LISTEN(
      "admin.tcp.listen",
      "address:port",
      "required",
      "IPv4:port, [IPv6]:port",
      "Where; without a port it is " + TcpSpec.PORT + ", port 0 takes a free one."),
  TCP_CERTIFICATE(
      "admin.tcp.certificate", "path", "required", "a PEM file", "Certificate and chain."),
  TCP_KEY("admin.tcp.key", "path", "required", "a PEM file", "Its private key (PKCS 8)."),
  TOKENS("admin.tokens", "list", "none", "", "Who may come over TCP."),
  TOKEN_NAME(
      "admin.tokens[].name", "text", "required", "A-Z a-z 0-9 . _ -", "For the audit log; unique."),
  TOKEN_ROLE(
      "admin.tokens[].role",
      "word",
      "read",
      "read, admin",
      "read looks at everything but secrets; admin changes everything."),
  TOKEN_HASH(
      "admin.tokens[].sha256",
      "text",
      "required",
      "64 hex digits",
      "SHA-256 of the token; docs/api.md has the command. Only long random tokens are safe like"
          + " this.");

  @SuppressWarnings("ImmutableEnumChecker") // a record of strings
  private final Text text;

  AdminKey(String pattern, String form, String byDefault, String allowed, String meaning) {
    text = new Text(pattern, form, byDefault, allowed, meaning);
  }

  @Override
  public Text text() {
    return text;
  }
}
