package io.mora.protocol.admin.access;

import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.Range;
import java.util.List;
import java.util.Optional;

/**
 * How the daemon is managed: the part of its configuration file that is not of the target.
 *
 * @param socket path of the unix socket; {@link #AUTO} takes the machine's usual place, {@link
 *     #NONE} is no socket
 * @param group group of the socket beside its owner; empty keeps the process' own
 * @param tcp management over TCP, if any
 * @param metrics where {@code /metrics} is served besides, without TLS and token; a loopback
 *     address
 * @param history versions of the configuration that are kept
 * @param tokens who may come over TCP
 */
public record AdminSpec(
    String socket,
    String group,
    Optional<TcpSpec> tcp,
    Optional<TransportAddress> metrics,
    int history,
    List<TokenSpec> tokens) {
  public static final String AUTO = "auto";
  public static final String NONE = "none";

  public static final Range HISTORY = new Range(1, 32, 1024);
  public static final Range TOKENS = new Range(0, 0, 256);

  /** The kernel keeps 108 bytes, and the socket is made in a folder beside its place first. */
  public static final int SOCKET_PATH_MAX = 96;

  /** The socket in the machine's usual place, nothing else. */
  public static final AdminSpec DEFAULT = of(AUTO);

  /** Nothing listens. */
  public static final AdminSpec OFF = of(NONE);

  public AdminSpec {
    tokens = List.copyOf(tokens);
  }

  /** A socket, and nothing else. */
  public static AdminSpec of(String socket) {
    return new AdminSpec(
        socket, "", Optional.empty(), Optional.empty(), (int) HISTORY.defaultValue(), List.of());
  }

  public AdminSpec withTcp(TcpSpec newTcp, List<TokenSpec> newTokens) {
    return new AdminSpec(socket, group, Optional.of(newTcp), metrics, history, newTokens);
  }

  public AdminSpec withMetrics(TransportAddress address) {
    return new AdminSpec(socket, group, tcp, Optional.of(address), history, tokens);
  }

  public AdminSpec withTokens(List<TokenSpec> newTokens) {
    return new AdminSpec(socket, group, tcp, metrics, history, newTokens);
  }

  public AdminSpec withHistory(int versions) {
    return new AdminSpec(socket, group, tcp, metrics, versions, tokens);
  }

  /** Whether it listens anywhere at all. */
  public boolean listens() {
    return !socket.equals(NONE) || tcp.isPresent() || metrics.isPresent();
  }

  /** Whether both listen at the same places: all else may change while they do. */
  public boolean listensAs(AdminSpec other) {
    return socket.equals(other.socket)
        && group.equals(other.group)
        && tcp.equals(other.tcp)
        && metrics.equals(other.metrics);
  }

  /** Everything that is wrong; empty when it can be run. */
  public List<Problem> validate() {
    return new AdminCheck(this).problems();
  }
}
