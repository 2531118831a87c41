package io.mora.target.controller.auth;

import io.mora.protocol.admin.LimitsSpec;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many connections are open, and how fast they come: of one address, and of all. One more is
 * closed before a byte of it is read; hosts come again.
 *
 * <p>Any thread; the lock is held for a look-up, when a connection comes and when it ends.
 */
public final class Arrivals {
  /** Connections that may come at once are those of so many seconds. */
  static final int BURST_S = 2;

  private static final long NS_PER_S = 1_000_000_000L;

  /** Of an IPv6 address what networks give to one machine. */
  private static final int IPV6_PREFIX_BYTES = 8;

  private final int connectionsMax;
  private final int perAddressMax;
  private final int perAddressPerSecond;
  private final Pace all;
  private final Map<String, Source> sources = new LinkedHashMap<>();
  private int open;

  public Arrivals(LimitsSpec limits) {
    connectionsMax = limits.connections();
    perAddressMax = limits.perAddress().connectionsOf(limits.connections());
    perAddressPerSecond = limits.perAddress().connectsPerSecond();
    all = new Pace(limits.connectsPerSecond());
  }

  /** Connections in a second, evenly, and some at once; 0 is any number. */
  private static final class Pace {
    private final long perConnectNs;

    /** When all that came would have come evenly. */
    private long evenNs;

    private boolean begun;

    Pace(int perSecond) {
      perConnectNs = perSecond == 0 ? 0 : NS_PER_S / perSecond;
    }

    boolean allows(long nowNs) {
      return perConnectNs == 0 || !begun || evenNs - nowNs <= BURST_S * NS_PER_S - perConnectNs;
    }

    void take(long nowNs) {
      evenNs = (begun && evenNs - nowNs > 0 ? evenNs : nowNs) + perConnectNs;
      begun = true;
    }

    boolean isRested(long nowNs) {
      return !begun || evenNs - nowNs <= 0;
    }
  }

  private static final class Source {
    private final Pace pace;
    private int open;

    Source(int perSecond) {
      pace = new Pace(perSecond);
    }
  }

  /**
   * A connection has come: counts it until {@link #left}.
   *
   * @param nowNs of any clock
   * @return null, or why it is to be closed; then it is not counted
   */
  public synchronized @Nullable String refusal(InetAddress from, long nowNs) {
    if (open >= connectionsMax) {
      return connectionsMax + " are open";
    }
    String key = key(from);
    Source source = sources.get(key);
    if (source != null && source.open >= perAddressMax) {
      return perAddressMax + " are open from there";
    }
    if (source != null && !source.pace.allows(nowNs)) {
      return "more than " + perAddressPerSecond + " a second from there";
    }
    if (!all.allows(nowNs)) {
      return "more a second than may come";
    }
    if (source == null) {
      forgetOne();
      source = new Source(perAddressPerSecond);
      sources.put(key, source);
    }
    source.pace.take(nowNs);
    all.take(nowNs);
    source.open++;
    open++;
    return null;
  }

  /** A connection that was counted has ended. */
  public synchronized void left(InetAddress from, long nowNs) {
    open--;
    String key = key(from);
    Source source = sources.get(key);
    if (source != null && --source.open == 0 && source.pace.isRested(nowNs)) {
      sources.remove(key);
    }
  }

  /**
   * Keeps no more addresses than connections: of those without any, the one known longest is
   * forgotten for another. There is one, as fewer connections are open than may be.
   */
  private void forgetOne() {
    if (sources.size() < connectionsMax) {
      return;
    }
    Iterator<Source> each = sources.values().iterator();
    while (each.hasNext()) {
      Source source = each.next();
      if (source.open == 0) {
        each.remove();
        return;
      }
    }
  }

  /** Addresses that are remembered. */
  synchronized int remembered() {
    return sources.size();
  }

  private static String key(InetAddress from) {
    byte[] address = from.getAddress();
    boolean isIpv6 = address.length > IPV6_PREFIX_BYTES;
    return HexFormat.of().formatHex(isIpv6 ? Arrays.copyOf(address, IPV6_PREFIX_BYTES) : address);
  }
}
