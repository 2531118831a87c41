package io.mora.target.admin.web;

import io.mora.target.admin.http.Tokens;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of browsers, in memory only: they end with the daemon. What a cookie holds is random and
 * known here by its hash, so that looking it up tells nothing by its time. Any thread.
 */
public final class Sessions {
  /** Sessions at once; a further one ends that which was unused the longest. */
  public static final int KEPT_MAX = 64;

  /** A session ends then, however busy. */
  public static final long LIFETIME_MS = TimeUnit.HOURS.toMillis(12);

  /** A session that is not used for so long ends. A page that is open uses its own. */
  public static final long IDLE_MS = TimeUnit.MINUTES.toMillis(30);

  /** The prefix binds it to this host, to TLS and to the whole path. */
  static final String COOKIE = "__Host-mora-session";

  private static final int RANDOM_BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Session> sessions = new HashMap<>();
  private final LongSupplier nowMs;

  /** A new session and the text of its cookie, which is nowhere else. */
  record Opened(String id, Session session) {}

  /**
   * @param nowMs milliseconds of a clock that is never set back
   */
  Sessions(LongSupplier nowMs) {
    this.nowMs = nowMs;
  }

  synchronized Opened open(byte[] tokenHash) {
    long now = nowMs.getAsLong();
    sessions.values().removeIf(session -> isOver(session, now));
    if (sessions.size() >= KEPT_MAX) {
      endLongestUnused();
    }
    String id = random();
    Session session = new Session(random(), tokenHash, now + LIFETIME_MS, now);
    sessions.put(key(id), session);
    return new Opened(id, session);
  }

  private void endLongestUnused() {
    Iterator<Map.Entry<String, Session>> entries = sessions.entrySet().iterator();
    Map.Entry<String, Session> oldest = entries.next();
    while (entries.hasNext()) {
      Map.Entry<String, Session> each = entries.next();
      oldest = each.getValue().usedMs() < oldest.getValue().usedMs() ? each : oldest;
    }
    sessions.remove(oldest.getKey());
  }

  /** The session of a Cookie header, which is used by that; null without one that still is. */
  synchronized @Nullable Session use(@Nullable String cookies) {
    String id = id(cookies);
    if (id == null) {
      return null;
    }
    String key = key(id);
    Session session = sessions.get(key);
    long now = nowMs.getAsLong();
    if (session == null || isOver(session, now)) {
      sessions.remove(key);
      return null;
    }
    Session used = session.usedAt(now);
    sessions.put(key, used);
    return used;
  }

  /** Ends the session of a Cookie header, if there is one. */
  synchronized void end(@Nullable String cookies) {
    String id = id(cookies);
    if (id != null) {
      sessions.remove(key(id));
    }
  }

  /** Seconds that a session may still last. */
  long leftS(Session session) {
    return TimeUnit.MILLISECONDS.toSeconds(session.endsMs() - nowMs.getAsLong());
  }

  synchronized int count() {
    return sessions.size();
  }

  private static boolean isOver(Session session, long now) {
    return now >= session.endsMs() || now - session.usedMs() >= IDLE_MS;
  }

  /** The value of our cookie in a header like {@code a=1; b=2}. */
  private static @Nullable String id(@Nullable String cookies) {
    if (cookies == null) {
      return null;
    }
    for (String each : cookies.split(";", -1)) {
      String cookie = each.strip();
      if (cookie.startsWith(COOKIE + "=")) {
        return cookie.substring(COOKIE.length() + 1);
      }
    }
    return null;
  }

  private static String key(String id) {
    return HexFormat.of().formatHex(Tokens.sha256(id));
  }

  private String random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
