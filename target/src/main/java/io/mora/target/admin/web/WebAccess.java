package io.mora.target.admin.web;

import io.mora.protocol.admin.access.TokenSpec;
import io.mora.target.admin.http.HttpFront;
import io.mora.target.admin.http.Principal;
import io.mora.target.admin.http.Refused;
import io.mora.target.admin.http.Tokens;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who comes over TCP: somebody with a token in each request, or a browser that showed one and has a
 * session. A session's changes need its second secret in a header, which no other page can read or
 * set, and may not say that another page sends them.
 */
public final class WebAccess implements HttpFront.Identify {
  /** Header with what only a page of ours knows. */
  static final String CSRF = "X-Mora-Csrf";

  private static final Set<String> LOOKS = Set.of("GET", "HEAD");

  private final Tokens tokens;
  private final Sessions sessions;
  private final LoginThrottle throttle;

  public WebAccess(List<TokenSpec> tokens) {
    this(tokens, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
  }

  WebAccess(List<TokenSpec> tokens, LongSupplier nowMs) {
    this.tokens = new Tokens(tokens);
    sessions = new Sessions(nowMs);
    throttle = new LoginThrottle(nowMs);
  }

  /** Other tokens from now on; sessions of those that left are over. */
  public void tokens(List<TokenSpec> others) {
    tokens.replace(others);
  }

  Tokens tokens() {
    return tokens;
  }

  Sessions sessions() {
    return sessions;
  }

  LoginThrottle throttle() {
    return throttle;
  }

  @Override
  public @Nullable Principal of(HttpServerRequest request) throws Refused {
    String authorization = request.getHeader("Authorization");
    if (authorization != null) {
      return tokens.find(authorization);
    }
    String cookies = request.getHeader("Cookie");
    Session session = sessions.use(cookies);
    if (session == null) {
      return null;
    }
    Principal who = tokens.ofHash(session.tokenHash());
    if (who == null) {
      sessions.end(cookies);
      return null;
    }
    if (!LOOKS.contains(request.method().name())) {
      sameOrigin(request.getHeader("Origin"), request.getHeader("Host"));
      shows(session, request.getHeader(CSRF));
    }
    return who;
  }

  private static void shows(Session session, @Nullable String shown) throws Refused {
    if (shown == null
        || !MessageDigest.isEqual(
            session.csrf().getBytes(StandardCharsets.UTF_8),
            shown.getBytes(StandardCharsets.UTF_8))) {
      throw csrf("send " + CSRF + " with what GET /api/v1/session tells");
    }
  }

  /** What a browser sends for another page is refused; other programs say no origin. */
  static void sameOrigin(@Nullable String origin, @Nullable String host) throws Refused {
    if (origin != null && !origin.equalsIgnoreCase("https://" + host)) {
      throw csrf("a page of " + origin + " sends this, not one of this target");
    }
  }

  private static Refused csrf(String detail) {
    return Refused.of(403, "csrf", "Not sent by this target's own page", detail);
  }
}
