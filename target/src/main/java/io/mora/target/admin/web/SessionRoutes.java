package io.mora.target.admin.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.target.admin.http.Call;
import io.mora.target.admin.http.Json;
import io.mora.target.admin.http.Principal;
import io.mora.target.admin.http.Refused;
import io.mora.target.admin.http.Reply;
import io.mora.target.admin.http.Route;
import io.mora.target.admin.http.Tokens;
import io.mora.target.log.HostLog;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Who asks; a token for a cookie; and the end of that. */
public final class SessionRoutes {
  private static final String SESSION = "/api/v1/session";
  private static final String COOKIE_RULES =
      "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=";
  private static final String COOKIE_HEADER = "cookie";
  private static final int MS = 1000;
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
  private static final HostLog WRONG =
      HostLog.of(SessionRoutes.class, Level.WARN, "Wrong tokens at the page");

  private final WebAccess access;

  public SessionRoutes(WebAccess access) {
    this.access = access;
  }

  public List<Route> routes() {
    return List.of(
        Route.open("GET", SESSION, this::who),
        Route.open("POST", SESSION, this::signIn),
        Route.delete(SESSION, this::signOut).forReaders());
  }

  private Reply who(Call call) {
    Principal who = call.visitor();
    Session session = who == null ? null : access.sessions().use(call.header(COOKIE_HEADER));
    return Reply.json(json(who, session));
  }

  private ObjectNode json(@Nullable Principal who, @Nullable Session session) {
    ObjectNode body = Json.object();
    body.put("signedIn", who != null);
    if (who != null) {
      body.put("name", who.name());
      body.put("role", who.role().word());
    }
    if (session != null) {
      body.put("csrf", session.csrf());
      body.put("leftSeconds", access.sessions().leftS(session));
    }
    return body;
  }

  private Reply signIn(Call call) throws Refused {
    WebAccess.sameOrigin(call.header("origin"), call.header("host"));
    long waitMs = access.throttle().waitMs(call.from());
    if (waitMs > 0) {
      long seconds = (waitMs + MS - 1) / MS;
      String detail = "too many wrong tokens from " + call.from() + "; wait " + seconds + " s";
      throw Refused.of(429, "too-often", "Wait before the next try", detail);
    }
    JsonNode token = call.json().path("token");
    if (!token.isTextual() || token.asText().length() > Tokens.LENGTH_MAX) {
      String allowed = "text of 1 to " + Tokens.LENGTH_MAX + " characters";
      throw Refused.parameter("token", "", allowed, "missing or too long");
    }
    byte[] hash = Tokens.sha256(token.asText().strip());
    Principal who = access.tokens().ofHash(hash);
    if (who == null) {
      access.throttle().failed(call.from());
      WRONG.line("A wrong token was shown by {}", call.from());
      throw Refused.of(
          401,
          "token",
          "Not a known token",
          "the configuration has the hash of each at admin.tokens");
    }
    access.sessions().end(call.header(COOKIE_HEADER));
    Sessions.Opened opened = access.sessions().open(hash);
    LOG.info("{} signed in from {}", who.name(), call.from());
    return Reply.json(json(who, opened.session()))
        .with("Set-Cookie", cookie(opened.id(), Sessions.LIFETIME_MS / MS));
  }

  private Reply signOut(Call call) {
    access.sessions().end(call.header(COOKIE_HEADER));
    LOG.info("{} signed out", call.who().name());
    return Reply.empty(204).with("Set-Cookie", cookie("", 0));
  }

  private static String cookie(String value, long seconds) {
    return Sessions.COOKIE + "=" + value + COOKIE_RULES + seconds;
  }
}
