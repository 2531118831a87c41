package io.mora.protocol;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * Where an NVMe/TCP controller listens: TRADDR and TRSVCID.
 *
 * @param host an IPv4 or IPv6 literal (without brackets), or a host name for an initiator to
 *     resolve
 * @param port 0..65535; 0 asks the system for a free port and is meant for listeners only
 */
public record TransportAddress(String host, int port) {
  /** IANA's port for I/O controllers. */
  public static final int IO_PORT = 4420;

  /** IANA's port for discovery controllers. */
  public static final int DISCOVERY_PORT = 8009;

  /** ADRFAM values of a discovery log entry. */
  public static final int IPV4 = 1;

  public static final int IPV6 = 2;

  private static final int HOST_MAX = 253;
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_-]+)*\\.?");
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");

  /**
   * @throws IllegalArgumentException if the host is neither an address nor a name, or the port is
   *     out of range
   */
  public TransportAddress {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + ": 0 to 65535");
    }
    boolean literal = NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    boolean name =
        host.length() <= HOST_MAX
            && NAME.matcher(host).matches()
            && !DIGITS_AND_DOTS.matcher(host).matches();
    if (host.startsWith("[") || (!literal && !name)) {
      throw new IllegalArgumentException(
          "address '" + host + "': an IPv4 or IPv6 address or a host name");
    }
  }

  /**
   * Parses {@code host}, {@code host:port}, {@code [v6]:port} or a bare IPv6 address.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public static TransportAddress parse(String text, int defaultPort) {
    if (NetUtil.isValidIpV6Address(text) && !text.startsWith("[")) {
      return new TransportAddress(text, defaultPort);
    }
    if (text.startsWith("[")) {
      int close = text.indexOf(']');
      if (close < 0 || (close + 1 < text.length() && text.charAt(close + 1) != ':')) {
        throw new IllegalArgumentException("address '" + text + "': [IPv6]:port");
      }
      String host = text.substring(1, close);
      return new TransportAddress(
          host, close + 1 < text.length() ? port(text, close + 2) : defaultPort);
    }
    int colon = text.lastIndexOf(':');
    return colon < 0
        ? new TransportAddress(text, defaultPort)
        : new TransportAddress(text.substring(0, colon), port(text, colon + 1));
  }

  private static int port(String text, int from) {
    String digits = text.substring(from);
    if (digits.isEmpty()
        || digits.length() > 5
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("address '" + text + "': port 0 to 65535 after the colon");
    }
    return Integer.parseInt(digits);
  }

  public boolean isIpv4() {
    return NetUtil.isValidIpV4Address(host);
  }

  public boolean isIpv6() {
    return NetUtil.isValidIpV6Address(host);
  }

  /** An address rather than a name. */
  public boolean isLiteral() {
    return isIpv4() || isIpv6();
  }

  /** 0.0.0.0 or ::, which listens on every address and can never be connected to. */
  public boolean isWildcard() {
    return isLiteral() && inetAddress().isAnyLocalAddress();
  }

  /** ADRFAM: {@link #IPV4} or {@link #IPV6}; IllegalStateException for a name. */
  public int addressFamily() {
    if (!isLiteral()) {
      throw new IllegalStateException(host + " is a name");
    }
    return isIpv4() ? IPV4 : IPV6;
  }

  public TransportAddress withPort(int newPort) {
    return new TransportAddress(host, newPort);
  }

  /** Resolved for a literal; unresolved for a name, which the connecting side looks up. */
  public InetSocketAddress socketAddress() {
    return isLiteral()
        ? new InetSocketAddress(inetAddress(), port)
        : InetSocketAddress.createUnresolved(host, port);
  }

  private InetAddress inetAddress() {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      // A literal is never looked up; only an IPv6 scope that names no interface ends here.
      throw new IllegalArgumentException("address '" + host + "': " + e.getMessage(), e);
    }
  }

  /** {@code host:port}, IPv6 in brackets; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return isIpv6() ? "[" + host + "]:" + port : host + ":" + port;
  }
}
