package io.mora.target.controller.auth;

import io.mora.protocol.admin.LimitsSpec;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many connections are open, and how fast they come: of one {@link Origin}, and of all. One
 * more is closed before a byte of it is read; hosts that reconnect come again.
 *
 * <p>The pace is against those that come and go without end. It lets as many come at once as may be
 * open: all hosts behind one address come in step when their target is back, and each needs all its
 * queues in one attempt.
 *
 * <p>Any thread; the lock is held for a look-up, when a connection comes and when it ends.
 */
public final class Arrivals {
  private static final long NS_PER_S = 1_000_000_000L;

  private final int connectionsMax;
  private final int perAddressMax;
  private final int perAddressPerSecond;
  private final int perSecond;
  private final int ipv6PrefixBits;
  private final Pace all;
  private final Map<Origin, Source> sources = new HashMap<>();

  /** Of these, those that have no connection open, longest first. */
  private final Set<Origin> idle = new LinkedHashSet<>();

  private int open;

  public Arrivals(LimitsSpec limits) {
    connectionsMax = limits.connections();
    perAddressMax = limits.perAddress().connectionsOf(limits.connections());
    perAddressPerSecond = limits.perAddress().connectsPerSecond();
    ipv6PrefixBits = limits.perAddress().ipv6PrefixBits();
    perSecond = limits.connectsPerSecond();
    all = new Pace(perSecond, connectionsMax);
  }

  /** Connections in a second, evenly, and some at once; 0 is any number. */
  private static final class Pace {
    private final long perConnectNs;

    /** How far those that come at once may be ahead of those that come evenly. */
    private final long aheadNs;

    /** When all that came would have come evenly. */
    private long evenNs;

    private boolean begun;

    Pace(int perSecond, int atOnce) {
      perConnectNs = perSecond == 0 ? 0 : NS_PER_S / perSecond;
      aheadNs = (atOnce - 1) * perConnectNs;
    }

    boolean allows(long nowNs) {
      return perConnectNs == 0 || !begun || evenNs - nowNs <= aheadNs;
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

    Source(int perSecond, int atOnce) {
      pace = new Pace(perSecond, atOnce);
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
      return "limits.connections: " + connectionsMax + " are open";
    }
    Origin key = Origin.of(from, ipv6PrefixBits);
    Source source = sources.get(key);
    if (source != null && source.open >= perAddressMax) {
      return "limits.perAddress.connections: " + perAddressMax + " are open from " + key.word();
    }
    if (source != null && !source.pace.allows(nowNs)) {
      return "limits.perAddress.connectsPerSecond: more than "
          + perAddressPerSecond
          + " a second from "
          + key.word();
    }
    if (!all.allows(nowNs)) {
      return "limits.connectsPerSecond: more than " + perSecond + " a second";
    }
    if (source == null) {
      forgetOne();
      source = new Source(perAddressPerSecond, perAddressMax);
      sources.put(key, source);
    } else if (source.open == 0) {
      idle.remove(key);
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
    Origin key = Origin.of(from, ipv6PrefixBits);
    Source source = sources.get(key);
    if (source == null || --source.open > 0) {
      return;
    }
    if (source.pace.isRested(nowNs)) {
      sources.remove(key);
    } else {
      idle.add(key);
    }
  }

  /**
   * Keeps no more addresses than connections: of those without any, the one idle longest is
   * forgotten for another. There is one, as fewer connections are open than may be.
   */
  private void forgetOne() {
    Iterator<Origin> longest = idle.iterator();
    if (sources.size() >= connectionsMax && longest.hasNext()) {
      sources.remove(longest.next());
      longest.remove();
    }
  }

  /** Addresses that are remembered. */
  synchronized int remembered() {
    return sources.size();
  }
}
